"""Runs that are killed at random moments: readers see the old state or the new one, whole."""

from __future__ import annotations

import random
import subprocess
import time
from collections import Counter
from contextlib import closing
from itertools import count, islice
from pathlib import Path

import pytest

from jianbao.indexer.engines.embedded import WhooshEngine
from jianbao.indexer.store.generations import Generations
from tests.test_changes import write
from tests.test_many_sources import texts
from tests.trials import sized
from tests.trials.running import Place, run

KILLS = 80
WITH_WORKERS = 20
TO_THE_END = 5
"""After so many kills a run is let to its end."""

SOURCES = 200
LONG = 1_200_000
"""Characters of each of two long sources: enough for a full run to need worker processes."""

Contents = dict[str, str]


@pytest.fixture
def place(root: Path, tmp_path: Path) -> Place:
    """Short articles."""
    place = Place(tmp_path)
    place.sources.mkdir()
    for number in range(SOURCES):
        place.write(f"{number:03}", f"第{number}次")
    return place


def add_long(place: Place, root: Path) -> None:
    """Two long sources of real text."""
    bodies = [body.replace("\n", "") for _, body in islice(texts(root), 6000)]
    text = ("".join(bodies) * (1 + 2 * LONG // max(1, sum(map(len, bodies)))))[: 2 * LONG]
    write(place.sources / "long0.txt", f"长文\n\n{text[:LONG]}\n")
    write(place.sources / "long1.txt", f"长文\n\n{text[LONG:]}\n")


def indexed(place: Place) -> Contents:
    """What the live generation has, by source; its checksums are right."""
    generations = Generations(place.index)
    name = generations.pointer().current
    generations.check(name)
    with closing(WhooshEngine(generations.path(name))) as engine:
        return {article.path: article.body.strip() for article in engine.articles()}


def wanted(place: Place) -> Contents:
    """What the sources hold."""
    return {
        path.name: path.read_text("utf-8").partition("\n\n")[2].strip()
        for path in place.sources.iterdir()
    }


def change(place: Place, chance: random.Random, number: int) -> None:
    """One source is changed, one is new, one is gone, one has another name."""
    files = sorted(place.sources.glob("[0-9]*.txt"))
    changed, gone, renamed = chance.sample(files, 3)
    place.write(changed.stem, f"改了{number}")
    place.write(f"{number:03}x", "新的")
    gone.unlink()
    renamed.rename(renamed.with_name(f"{number:03}y.txt"))


def lasting(command: list[object]) -> float:
    """Seconds a run takes to its end."""
    began = time.monotonic()
    ran = run(command)
    assert ran.code == 0, ran.said
    return time.monotonic() - began


def ended(command: list[object], seconds: float) -> float | None:
    """Kill a run after so many seconds; how long it lasted where it ended before."""
    began = time.monotonic()
    with subprocess.Popen([*map(str, command)], stderr=subprocess.DEVNULL) as process:
        try:
            process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            return None
    return time.monotonic() - began


@pytest.mark.slow
@pytest.mark.parametrize(("kills", "workers"), [(KILLS, False), (WITH_WORKERS, True)])
def test_runs_killed_at_random(root: Path, place: Place, kills: int, workers: bool) -> None:
    if workers:
        add_long(place, root)
    chance = random.Random(kills)
    commands = {name: place.command(*name.split(), "--jobs", 2) for name in ("--full", "")}
    lasts = {"--full": lasting(commands["--full"])}
    change(place, chance, 900)
    lasts[""] = lasting(commands[""])
    counts = Counter[str]()
    for number in count():
        if counts["killed"] == sized(kills):
            break
        before = indexed(place)
        change(place, chance, number)
        kind = chance.choice(list(commands))
        lasted = ended(commands[kind], chance.uniform(0, lasts[kind]))
        lasts[kind] = lasted or lasts[kind]
        counts["killed" if lasted is None else "ended before"] += 1
        now = indexed(place)
        assert now in (before, wanted(place)), f"kill {number} of {kind or 'an incremental run'}"
        counts["new" if now == wanted(place) else "old"] += 1
        counts["left something behind"] += not place.is_clean()
        if number % TO_THE_END == TO_THE_END - 1:
            place.build()
            assert indexed(place) == wanted(place)
            assert place.is_clean()
    print(f"\n{sized(kills)} kills of runs that last {lasts}: {dict(counts)}; ", end="")
    print("nothing lost, nothing left behind by the next run")
