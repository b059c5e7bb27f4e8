"""Worker processes that share the connections evenly."""

from __future__ import annotations

import os
from ctypes import c_long
from multiprocessing.sharedctypes import RawArray
from typing import Any, Final

from gunicorn.workers.base import Worker  # type: ignore[import-untyped]

from jianbao.web.server.acceptor import Acceptor, Limits

SPARE: Final = 64
"""Places for workers that take over from others before these have ended."""

LEAVE_EARLY_S: Final = 0.5
"""How long before the time of gunicorn's master is over a worker has ended by itself."""

_ABSENT: Final = -1


class Connections:
    """How many connections each worker has, in memory that all workers share."""

    def __init__(self, workers: int) -> None:
        self._counts = RawArray(c_long, [_ABSENT] * (workers + SPARE))

    def note(self, worker: Any, count: int) -> None:
        """Write how many a worker has."""
        self._counts[self._place(worker)] = count

    def forget(self, server: Any, worker: Any) -> None:
        """A worker has ended; gunicorn calls this as its `child_exit`."""
        self.note(worker, _ABSENT)

    def fewest(self) -> int:
        """Those of the worker that has the fewest."""
        return min((count for count in self._counts if count != _ABSENT), default=0)

    def _place(self, worker: Any) -> int:
        # Workers are numbered as they are started.
        return int(worker.age) % len(self._counts)


def sharing(connections: Connections, limits: Limits) -> type[Worker]:
    """A worker of gunicorn that has about as many connections as the others.

    All workers are told of a new connection, and the first to wake would take it. Browsers and
    proxies keep theirs open, so one worker may get them all: with four connections and two
    workers, half of the requests a second.
    """

    class SharingWorker(Worker):  # type: ignore[misc]
        _acceptor: Acceptor | None = None

        def run(self) -> None:
            """Answer requests until told to end, or gunicorn's master is gone."""
            self._note(0)
            self._acceptor = Acceptor(
                self.wsgi,
                self.sockets[0].sock,
                limits,
                prefix=os.environ.get("SCRIPT_NAME", ""),
                yields=lambda count: count > connections.fewest(),
                counted=self._note,
            )
            while self.alive and self.ppid == os.getppid():
                self.notify()
                self._acceptor.round()
            connections.forget(None, self)
            self._acceptor.end(self.cfg.graceful_timeout - LEAVE_EARLY_S)

        def handle_exit(self, sig: int, frame: Any) -> None:
            """Finish what was begun, and end; a signal handler."""
            super().handle_exit(sig, frame)
            if self._acceptor:
                self._acceptor.pull_trigger()

        def _note(self, count: int) -> None:
            connections.note(self, count)

    return SharingWorker
