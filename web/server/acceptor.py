"""Takes connections: no more than there is room for, from everybody, and from one address."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from socket import socket
from typing import Final

from flask import Flask
from waitress.adjustments import Adjustments
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

from jianbao.web.server.channel import Channel

THREADS: Final = 6
"""Of a process. They are held while an answer is made, by no slow client."""

SLOW_THREADS: Final = 2
"""Those that make whole lists, 1,000 hits each: the pages do not wait behind them."""

SLOW_ENDINGS: Final = ("/export.csv", "/export.jsonl")

MOST: Final = 1000
"""Connections of a process, or fewer where the system allows fewer files."""

HEAD_BYTES: Final = 64 << 10
"""A query of 2,000 Chinese characters is 18,000 bytes of an address."""

BODY_BYTES: Final = 64 << 10
"""Nothing here takes a body."""

IN_MEMORY: Final = 256 << 10
"""Bytes of an answer that wait in memory for its client; more of them wait in a file."""

LOOK_S: Final = 0.5
"""Between two looks for clients that are late."""

ROUND_S: Final = 1.0

LEAVE_S: Final = 0.005
"""How long a connection is left to a process that has fewer: its main thread may wait for Python's
lock as long as that."""

FAREWELL_S: Final = 1.0
"""How long an ending process still takes a request on a connection that is open."""

END_LOOK_S: Final = 0.05
_SPARE_FILES: Final = 100
_SPARE_CONNECTIONS: Final = 50


@dataclass(frozen=True, slots=True)
class Limits:
    """What one process takes. `per_address` is how many connections of one address; 0: any."""

    per_address: int = 0
    most: int = MOST


DEFAULT: Final = Limits()


class Acceptor(TcpWSGIServer):  # type: ignore[misc]
    """Listens at one socket, and gives complete requests to threads."""

    channel_class = Channel

    def __init__(
        self,
        app: Flask,
        listener: socket,
        limits: Limits = DEFAULT,
        prefix: str = "",
        yields: Callable[[int], bool] = lambda count: False,
        counted: Callable[[int], None] = lambda count: None,
    ) -> None:
        """`prefix` is what the path of every address begins with. `yields` tells of a number of
        connections whether another process has fewer; `counted` is told the number, again and
        again."""
        # It warns whenever a request waits for a thread.
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        self._limits = limits
        self._most = min(limits.most, _files() - _SPARE_FILES)
        self._yields = yields
        self._counted = counted
        self._left_at = 0.0
        self._admitted = 0
        self._is_ending = False
        self._slow = ThreadedTaskDispatcher()
        self._slow.set_thread_count(SLOW_THREADS)
        usual = ThreadedTaskDispatcher()
        usual.set_thread_count(THREADS)
        super().__init__(
            app,
            map={},
            _sock=listener,
            dispatcher=usual,
            adj=_adjustments(self._most, prefix),
            sockinfo=(listener.family, listener.type, listener.proto, listener.getsockname()),
            bind_socket=False,
        )

    def may_stay_open(self, channel: Channel) -> bool:
        """Whether a connection may stay open after the answer that is about to be made."""
        return not self._is_ending and not self._yields(len(self.active_channels) - 1)

    def admit(self, channel: Channel) -> None:
        """Make room for a new connection: the one that has waited longest for its client is closed,
        of the same address where that has too many; the new one where all the others work."""
        self._admitted += 1
        others = [other for other in self.active_channels.values() if other is not channel]
        mine = [other for other in others if other.address == channel.address]
        if self._limits.per_address and len(mine) >= self._limits.per_address:
            self._close_one(mine, channel)
        elif len(others) >= self._most:
            self._close_one(others, channel)

    def _close_one(self, others: Iterable[Channel], new: Channel) -> None:
        waiting = [other for other in others if not other.is_working]
        min(waiting, key=lambda each: each.waits_since, default=new).handle_close()

    def add_task(self, task: Channel) -> None:
        """Let a thread make the answer: one of its own where that is a whole list."""
        path = str(getattr(task.requests[0], "path", ""))
        lane = self._slow if path.endswith(SLOW_ENDINGS) else self.task_dispatcher
        lane.add_task(task)

    def readable(self) -> bool:
        """Whether a connection is to be taken now."""
        is_willing = bool(super().readable())
        return is_willing and time.monotonic() >= self._left_at + LEAVE_S

    def handle_accept(self) -> None:
        """Take a connection; leave it for a moment to a process that has fewer."""
        now = time.monotonic()
        has_left = LEAVE_S <= now - self._left_at < 2 * LEAVE_S
        if not has_left and self._yields(len(self.active_channels)):
            self._left_at = now
            return
        super().handle_accept()

    def maintenance(self, now: float) -> None:
        """Close the connections whose clients are late; called once in `LOOK_S`."""
        for channel in list(self.active_channels.values()):
            if channel.is_late(time.monotonic()):
                channel.will_close = True

    def round(self) -> None:
        """Wait for something to do, for `ROUND_S` at most, and do it."""
        left = self._left_at + LEAVE_S - time.monotonic()
        self.asyncore.loop(
            timeout=left if 0 < left < ROUND_S else ROUND_S, map=self._map, use_poll=True, count=1
        )
        self._counted(len(self.active_channels))

    def end(self, seconds: float) -> None:
        """Take what is queued, answer what was asked, for so many seconds at most, and close."""
        self._is_ending = True
        admitted = -1
        while admitted != self._admitted:
            admitted = self._admitted
            super().handle_accept()
        self.asyncore.dispatcher.close(self)
        began = time.monotonic()
        while self.active_channels and time.monotonic() - began < seconds:
            self.asyncore.loop(timeout=END_LOOK_S, map=self._map, use_poll=True, count=1)
            self.maintenance(0)
            if time.monotonic() - began > FAREWELL_S:
                self._say_farewell()

    def _say_farewell(self) -> None:
        for channel in list(self.active_channels.values()):
            if not channel.is_working and not (channel.is_idle and self._may_ask(channel)):
                channel.will_close = True

    def _may_ask(self, channel: Channel) -> bool:
        """Whether a request may be on its way that its client has every right to: the answer before
        it did not say that it is the last, or it has come and was not read yet."""
        return time.time() - channel.last_activity < FAREWELL_S or channel.has_unread


def _adjustments(most: int, prefix: str) -> Adjustments:
    return Adjustments(
        connection_limit=most + _SPARE_CONNECTIONS,
        max_request_header_size=HEAD_BYTES,
        max_request_body_size=BODY_BYTES,
        outbuf_overflow=IN_MEMORY,
        cleanup_interval=LOOK_S,
        url_prefix=prefix,
        # Nobody has to know what runs here.
        ident="",
        # The headers of proxies are for the app, which knows how many of them to believe.
        clear_untrusted_proxy_headers=False,
        log_socket_errors=False,
    )


def _files() -> int:
    """How many files this process may have open; the system's limit is raised to that."""
    try:
        import resource
    except ImportError:  # On Windows `select` takes 512 sockets.
        return 512
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * MOST + _SPARE_FILES
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return wanted
    most = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return int(most)
