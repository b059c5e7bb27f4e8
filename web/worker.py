"""Worker processes that share the connections evenly."""

from __future__ import annotations

import select
import time
from ctypes import c_long
from multiprocessing.sharedctypes import RawArray
from typing import Any, Final

from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

SPARE: Final = 64
"""Places for workers that take over from others before these have ended."""

STEP_S: Final = 0.0005
LONGEST_S: Final = 0.005
"""How long a worker leaves a connection to one that has fewer: its main thread may wait for
Python's lock as long as that."""

_ABSENT: Final = -1


class Connections:
    """How many connections each worker has, in memory that all workers share."""

    def __init__(self, workers: int) -> None:
        self._counts = RawArray(c_long, [_ABSENT] * (workers + SPARE))

    def of(self, worker: Any) -> int:
        """Those of one worker."""
        return self._counts[self._place(worker)]

    def note(self, worker: Any, count: int) -> None:
        """Write how many a worker has."""
        self._counts[self._place(worker)] = count

    def forget(self, server: Any, worker: Any) -> None:
        """A worker has ended; gunicorn calls this as its `child_exit`."""
        self.note(worker, _ABSENT)

    def fewest(self) -> int:
        """Those of the worker that has the fewest."""
        return min(count for count in self._counts if count != _ABSENT)

    def _place(self, worker: Any) -> int:
        # Workers are numbered as they are started.
        return int(worker.age) % len(self._counts)


def sharing(connections: Connections) -> type[ThreadWorker]:
    """Gunicorn's worker with threads, which has about as many connections as the others.

    All workers are told of a new connection, and the first to wake would take it. Browsers and
    proxies keep theirs open, so one worker may get them all: with four connections and two
    workers, half of the requests a second.
    """

    class Worker(ThreadWorker):  # type: ignore[misc]
        @property
        def nr_conns(self) -> int:
            """How many connections it has."""
            return connections.of(self)

        @nr_conns.setter
        def nr_conns(self, count: int) -> None:
            connections.note(self, count)

        @property
        def max_keepalived(self) -> int:
            """How many may stay open between requests: none while another worker has fewer, so
            that their clients come back to that one."""
            has_too_many = self.nr_conns > connections.fewest() + 1
            return 0 if has_too_many else self._most_open

        @max_keepalived.setter
        def max_keepalived(self, most: int) -> None:
            self._most_open = most

        def accept(self, *args: Any) -> None:
            """Take a connection, unless a worker that has fewer takes it."""
            until = time.monotonic() + LONGEST_S
            while self.nr_conns > connections.fewest() and time.monotonic() < until:
                time.sleep(STEP_S)
                if not select.select([args[-1]], [], [], 0)[0]:
                    return
            super().accept(*args)

    return Worker
