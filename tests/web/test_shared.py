"""Counters and a note in the memory that forked processes share."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable

import pytest

from jianbao.web.server.shared_memory import ProcessLock, SharedCounters, SharedNote

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is one process without fork")


def forked(work: Callable[[], object]) -> int:
    """Run a function in a child that ends at once; its process id."""
    child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        finally:
            os._exit(1)
    return child


def ended(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_what_several_processes_count_adds_up() -> None:
    counters = SharedCounters(3)
    counters.add((0, 5))

    def work() -> None:
        for _ in range(2000):
            counters.add((1, 1), (2, 0.5))

    children = [forked(work) for _ in range(4)]
    assert [ended(child) for child in children] == [0] * 4
    assert counters.totals() == [5, 8000, 4000]


def test_nothing_counted_is_lost_when_a_process_ends_and_its_row_is_used_again() -> None:
    counters = SharedCounters(1)
    for number in range(600):
        assert ended(forked(lambda: counters.add((0, 1)))) == 0, number
    assert counters.totals() == [600]


def test_the_lock_goes_to_another_process_when_its_holder_is_killed() -> None:
    lock = ProcessLock()
    ready, told = os.pipe()

    def hold() -> None:
        assert lock.take()
        os.write(told, b".")
        time.sleep(60)

    holder = forked(hold)
    assert os.read(ready, 1) == b"."
    assert not lock.take()
    os.kill(holder, signal.SIGKILL)
    assert ended(holder) == -signal.SIGKILL
    assert lock.take() and lock.take()
    os.close(ready)
    os.close(told)


def test_a_note_is_read_whole_while_it_is_written() -> None:
    note = SharedNote()
    assert note.read() == "" and note.version() == 0

    def write() -> None:
        for number in range(5000):
            note.write(json.dumps({"a": number, "b": "字" * (number % 400), "c": number}))

    child = forked(write)
    seen = set()
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        text = note.read()
        if text:
            told = json.loads(text)
            assert told["a"] == told["c"]
            seen.add(told["a"])
    assert json.loads(note.read() or "")["a"] == 4999
    assert seen


def test_a_note_that_is_too_long_is_cut() -> None:
    note = SharedNote()
    note.write("x" * 100_000)
    assert set(note.read() or "") == {"x"}
