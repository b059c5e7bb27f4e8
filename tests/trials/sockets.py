"""Clients that hold a server up beside honest ones: latencies, memory, and how it ends.

    python -m tests.trials.sockets --index .jianbao/index --seconds 30

Starts `jianbao serve`, asks it from four honest clients, first alone and then beside a hundred slow
clients (heads, bodies and answers a byte at a time), a hundred that say nothing and twenty whose
request line never ends; then stops it under load. Exits 1 where an honest request failed, the 99th
of a hundred took longer than a second, memory grew, or the end took longer than it may.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import multiprocessing
import os
import signal
import socket
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import quote, urlsplit

from jianbao.web.server.serve import STOP_S
from tests.conftest import ROOT
from tests.trials.processes import held
from tests.trials.serving import Server, serving
from tests.web.real_server import index

QUERIES = ("石桥", "经济 发展", "“中国”", "专利 OR 创新", "新闻 -体育", "公司", "")
ATTACK = {"head": 34, "body": 33, "reader": 33, "idle": 100, "line": 20}
HONEST = 4
PAUSE_S = 0.2
"""Between the attempts of a client that was thrown out."""

DRIP_S = 1.0
CHUNK = b"a" * 65536
LINE_BYTES = 10 << 20
P99_S = 1.0
GROWTH_KB = 32 << 10
"""What the server may have more in the last third of the attack than in the first."""

SHUT_S = 2.0
"""What a process may take to end besides finishing requests."""

Place = tuple[str, int]


async def _connected(place: Place, source: str) -> socket.socket:
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.setblocking(False)
    sock.bind((source, 0))
    await asyncio.get_running_loop().sock_connect(sock, place)
    return sock


async def _slow_head(sock: socket.socket) -> None:
    await _drip(sock, b"GET /?q=%E6%A1%A5 HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")


async def _slow_body(sock: socket.socket) -> None:
    head = b"POST /api/v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n"
    await _drip(sock, head)


async def _drip(sock: socket.socket, head: bytes) -> None:
    loop = asyncio.get_running_loop()
    await loop.sock_sendall(sock, head)
    while True:
        await loop.sock_sendall(sock, b"a")
        with contextlib.suppress(TimeoutError):
            if not await asyncio.wait_for(loop.sock_recv(sock, 4096), DRIP_S):
                return


async def _slow_reader(sock: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    asked = b"GET /api/v1/export.jsonl?q=%E7%9A%84 HTTP/1.1\r\nHost: localhost\r\n\r\n"
    await loop.sock_sendall(sock, asked)
    while await loop.sock_recv(sock, 64):
        await asyncio.sleep(DRIP_S)


async def _idle(sock: socket.socket) -> None:
    await asyncio.get_running_loop().sock_recv(sock, 1)


async def _endless_line(sock: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    await loop.sock_sendall(sock, b"GET /?q=")
    for _ in range(LINE_BYTES // len(CHUNK)):
        await loop.sock_sendall(sock, CHUNK)


KINDS: dict[str, Callable[[socket.socket], Awaitable[None]]] = {
    "head": _slow_head,
    "body": _slow_body,
    "reader": _slow_reader,
    "idle": _idle,
    "line": _endless_line,
}


async def _again_and_again(kind: str, place: Place, source: str) -> None:
    """A client that comes back whenever it is thrown out."""
    while True:
        with contextlib.suppress(OSError):
            sock = await _connected(place, source)
            try:
                await KINDS[kind](sock)
            finally:
                sock.close()
        await asyncio.sleep(PAUSE_S)


def _sources() -> Iterator[str]:
    """A loopback address for each client, as if they came from everywhere."""
    for number in itertools.count(256):
        yield f"127.1.{number // 256}.{number % 256}"


async def _all_at_once(place: Place, counts: dict[str, int], is_spread: bool) -> None:
    sources = _sources() if is_spread else itertools.repeat("127.1.1.1")
    kinds = (kind for kind, count in counts.items() for _ in range(count))
    await asyncio.gather(*(_again_and_again(kind, place, next(sources)) for kind in kinds))


def _attack(place: Place, counts: dict[str, int], is_spread: bool) -> None:
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_all_at_once(place, counts, is_spread))


@contextlib.contextmanager
def attacking(place: Place, counts: dict[str, int], is_spread: bool = True) -> Iterator[None]:
    """All clients at once, in a process of their own."""
    process = multiprocessing.get_context("spawn").Process(
        target=_attack, args=(place, counts, is_spread)
    )
    process.start()
    try:
        yield
    finally:
        process.kill()
        process.join()


@dataclass
class Honest:
    """What honest clients got: seconds of each request, and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)

    def at(self, share: float) -> float:
        """The seconds within which that share of the requests was answered."""
        return sorted(self.seconds)[int(len(self.seconds) * share)] if self.seconds else 0.0


class Clients:
    """Honest clients, half of which keep their connections open."""

    def __init__(self, place: Place, count: int = HONEST) -> None:
        self._place = place
        self._stop = threading.Event()
        self.found = Honest()
        self._threads = [threading.Thread(target=self._ask, args=(n,)) for n in range(count)]

    def __enter__(self) -> Clients:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _ask(self, number: int) -> None:
        connection = HTTPConnection(*self._place, timeout=60, source_address=("127.0.0.1", 0))
        for query in itertools.cycle(QUERIES):
            if self._stop.is_set():
                break
            began = time.monotonic()
            try:
                connection.request("GET", f"/api/v1/search?q={quote(query)}")
                answer = connection.getresponse()
                answer.read()
            except ConnectionRefusedError:
                break  # The server has ended.
            except (OSError, HTTPException) as error:
                self.found.faults[repr(error)] += 1
                connection.close()
                continue
            self.found.seconds.append(time.monotonic() - began)
            if answer.status != 200:
                self.found.faults[str(answer.status)] += 1
            if number % 2:
                connection.close()
            self._stop.wait(0.01)
        connection.close()


def measured(place: Place, pid: int, seconds: float) -> tuple[Honest, list[int]]:
    """Honest clients for so many seconds, and the server's private memory in KB once a second."""
    memory = []
    with Clients(place) as clients:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            time.sleep(min(1.0, seconds / 10))
            memory.append(held(pid).memory)
    return clients.found, memory


@dataclass(frozen=True, slots=True)
class Ended:
    """How long a server took to end, and what its clients got meanwhile."""

    seconds: float
    honest: Honest


def ended(server: Server, place: Place) -> Ended:
    """Ask the server to end while honest clients go on asking."""
    with Clients(place, 2 * HONEST) as clients:
        time.sleep(1)
        began = time.monotonic()
        os.kill(server.pid, signal.SIGTERM)
        while _answers(server.pid):
            time.sleep(0.02)
        took = time.monotonic() - began
    return Ended(took, clients.found)


def _answers(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def told(name: str, found: Honest) -> None:
    """Print a line."""
    p50, p99, most = (found.at(share) * 1000 for share in (0.5, 0.99, 0.9999))
    print(
        f"{name:22} {len(found.seconds):6} requests  p50 {p50:7.1f} ms  p99 {p99:8.1f} ms"
        f"  most {most:8.1f} ms  faults {dict(found.faults)}",
        flush=True,
    )


def grown(memory: Sequence[int]) -> int:
    """KB that the last third has more than the first."""
    third = max(1, len(memory) // 3)
    return min(memory[-third:]) - min(memory[:third])


def trial(server: Server, seconds: float) -> bool:
    """Print all figures; whether all is well."""
    split = urlsplit(server.address)
    place = (split.hostname or "", split.port or 0)
    calm, before = measured(place, server.pid, min(10.0, seconds))
    told("alone", calm)
    results = [calm]
    growths = []
    for name, is_spread in (("from 220 addresses", True), ("from one address", False)):
        with attacking(place, ATTACK, is_spread):
            time.sleep(2)
            found, memory = measured(place, server.pid, seconds)
        told(name, found)
        print(f"{'':22} memory KB: {before[-1]} before, {memory}")
        results.append(found)
        growths.append(grown(memory))
    with attacking(place, ATTACK):
        time.sleep(2)
        end = ended(server, place)
    told("while it ends", end.honest)
    print(f"ended in {end.seconds:.1f} s; may take {STOP_S} s")
    is_answered = not any(found.faults for found in (*results, end.honest))
    is_quick = all(found.at(0.99) <= P99_S for found in results)
    is_flat = all(growth < GROWTH_KB for growth in growths)
    return is_answered and is_quick and is_flat and end.seconds <= STOP_S + SHUT_S


def main() -> int:
    """Run over an index, or over one of the corpus."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path)
    parser.add_argument("--seconds", type=float, default=30)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.index or index(Path(scratch), ROOT / "corpus").index
        with serving(folder) as server:
            return 0 if trial(server, given.seconds) else 1


if __name__ == "__main__":
    raise SystemExit(main())
