"""Clients that leave things unfinished hold nobody up, and an end cuts nobody off."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from jianbao.web.server.acceptor import Acceptor, Limits
from jianbao.web.server.channel import BODY_S, HEAD_S
from jianbao.web.server.serve import STOP_S, listen
from tests.trials.serving import Server
from tests.trials.serving import serving as jianbao_serving
from tests.trials.sockets import ATTACK, GROWTH_KB, attacking, ended, grown, measured
from tests.web.real_server import index
from tests.web.server_process import make_app

Place = tuple[str, int]

LEEWAY_S = 5
"""Beside a stated deadline, on a busy machine."""

BROKEN = """
import sys
from tests.web.conftest import HandSearcher, make_articles
from jianbao.web import create_app
from jianbao.web.server.serve import address, listen, serve

class Broken(HandSearcher):
    def search(self, request):
        if request.query:
            raise KeyError(request.query)
        return super().search(request)

    def values(self, request, name):
        raise RuntimeError(request.query)

listener = listen("127.0.0.1", 0)
url = address(listener)
serve(listener, lambda: create_app(Broken(make_articles())), 1, lambda: print(url, flush=True))
"""


@contextmanager
def process(root: Path, *words: str) -> Iterator[tuple[subprocess.Popen[str], Place]]:
    """A server as a process, and where it listens."""
    pipe = subprocess.PIPE
    command = [sys.executable, *words]
    with subprocess.Popen(command, cwd=root, text=True, stdout=pipe, stderr=pipe) as found:
        assert found.stdout is not None
        address = urlsplit(found.stdout.readline().strip())
        try:
            yield found, (address.hostname or "", address.port or 0)
        finally:
            found.kill()


@pytest.fixture
def place(root: Path) -> Iterator[Place]:
    """Where a server with one worker listens."""
    with process(root, "-m", "tests.web.server_process", "1") as (_, found):
        yield found


@contextmanager
def acceptor(limits: Limits) -> Iterator[Place]:
    """Where an acceptor of this process listens."""
    listener = listen("127.0.0.1", 0)
    found: Place = listener.getsockname()[:2]
    server = Acceptor(make_app(), listener, limits)
    is_over = threading.Event()

    def run() -> None:
        while not is_over.is_set():
            server.round()
        server.end(2)

    thread = threading.Thread(target=run)
    thread.start()
    yield found
    is_over.set()
    server.pull_trigger()
    thread.join()


def ask(place: Place) -> int:
    """The status of an honest request."""
    with urlopen(f"http://{place[0]}:{place[1]}/api/v1/search?q=%E6%A1%A5", timeout=60) as answer:
        return int(answer.status)


def said(place: Place, request: bytes) -> bytes:
    """All that the server says to bytes, until it closes the connection."""
    with socket.create_connection(place, timeout=60) as sock:
        sock.sendall(request)
        parts = []
        while part := sock.recv(65536):
            parts.append(part)
    return b"".join(parts)


def is_closed(sock: socket.socket, seconds: float) -> bool:
    """Whether the server closes the connection within so many seconds."""
    sock.settimeout(seconds)
    try:
        return sock.recv(1) == b""
    except TimeoutError:
        return False
    except ConnectionError:
        return True


UNFINISHED = {
    "nothing": b"",
    "a line": b"GET /?q=",
    "a head": b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
    "a body": b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\na",
    "a chunk": b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nff\r\na",
}


@pytest.mark.parametrize("name", UNFINISHED)
def test_what_is_unfinished_holds_no_thread(place: Place, name: str) -> None:
    with ExitStack() as opened:
        for _ in range(60):
            sock = opened.enter_context(socket.create_connection(place))
            sock.sendall(UNFINISHED[name])
        assert [ask(place) for _ in range(5)] == [200] * 5


def test_answers_that_nobody_reads_hold_no_thread(place: Place) -> None:
    asked = b"GET /api/v1/export.jsonl HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with ExitStack() as opened:
        for _ in range(60):
            sock = opened.enter_context(socket.socket())
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            sock.connect(place)
            sock.sendall(asked)
        assert [ask(place) for _ in range(5)] == [200] * 5


@pytest.mark.parametrize("begin", [b"GET /?q=", b"GET / HTTP/1.1\r\nX: "])
def test_an_endless_head_is_refused_before_its_end(place: Place, begin: bytes) -> None:
    with socket.create_connection(place, timeout=60) as sock:
        sock.sendall(begin)
        sent = 0
        sock.setblocking(False)
        end = time.monotonic() + 60
        answer = b""
        while not answer and time.monotonic() < end:
            try:
                sent += sock.send(b"a" * 65536)
            except BlockingIOError:
                time.sleep(0.01)
            try:
                answer = sock.recv(65536)
            except BlockingIOError:
                continue
    assert answer.startswith((b"HTTP/1.0 431 ", b"HTTP/1.1 431 "))


def test_a_body_that_is_too_long_is_refused(place: Place) -> None:
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999999999\r\n\r\n"
    assert said(place, head).split(b" ")[1] == b"413"


@pytest.mark.parametrize(
    "request_", [b"\r\n\r\n\x00\x01\r\n\r\n", b"GET / HTTP/1.1\r\n: x\r\n\r\n", b"GET  \r\n\r\n"]
)
def test_a_malformed_request_learns_nothing_of_the_server(place: Place, request_: bytes) -> None:
    answer = said(place, request_ + b"GET / HTTP/1.0\r\n\r\n").lower()
    assert answer
    for name in (b"server:", b"waitress", b"gunicorn", b"python", b"traceback"):
        assert name not in answer


@pytest.mark.slow
@pytest.mark.parametrize(("name", "deadline"), [("a head", HEAD_S), ("a body", BODY_S)])
def test_drops_do_not_keep_a_connection_open(place: Place, name: str, deadline: float) -> None:
    with socket.create_connection(place) as sock:
        sock.sendall(UNFINISHED[name])
        began = time.monotonic()
        while time.monotonic() - began < deadline + LEEWAY_S:
            try:
                sock.send(b"a")
            except OSError:
                break
            if is_closed(sock, 0.5):
                break
        took = time.monotonic() - began
    assert deadline - 1 <= took < deadline + LEEWAY_S


def test_an_address_has_only_so_many_connections() -> None:
    with acceptor(Limits(per_address=4)) as place, ExitStack() as opened:
        held = [opened.enter_context(socket.create_connection(place)) for _ in range(4)]
        for sock in held:
            time.sleep(0.02)
            sock.sendall(b"GET /?q=")
        assert ask(place) == 200
        assert sum(is_closed(sock, 0.5) for sock in held) == 1
        other = opened.enter_context(socket.socket())
        other.bind(("127.0.0.9", 0))
        other.connect(place)
        other.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert other.recv(1)


def test_a_full_process_makes_room_for_those_who_ask() -> None:
    with acceptor(Limits(most=5)) as place, ExitStack() as opened:
        held = [opened.enter_context(socket.create_connection(place)) for _ in range(30)]
        assert [ask(place) for _ in range(5)] == [200] * 5
        assert sum(is_closed(sock, 0.05) for sock in held) >= 25


def test_a_client_that_is_still_sending_gets_its_refusal(place: Place) -> None:
    """Closed at once, the connection is reset, and the answer lost on its way."""
    for _ in range(5):
        with socket.create_connection(place, timeout=60) as sock:
            sock.sendall(b"GET /?q=" + b"a" * 200_000)
            assert b" 431 " in sock.recv(100)


def test_the_log_never_repeats_a_query(root: Path) -> None:
    secret = "%E7%A7%98%E5%AF%86%E6%A3%80%E7%B4%A2secretwords"
    with process(root, "-c", BROKEN) as (found, place):
        for path in (
            f"/?q={secret}",
            f"/api/v1/search?q={secret}",
            f"/api/v1/export.csv?q={secret}",
        ):
            said(place, f"GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())
        for request in (f"GET /?q={secret}\r\n\r\n", f"\x00 /?q={secret}\r\n\r\n"):
            said(place, request.encode())
        said(place, f"GET /?q={secret} HTTP/9.9\r\nHost: evil.example\r\n\r\n".encode())
        found.terminate()
        _, log = found.communicate(timeout=30)
    assert "KeyError (its message is left out)" in log and "request failed" in log
    assert "secretwords" not in log and "秘密" not in log


def test_an_end_under_load_cuts_nobody_off(root: Path) -> None:
    counts = {"head": 5, "body": 5, "reader": 5, "idle": 5, "line": 2}
    with (
        process(root, "-m", "tests.web.server_process", "2") as (found, place),
        attacking(place, counts),
    ):
        time.sleep(1)
        end = ended(Server(found.pid, ""), place)
    assert end.honest.seconds and not end.honest.faults
    assert end.seconds <= STOP_S + 2


@pytest.mark.slow
def test_honest_clients_are_answered_beside_all_the_others(root: Path, tmp_path: Path) -> None:
    settings = index(tmp_path, root / "corpus")
    with jianbao_serving(settings.index) as server:
        address = urlsplit(server.address)
        place = (address.hostname or "", address.port or 0)
        calm, _ = measured(place, server.pid, 5)
        with attacking(place, ATTACK):
            time.sleep(2)
            found, memory = measured(place, server.pid, 10)
        end = ended(server, place)
    assert not calm.faults and not found.faults and not end.honest.faults
    # Without deadlines none is answered at all; with them, the others take their share.
    assert len(found.seconds) > len(calm.seconds) / 5
    assert grown(memory) < GROWTH_KB


HOST = b"Host: localhost\r\nConnection: close\r\n"


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /healthz HTTP/1.1\r\n" + HOST + b"Expect: 100-continue\r\n\r\n", b"200"),
        (
            b"GET /healthz HTTP/1.1\r\nContent-Length: 0\r\n"
            + HOST
            + b"Expect: 100-continue\r\n\r\n",
            b"200",
        ),
        (
            b"POST /api/v1/search HTTP/1.1\r\n"
            + HOST
            + b"Expect: 100-continue\r\nContent-Length: 5000000000\r\n\r\n",
            b"413",
        ),
        (b"GET http://[/ HTTP/1.1\r\n" + HOST + b"\r\n", b"400"),
        (b"GET http://[::1 HTTP/1.1\r\n" + HOST + b"\r\n", b"400"),
        (b"GET http://a]b/ HTTP/1.1\r\n" + HOST + b"\r\n", b"400"),
    ],
)
def test_a_request_that_is_complete_is_answered_at_once(request_: bytes, status: bytes) -> None:
    """A client that waits for what follows 100 Continue, and an address that cannot be read."""
    with acceptor(Limits()) as place:
        assert said(place, request_).startswith(b"HTTP/1.1 " + status)
