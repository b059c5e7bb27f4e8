"""One connection: nothing that a client leaves unfinished keeps it open for long."""

from __future__ import annotations

import socket
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.task import WSGITask

if TYPE_CHECKING:
    from jianbao.web.server.acceptor import Acceptor

IDLE_S: Final = 15.0
"""How long a connection may say nothing, before its first request or between two."""

HEAD_S: Final = 10.0
"""From the first byte of a request to the end of its head."""

BODY_S: Final = 10.0
"""From the end of the head to the end of the body; nothing here takes a body."""

SEND_S: Final = 30.0
LEAST_RATE: Final = 2048
"""An answer is to be taken within so many seconds, and one more for so many bytes of it."""

LINGER_S: Final = 2.0
"""How long a closed connection is read on: what arrives at one that is not destroys the answer on
its way."""

_DRAINED: Final = 65536


class _Parser(HTTPRequestParser):  # type: ignore[misc]
    expect_continue: bool

    def received(self, data: bytes) -> int:
        """As its base; a request that is complete, or refused, waits for no body, whatever its
        `Expect` says."""
        consumed: int = super().received(data)
        self.expect_continue = self.expect_continue and not self.completed
        return consumed

    def parse_header(self, header_plus: bytes) -> None:
        """As its base; raises ParsingError for every address that is none."""
        try:
            super().parse_header(header_plus)
        except ValueError as error:  # What `urlsplit` says to http://[/
            raise ParsingError("Bad URI") from error


class _Task(WSGITask):  # type: ignore[misc]
    channel: Channel

    def get_environment(self) -> dict[str, Any]:
        """As its base, with the address that the connection came to."""
        environ: dict[str, Any] = super().get_environment()
        environ["SERVER_NAME"] = self.channel.asked_at
        return environ


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection. Requests are read, and answers sent, by the main thread alone: a thread is held
    only while an answer is made."""

    server: Acceptor
    close_when_flushed: bool
    parser_class = _Parser
    task_class = _Task

    def __init__(self, server: Acceptor, sock: socket.socket, *others: Any, **more: Any) -> None:
        # Calls of these come before the constructor has returned.
        self._since = time.monotonic()
        self._state = "idle"
        self._sent = 0
        self.asked_at = str(sock.getsockname()[0])
        self._lingers_until = 0.0
        super().__init__(server, sock, *others, **more)
        server.admit(self)

    @property
    def address(self) -> str:
        """The address of the client."""
        return str(self.addr[0])

    @property
    def is_working(self) -> bool:
        """Whether an answer is being made or sent."""
        return bool(self.requests or self.total_outbufs_len)

    @property
    def is_idle(self) -> bool:
        """Whether nothing of a request is here, and nothing of an answer is left to send."""
        return not self.is_working and self.request is None

    @property
    def has_unread(self) -> bool:
        """Whether something has come that was not read yet."""
        if not self.connected:
            return False
        try:
            return bool(self.socket.recv(1, socket.MSG_PEEK))
        except OSError:
            return False

    @property
    def waits_since(self) -> float:
        """When it came into its present state, by the monotonic clock."""
        return self._since

    def is_late(self, now: float) -> bool:
        """Whether its client has taken longer than it may. Raises nothing."""
        if self._lingers_until:
            return now > self._lingers_until
        state = self._present()
        if state != self._state:
            self._state, self._since, self._sent = state, now, 0
        allowed = {
            "idle": IDLE_S,
            "head": HEAD_S,
            "body": BODY_S,
            "sending": SEND_S + self._sent / LEAST_RATE,
        }.get(state)
        return allowed is not None and now - self._since > allowed

    def _present(self) -> str:
        if self.requests and not self.total_outbufs_len:
            return "working"
        if self.total_outbufs_len:
            return "sending"
        if self.request is None:
            return "idle"
        return "body" if self.request.headers_finished else "head"

    def send(self, data: bytes, do_close: bool = True) -> int:
        """As its base; counts what was sent."""
        sent: int = super().send(data, do_close)
        self._sent += sent
        return sent

    def service(self) -> None:
        """Make the answer; the last one where the server ends or has more than its share."""
        if not self.server.may_stay_open(self):
            self.requests[0].headers["CONNECTION"] = "close"
        super().service()

    def readable(self) -> bool:
        """Whether something is to be read; of a closed connection what nobody waits for."""
        return bool(self._lingers_until or super().readable())

    def handle_read(self) -> None:
        """Read; what comes after the end is thrown away."""
        if not self._lingers_until:
            super().handle_read()
            return
        try:
            data = self.socket.recv(_DRAINED)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.will_close = True

    def handle_write(self) -> None:
        """Send; once all is sent that there was to send, close this side alone."""
        if self.close_when_flushed and not self.will_close and not self.requests:
            self._flush_exception(self._flush_some)
            if self.connected and not self.total_outbufs_len and not self.will_close:
                self.close_when_flushed = False
                self._linger()
        elif self.connected:
            super().handle_write()

    def _linger(self) -> None:
        self._lingers_until = time.monotonic() + LINGER_S
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_WR)

    def received(self, data: bytes) -> bool:
        """As its base, once for each piece of a request."""
        if self.request is None and self._state == "idle":
            self._state, self._since = "head", time.monotonic()
        return bool(super().received(data))
