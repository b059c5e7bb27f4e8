"""A server over a damaged index says so, and answers nothing from it."""

from __future__ import annotations

import json
import os
import random
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from jianbao.indexer import (
    IndexDamagedError,
    SearchRequest,
    load_settings,
    open_condition,
    open_searcher,
    reindex,
)
from jianbao.indexer.settings import Settings
from jianbao.web import create_app
from jianbao.web.server.integrity import Soundness, SoundSearcher
from tests.web.real_server import index, jianbao_serve


@pytest.fixture(scope="module")
def made(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """An index of corpus/; nobody changes it."""
    return index(tmp_path_factory.mktemp("made"), root / "corpus")


@pytest.fixture
def settings(made: Settings, tmp_path: Path) -> Settings:
    """A copy of it."""
    shutil.copytree(made.index, tmp_path / "index")
    return load_settings({"index": tmp_path / "index", "jobs": 1}, {}, tmp_path)


def file_of(settings: Settings, name: str) -> Path:
    return next(settings.index.rglob(name))


def alter(file: Path, chance: random.Random) -> None:
    raw = bytearray(file.read_bytes())
    raw[chance.randrange(len(raw))] ^= chance.randrange(1, 256)
    file.write_bytes(raw)


def test_a_whole_index_is_told_as_checked(settings: Settings) -> None:
    soundness = Soundness(open_condition(settings))
    assert not soundness.is_whole("000001")
    soundness.look()
    assert soundness.is_whole("000001") and not soundness.is_whole("000002")


def test_no_altered_byte_is_answered_from_once_the_files_were_compared(
    settings: Settings, tmp_path: Path
) -> None:
    """200 of them, in any file of the generation."""
    searcher = open_searcher(settings, perf_counter)
    soundness = Soundness(open_condition(settings))
    sound = SoundSearcher(searcher, soundness)
    files = sorted(path for path in (settings.index / "generations").rglob("*") if path.is_file())
    files = [path for path in files if path.stat().st_size]
    soundness.look()
    soundness.require("000001")
    chance = random.Random(7)
    for _ in range(200):
        file = chance.choice(files)
        kept = tmp_path / "kept"
        # A new file in its place: the searcher has the old one open.
        shutil.copyfile(file, kept)
        bad = tmp_path / "bad"
        shutil.copyfile(file, bad)
        alter(bad, chance)
        bad.replace(file)
        soundness.look()
        with pytest.raises(IndexDamagedError, match=file.name.replace(".", r"\.")):
            soundness.require("000001")
        kept.replace(file)
        soundness.look()
        soundness.require("000001")
    assert sound.stats().articles == 85
    searcher.close()


@pytest.mark.parametrize("name", ["positions.npy", "text.npy", "articles_low.npy"])
def test_the_first_answer_of_a_small_index_waits_for_the_comparison(
    settings: Settings, name: str
) -> None:
    file = file_of(settings, name)
    raw = bytearray(file.read_bytes())
    raw[-1] ^= 1
    file.write_bytes(raw)
    searcher = open_searcher(settings, perf_counter)
    sound = SoundSearcher(searcher, Soundness(open_condition(settings), patience=60))
    with pytest.raises(IndexDamagedError, match=name):
        sound.search(SearchRequest("桥"))
    searcher.close()


def get(url: str) -> tuple[int, dict[str, Any]]:
    try:
        with urlopen(url, timeout=20) as answer:
            return answer.status, json.loads(answer.read())
    except HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


def wait_for(url: str, status: int, **expected: object) -> dict[str, Any]:
    deadline = time.monotonic() + 60
    while True:
        found, body = get(url)
        if found == status and expected.items() <= body.items():
            return body
        assert time.monotonic() < deadline, (found, body)
        time.sleep(0.1)


@pytest.fixture
def server(root: Path, settings: Settings) -> Iterator[str]:
    """`jianbao serve` with two workers over the copy."""
    with jianbao_serve(root, settings) as url:
        yield url


def test_a_server_whose_index_is_altered_turns_unhealthy_in_every_process(
    server: str, settings: Settings, root: Path
) -> None:
    health = f"{server}healthz"
    assert wait_for(health, 200, checked=True)["articles"] == 85
    alter(file_of(settings, "articles.bin"), random.Random(3))
    body = wait_for(health, 503)
    assert body["error"]["code"] == "index_damaged" and "articles.bin" in body["error"]["message"]
    # Each connection may be taken by either process.
    for _ in range(12):
        for path in ("healthz", "api/v1/search?q=%E6%A1%A5", "api/v1/articles/c02?q=a"):
            assert get(server + path)[0] == 503
    reindex(settings, [root / "corpus"], now=lambda: datetime.now(UTC), full=True)
    wait_for(health, 200, checked=True, generation="000002")
    assert get(f"{server}api/v1/search?q=%E6%A1%A5")[0] == 200


def test_a_server_whose_index_is_gone_turns_unhealthy(server: str, settings: Settings) -> None:
    health = f"{server}healthz"
    wait_for(health, 200, checked=True)
    shutil.rmtree(settings.index / "generations")
    assert wait_for(health, 503)["error"]["code"] == "index_damaged"
    (settings.index / "current.json").unlink()
    assert wait_for(health, 503)["error"]["code"] in ("index_missing", "index_damaged")


SEARCH = "api/v1/search?q=%E6%A1%A5"


def cut(file: Path, size: int) -> None:
    """Shorten a file, and wait until those who looked at it will look again."""
    os.truncate(file, size)
    time.sleep(0.02)


def answered(url: str) -> int:
    """The status of an answer; a connection that is reset is a failure of the test."""
    return get(url)[0]


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("articles.bin", "in place"),
        ("positions.npy", "as a new file"),
        ("units.npy", "as a new file of the same time"),
        ("manifest.json", "as a new file"),
    ],
)
def test_a_server_recovers_from_a_file_that_was_cut_and_restored(
    server: str, settings: Settings, name: str, how: str
) -> None:
    """No worker reads behind the end of its map: that would end it, and reset the connection."""
    file = file_of(settings, name)
    raw, times = file.read_bytes(), file.stat()
    wait_for(f"{server}healthz", 200, checked=True)
    assert [answered(server + SEARCH) for _ in range(4)] == [200] * 4
    cut(file, len(raw) // 3)
    assert [answered(server + SEARCH) for _ in range(12)] == [503] * 12
    wait_for(f"{server}healthz", 503)
    if how == "in place":
        file.write_bytes(raw)
    else:
        new = file.with_name("new")
        new.write_bytes(raw)
        new.replace(file)
    if how.endswith("time"):
        os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    wait_for(f"{server}healthz", 200, checked=True)
    assert [answered(server + SEARCH) for _ in range(12)] == [200] * 12


def test_a_library_searcher_recovers_too(settings: Settings) -> None:
    searcher = open_searcher(settings, perf_counter)
    before = searcher.search(SearchRequest("桥")).total
    for file in sorted((settings.index / "generations" / "000001").rglob("*.*")):
        raw = file.read_bytes()
        if raw:
            cut(file, 0)
            with pytest.raises(IndexDamagedError, match=file.name.replace(".", r"\.")):
                searcher.search(SearchRequest("桥"))
            new = file.with_name("new")
            new.write_bytes(raw)
            new.replace(file)
            assert searcher.search(SearchRequest("桥")).total == before
    searcher.close()


def test_a_server_recovers_from_a_pointer_that_was_lost(server: str, settings: Settings) -> None:
    wait_for(f"{server}healthz", 200, checked=True)
    pointer = settings.index / "current.json"
    raw = pointer.read_bytes()
    for bad in (b"", b"{", b'{"current": 1}', None):
        pointer.unlink() if bad is None else pointer.write_bytes(bad)
        assert [answered(server + SEARCH) for _ in range(4)] == [503] * 4
        pointer.write_bytes(raw)
        assert [answered(server + SEARCH) for _ in range(4)] == [200] * 4


def test_a_shortened_file_is_told_before_it_is_opened(settings: Settings) -> None:
    file = file_of(settings, "articles.bin")
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(IndexDamagedError, match=r"articles\.bin"):
        open_searcher(settings, perf_counter)


def test_a_page_of_a_damaged_index_is_a_sentence(settings: Settings) -> None:
    searcher = open_searcher(settings, perf_counter)
    soundness = Soundness(open_condition(settings))
    visitor = create_app(SoundSearcher(searcher, soundness)).test_client()
    tag = visitor.get("/?q=桥").headers["ETag"]
    alter(file_of(settings, "articles.bin"), random.Random(4))
    soundness.look()
    page = visitor.get("/?q=桥", headers={"If-None-Match": tag})
    assert page.status_code == 503 and "Retry-After" in page.headers
    assert "jianbao rollback" in page.text
    with visitor.get("/static/jianbao/jianbao.css") as styles:
        assert styles.status_code == 200
    searcher.close()
