"""The production server as a process of its own."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote, urlsplit
from urllib.request import urlopen

import pytest

from jianbao.web.server.serve import address, listen

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="worker processes need fork")


@pytest.fixture
def server(root: Path) -> Iterator[subprocess.Popen[str]]:
    """Two workers; whatever is left of them is ended."""
    command = [sys.executable, "-m", "tests.web.server_process", "2"]
    with subprocess.Popen(
        command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.kill()


def announced(server: subprocess.Popen[str]) -> str:
    """The address it prints."""
    assert server.stdout is not None
    return server.stdout.readline().strip()


def test_the_printed_address_answers_at_once(server: subprocess.Popen[str]) -> None:
    url = announced(server)
    assert url.startswith("http://127.0.0.1:")
    with urlopen(url, timeout=5) as answer:
        assert answer.status == 200


def test_a_pasted_page_of_text_is_answered(server: subprocess.Popen[str]) -> None:
    url = announced(server)
    with urlopen(f"{url}?q={quote('桥' * 2000)}", timeout=10) as answer:
        assert answer.status == 200
    with pytest.raises(HTTPError) as refused:
        urlopen(f"{url}?q={quote('桥' * 5000)}", timeout=10)
    assert refused.value.code == 400
    assert "检索词最多 2000 个字符" in refused.value.read().decode("utf-8")


def test_idle_connections_hold_nobody_up(server: subprocess.Popen[str]) -> None:
    url = announced(server)
    place = urlsplit(url)
    assert place.hostname and place.port
    idle = [socket.create_connection((place.hostname, place.port)) for _ in range(6)]
    try:
        with ThreadPoolExecutor(4) as pool:
            codes = list(pool.map(lambda _: urlopen(url, timeout=4).status, range(20)))
    finally:
        for connection in idle:
            connection.close()
    assert codes == [200] * 20


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="counts sockets in /proc")
def test_workers_share_connections_that_stay_open(server: subprocess.Popen[str]) -> None:
    place = urlsplit(announced(server))
    assert place.hostname
    with contextlib.ExitStack() as opened:
        kept = [HTTPConnection(place.hostname, place.port, timeout=10) for _ in range(8)]
        for connection in kept:
            opened.callback(connection.close)
        for connection in kept * 5:
            connection.request("GET", "/")
            assert connection.getresponse().read()
        sockets = [sockets_of(worker) for worker in children(server.pid)]
    assert len(sockets) == 2
    assert max(sockets) - min(sockets) <= 2, sockets


def children(parent: int) -> list[str]:
    """The ids of the processes that a process started."""
    return Path(f"/proc/{parent}/task/{parent}/children").read_text("ascii").split()


def sockets_of(process: str) -> int:
    """How many sockets a process has."""
    links = [str(link.readlink()) for link in Path(f"/proc/{process}/fd").iterdir()]
    return sum(link.startswith("socket:") for link in links)


def test_an_interrupt_stops_it_cleanly(server: subprocess.Popen[str]) -> None:
    url = announced(server)
    server.send_signal(signal.SIGINT)
    _, complaints = server.communicate(timeout=15)
    assert server.returncode in (0, 130)
    assert "Traceback" not in complaints
    with pytest.raises(OSError, match=r"refused"):
        urlopen(url, timeout=2)


def test_a_taken_port_is_refused() -> None:
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(OSError, match="in use"):
            listen("127.0.0.1", port)


def test_an_address_for_everybody_is_shown_as_one_to_type() -> None:
    with listen("0.0.0.0", 0) as listener:
        assert address(listener) == f"http://127.0.0.1:{listener.getsockname()[1]}/"
