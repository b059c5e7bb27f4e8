"""`jianbao index --watch` as an operator and a reader meet it."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from jianbao.indexer import Searcher, SearchRequest, load_settings, open_searcher
from jianbao.indexer.store.generations import Generations
from tests.test_changes import write

PATIENCE = 60.0
"""Seconds that a busy machine may take; how long it takes is not asserted here."""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A handful of articles."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    for number in range(5):
        write(folder / f"{number}.txt", f"石桥第{number}号\n\n城东的石桥昨日修缮完工。\n")
    return folder


class Watched:
    """A running watch, its messages, and a reader of the index."""

    def __init__(self, process: subprocess.Popen[str], index: Path, log: Path) -> None:
        self.process = process
        self.index = index
        self._log = log
        self._searcher: Searcher | None = None

    def total(self, query: str = "石桥") -> int:
        """How many articles are found."""
        if self._searcher is None:
            settings = load_settings({"index": self.index}, {}, self.index.parent)
            self._searcher = open_searcher(settings, time.perf_counter)
        return self._searcher.search(SearchRequest(query)).total

    def log(self) -> list[dict[str, object]]:
        """The messages so far."""
        return [json.loads(line) for line in self._log.read_text("utf-8").splitlines()]

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait until that is so."""
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end, self._log.read_text("utf-8")
            assert self.process.poll() is None, self._log.read_text("utf-8")
            time.sleep(0.05)

    def until_found(self, total: int, query: str = "石桥") -> None:
        """Wait until so many articles are found."""
        self.until(lambda: (self.index / "current.json").exists())
        self.until(lambda: self.total(query) == total)


@contextmanager
def watching(corpus: Path, index: Path, *flags: str) -> Iterator[Watched]:
    log = index.parent / "log"
    command = [sys.executable, "-m", "jianbao.indexer", "index", str(corpus), "--index", str(index)]
    with (
        log.open("w") as stderr,
        subprocess.Popen(
            [*command, "--watch", "--log-json", "--jobs", "1", *flags], stderr=stderr, text=True
        ) as process,
    ):
        try:
            yield Watched(process, index, log)
        finally:
            process.kill()


def published(watched: Watched) -> int:
    """How many generations were published."""
    return sum(line["event"] == "published" for line in watched.log())


def test_what_changes_is_found_and_the_end_is_clean(corpus: Path, tmp_path: Path) -> None:
    with watching(corpus, tmp_path / "index") as watched:
        watched.until_found(5)
        write(corpus / "new.txt", "石桥夜景\n\n灯光亮起来了。\n")
        watched.until_found(6)
        (corpus / "0.txt").unlink()
        watched.until_found(5)
        (corpus / "1.txt").rename(corpus / "moved.txt")
        watched.until(lambda: any(line.get("renamed") == 1 for line in watched.log()))
        assert watched.total() == 5
        watched.process.send_signal(signal.SIGTERM)
        assert watched.process.wait(timeout=PATIENCE) == 0
        assert all(line["event"] == "published" for line in watched.log()), watched.log()


def test_folders_that_are_moved_in_and_out(corpus: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    shutil.copytree(corpus, outside)
    with watching(corpus, tmp_path / "index", "--max-deletions", "100") as watched:
        watched.until_found(5)
        outside.rename(corpus / "inside")
        watched.until_found(10)
        write(corpus / "inside" / "later.txt", "石桥夜景\n\n灯光亮起来了。\n")
        watched.until_found(11)
        (corpus / "inside").rename(tmp_path / "away")
        watched.until_found(5)


def test_editors_and_half_written_files(corpus: Path, tmp_path: Path) -> None:
    with watching(corpus, tmp_path / "index") as watched:
        watched.until_found(5)
        write(corpus / ".new.txt.swp", "石桥")
        write(corpus / "draft.txt~", "石桥")
        write(corpus / "0.txt.new", "长江大桥\n\n通车。\n")
        (corpus / "0.txt.new").replace(corpus / "0.txt")
        watched.until_found(4)
        with (corpus / "slow.txt").open("w", encoding="utf-8") as file:
            for number in range(20):
                file.write(f"石桥第{number}段\n\n")
                file.flush()
                time.sleep(0.05)
            file.write("写完了。\n")
        watched.until_found(1, "“写完了”")
        assert watched.total("“石桥第0段”") == 1
        watched.until(lambda: published(watched) >= 3)
        assert published(watched) == 3, "the slow file was read once"


def test_a_root_that_vanishes_keeps_its_articles(corpus: Path, tmp_path: Path) -> None:
    with watching(corpus, tmp_path / "index") as watched:
        watched.until_found(5)
        corpus.rename(tmp_path / "unmounted")
        watched.until(lambda: any("is not there" in str(line) for line in watched.log()))
        assert watched.total() == 5
        corpus.mkdir()
        watched.until(lambda: any("max-deletions" in str(line) for line in watched.log()))
        assert watched.total() == 5
        corpus.rmdir()
        (tmp_path / "unmounted").rename(corpus)
        write(corpus / "new.txt", "石桥夜景\n\n灯光亮起来了。\n")
        watched.until_found(6)


def test_another_run_may_hold_the_lock_for_a_while(corpus: Path, tmp_path: Path) -> None:
    with watching(corpus, tmp_path / "index") as watched:
        watched.until_found(5)
        with Generations(tmp_path / "index").lock(PATIENCE):
            write(corpus / "new.txt", "石桥夜景\n\n灯光亮起来了。\n")
            watched.until(lambda: any("another run" in str(line) for line in watched.log()))
            assert watched.total() == 5
        watched.until_found(6)


def test_what_goes_with_watching(corpus: Path, tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "jianbao.indexer",
        "index",
        str(corpus),
        "--watch",
        "--dry-run",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert done.returncode == 2
    assert "--dry-run" in done.stderr and "Traceback" not in done.stderr
