"""Single altered bytes: `check` finds each, and no server answers wrongly in silence."""

from __future__ import annotations

import json
import multiprocessing
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path

import pytest
from click.testing import CliRunner

from jianbao.indexer.commands import cli_group
from jianbao.indexer.store.generations import Generations
from tests.test_changes import write
from tests.test_many_sources import texts
from tests.trials import sized
from tests.trials.running import Place
from tests.trials.served import UNAVAILABLE, Served, serve

CORRUPTIONS = 200
ARTICLES = 2200
"""More than the 2,048 that the kernel in C passes over at a time."""

DAMAGED = 5


@pytest.fixture(scope="module")
def place(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """An index of real text and the generation before it."""
    place = Place(tmp_path_factory.mktemp("damage"))
    place.sources.mkdir()
    lines = [
        json.dumps({"id": str(number), "title": f"{title} {number}", "body": body})
        for number, (title, body) in enumerate(islice(cycle(texts(root)), ARTICLES))
    ]
    write(place.sources / "news.jsonl", "\n".join(lines))
    place.build()
    for number in range(20):
        place.write(str(number), f"第{number}次")
    place.build()
    return place


def files(place: Place) -> list[Path]:
    """All files that the live state consists of."""
    generations = Generations(place.index)
    live = generations.path(generations.pointer().current)
    found = [path for path in live.rglob("*") if path.is_file() and path.stat().st_size]
    return [place.index / "current.json", *sorted(found)]


@contextmanager
def altered(path: Path, at: int, bit: int) -> Iterator[None]:
    """One bit of a file is another, and later as it was."""
    with path.open("r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ bit]))
    try:
        yield
    finally:
        with path.open("r+b") as file:
            file.seek(at)
            file.write(bytes([byte]))


def corruptions(place: Place) -> Iterator[tuple[Path, int, int]]:
    """Half of them in any file, half in any byte of all: small files and large ones."""
    chance = random.Random(200)
    every = files(place)
    sizes = [path.stat().st_size for path in every]
    for number in range(sized(CORRUPTIONS)):
        weights = sizes if number % 2 else None
        (path,) = chance.choices(every, weights)
        # Any value but the one that is there.
        yield path, chance.randrange(path.stat().st_size), chance.randrange(1, 256)


@pytest.mark.slow
def test_check_finds_every_altered_byte(place: Place) -> None:
    runner = CliRunner()
    arguments = ["check", "--index", str(place.index)]
    assert runner.invoke(cli_group, arguments).exit_code == 0
    names: Counter[str] = Counter()
    for path, at, bits in corruptions(place):
        with altered(path, at, bits):
            found = runner.invoke(cli_group, arguments)
        assert found.exit_code == DAMAGED, f"{path.name}, byte {at}: {found.output}"
        assert found.exception is None or isinstance(found.exception, SystemExit)
        assert path.name in found.output and "jianbao " in found.output
        names[path.name] += 1
    assert runner.invoke(cli_group, arguments).exit_code == 0
    print(
        f"\n{names.total()} altered bytes in {len(names)} files of {len(files(place))}: all found"
    )


def served(place: Place) -> Served:
    """What a server answers that is started now."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.trials.served"])
    mine, its = context.Pipe(duplex=False)
    process = context.Process(target=serve, args=(place.index, its))
    process.start()
    its.close()
    try:
        found: Served = mine.recv()
    finally:
        process.join()
        mine.close()
    return found


def is_refusal(answer: object) -> bool:
    """Whether it is 503, or an internal error."""
    return answer == UNAVAILABLE or (isinstance(answer, tuple) and answer[0] >= 500)


@pytest.mark.slow
def test_no_server_answers_wrongly_in_silence(place: Place) -> None:
    sound = served(place)
    assert sound.health == 200 and UNAVAILABLE not in sound.late
    counts: Counter[str] = Counter()
    for path, at, bits in corruptions(place):
        with altered(path, at, bits):
            found = served(place)
        silent = [
            now for now, then in zip(found.late, sound.late, strict=False) if now != UNAVAILABLE
        ]
        assert found.health == UNAVAILABLE and not silent, f"{path.name}, byte {at}: {silent[:1]}"
        pairs = list(zip(found.early, sound.early, strict=False))
        if not found.started:
            counts["did not start"] += 1
        elif replace(found, late=(), health=200) == replace(sound, late=()):
            counts["all answers right until it was found"] += 1
        elif all(now in (UNAVAILABLE, then) for now, then in pairs):
            counts["right or refused until it was found"] += 1
        elif all(is_refusal(now) or now == then for now, then in pairs):
            counts["an internal error until it was found"] += 1
        else:
            counts["other answers in the moment before it was found"] += 1
    print(
        f"\n{counts.total()} servers over an altered byte: {dict(counts)}; then 503 for everything"
    )
