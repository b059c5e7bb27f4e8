"""Memory that the processes of one server share: it is made before they are forked.

In a server that makes an app in each process, each has its own.
"""

from __future__ import annotations

import mmap
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from struct import Struct
from threading import Lock
from typing import Final
from weakref import finalize

try:
    import fcntl
except ImportError:  # Windows has one process, which needs no lock.
    fcntl = None  # type: ignore[assignment]

ROWS: Final = 256
"""Processes at a time; the setting allows 64 workers, and a restart has the old and the new."""

_NUMBER: Final = 8


class ProcessLock:
    """A lock between forked processes, which the system frees when its holder dies."""

    def __init__(self) -> None:
        self._file = -1
        if fcntl is not None:
            self._file, name = tempfile.mkstemp()
            Path(name).unlink()
            finalize(self, os.close, self._file)

    def take(self) -> bool:
        """Whether this process has the lock now; it keeps it."""
        if fcntl is None:
            return True
        try:
            # Record locks belong to a process, and are not inherited by its children.
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    @contextmanager
    def held(self) -> Iterator[None]:
        """Wait for the lock, and hold it for a block."""
        if fcntl is not None:
            fcntl.lockf(self._file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            if fcntl is not None:
                fcntl.lockf(self._file, fcntl.LOCK_UN)


class SharedCounters:
    """`size` numbers that only grow, each added up over all processes and those that ended.

    Every process adds in a row of its own, so none waits for another; a new one goes on in the row
    of one that ended.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._owners = memoryview(mmap.mmap(-1, ROWS * _NUMBER)).cast("q")
        self._numbers = memoryview(mmap.mmap(-1, ROWS * size * _NUMBER)).cast("d")
        self._claiming = ProcessLock()
        self._lock = Lock()
        self._row, self._pid = 0, 0

    def add(self, *amounts: tuple[int, float]) -> None:
        """Add to numbers, each given by its place."""
        with self._lock:
            if self._pid != os.getpid():
                self._claim()
            first = self._row * self._size
            for place, amount in amounts:
                self._numbers[first + place] += amount

    def totals(self) -> list[float]:
        """All numbers as they are now."""
        found = [0.0] * self._size
        for row in range(ROWS):
            if self._owners[row]:
                first = row * self._size
                own = self._numbers[first : first + self._size]
                found = [total + number for total, number in zip(found, own, strict=True)]
        return found

    def _claim(self) -> None:
        with self._claiming.held():
            free = (row for row in range(ROWS) if not _is_alive(self._owners[row]))
            self._row, self._pid = next(free, ROWS - 1), os.getpid()
            self._owners[self._row] = self._pid


class SharedNote:
    """A short text that one process at a time writes and all read."""

    _HEAD: Final = Struct("qq")
    _SIZE: Final = 1 << 14

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, self._SIZE)

    def write(self, text: str) -> None:
        """Replace the text; one that is too long is cut."""
        raw = text.encode("utf-8", "replace")[: self._SIZE - self._HEAD.size]
        version, _ = self._HEAD.unpack_from(self._memory)
        # An odd version says that the text is being written.
        self._HEAD.pack_into(self._memory, 0, version | 1, len(raw))
        self._memory[self._HEAD.size : self._HEAD.size + len(raw)] = raw
        self._HEAD.pack_into(self._memory, 0, (version | 1) + 1, len(raw))

    def version(self) -> int:
        """A number that is another once the text is."""
        version: int = self._HEAD.unpack_from(self._memory)[0]
        return version

    def read(self) -> str | None:
        """The text; None while it is being written."""
        version, length = self._HEAD.unpack_from(self._memory)
        raw = self._memory[self._HEAD.size : self._HEAD.size + length]
        if version % 2 or version != self.version():
            return None
        return raw.decode("utf-8", "replace")


def _is_alive(pid: int) -> bool:
    if not pid:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
