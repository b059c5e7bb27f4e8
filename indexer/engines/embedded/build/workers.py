"""Worker processes that each have an analyzer of their own."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from pathlib import Path
from typing import Any

from jianbao.indexer.text.bulk import BulkAnalyzer

Task = Callable[[BulkAnalyzer, Sequence[str], Path], None]

_WAITING = 1
"""Batches held ready for each worker: more would only fill memory."""

_WATCH_SECONDS = 0.2


class Workers:
    """Runs tasks in `jobs` processes, or in this one where `jobs` is 1 or a task is `alone`."""

    def __init__(self, open_analyzer: Callable[[], BulkAnalyzer], jobs: int) -> None:
        self._open_analyzer = open_analyzer
        self._jobs = jobs
        self._analyzer: BulkAnalyzer | None = None
        self._pool: ProcessPoolExecutor | None = None
        self._running: set[Future[None]] = set()

    def run(self, task: Task, texts: Sequence[str], target: Path, *, alone: bool) -> None:
        """Start a task, when a worker is free. Raises what an earlier task has raised."""
        if self._jobs == 1 or alone:
            task(self.own(), texts, target)
            return
        while len(self._running) >= self._jobs + _WAITING:
            self._collect()
        self._running.add(self._started().submit(_run_task, task, texts, target))

    def finish(self) -> BulkAnalyzer:
        """Wait for all tasks. Raises what one of them has raised; returns an analyzer."""
        while self._running:
            self._collect()
        self.stop()
        return self.own()

    def stop(self) -> None:
        """Give up what has not begun and wait for what has."""
        if self._pool:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    def own(self) -> BulkAnalyzer:
        """The analyzer of this process."""
        if self._analyzer is None:
            self._analyzer = self._open_analyzer()
        return self._analyzer

    def _collect(self) -> None:
        done, self._running = wait(self._running, return_when=FIRST_COMPLETED)
        for future in done:
            future.result()

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            # Forked workers share the dictionary that this process has opened.
            forks = sys.platform.startswith("linux")
            context: Any = multiprocessing.get_context("fork" if forks else "spawn")
            known = self.own if forks else self._open_analyzer
            self.own()
            self._pool = ProcessPoolExecutor(
                self._jobs, mp_context=context, initializer=_start, initargs=(known, os.getpid())
            )
        return self._pool


_opened: list[BulkAnalyzer] = []


def _start(open_analyzer: Callable[[], BulkAnalyzer], parent: int) -> None:
    _opened.append(open_analyzer())
    threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()


def _leave_with(parent: int) -> None:
    """End this worker when its parent was killed: it would wait for work for ever."""
    while os.getppid() == parent:
        time.sleep(_WATCH_SECONDS)
    os._exit(1)


def _run_task(task: Task, texts: Sequence[str], target: Path) -> None:
    task(_opened[0], texts, target)
