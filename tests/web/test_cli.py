"""`jianbao serve` as an operator meets it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from jianbao.web.server.serve import listen

JIANBAO = [sys.executable, "-c", "from jianbao.web.cli import main; main()"]


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """A small index made by the real command."""
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    text = "石桥修缮完工\n\n城东的石桥昨日修缮完工，行人重新走上桥面。\n"
    (corpus / "bridge.txt").write_text(text, encoding="utf-8")
    command = [*JIANBAO, "index", str(corpus), "--index", str(index)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    return index


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command that ends by itself."""
    return subprocess.run(
        [*JIANBAO, *words],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, **environment},
    )


def test_both_commands_stand_beside_the_others() -> None:
    shown = run("--help").stdout
    for name in ("index", "search", "serve", "demo"):
        assert name in shown


def test_without_an_index_it_says_what_to_run(tmp_path: Path) -> None:
    done = run("serve", "--index", str(tmp_path / "none"), "--port", "0")
    assert done.returncode == 3
    assert "jianbao index" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_taken_port_is_a_usage_error(index: Path) -> None:
    with listen("127.0.0.1", 0) as taken:
        port = str(taken.getsockname()[1])
        done = run("serve", "--index", str(index), "--host", "127.0.0.1", "--port", port)
    assert done.returncode == 2
    assert port in done.stderr and "--port" in done.stderr


def test_it_serves_what_was_indexed_and_stops_on_an_interrupt(index: Path) -> None:
    command = [*JIANBAO, "serve", "--index", str(index), "--host", "127.0.0.1", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        with urlopen(f"{url}?q=%E7%9F%B3%E6%A1%A5", timeout=10) as answer:
            html = answer.read().decode("utf-8")
        with urlopen(f"{url}healthz", timeout=10) as answer:
            assert answer.status == 200
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=15) in (0, 130)
    assert "<mark>石桥</mark>修缮完工" in html


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("allowed_hosts", "*"),
        ("allowed_origins", "*"),
        ("allowed_origins", "a.example"),
        ("trusted_proxies", "17"),
    ],
)
def test_a_setting_that_cannot_be_used_stops_it_before_it_listens(
    index: Path, name: str, value: str
) -> None:
    setting = {f"JIANBAO_{name.upper()}": value}
    done = run("serve", "--index", str(index), "--port", "0", **setting)
    assert done.returncode == 2
    assert name in done.stderr and "Traceback" not in done.stderr
    assert done.stdout == ""


def test_it_serves_the_sites_and_believes_the_proxies_it_is_told(index: Path) -> None:
    command = [*JIANBAO, "serve", "--index", str(index), "--host", "127.0.0.1", "--port", "0"]
    told = {"JIANBAO_ALLOWED_ORIGINS": "https://a.example, http://b.example:81/"}
    told["JIANBAO_TRUSTED_PROXIES"] = "1"
    told["JIANBAO_ALLOWED_HOSTS"] = "c.example"
    asking = {
        "Origin": "http://b.example:81",
        "X-Forwarded-Prefix": "/tools",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "c.example",
    }
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, **told}
    ) as server:
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        with urlopen(Request(f"{url}api/v1/export.jsonl", headers=asking), timeout=10) as answer:
            line = answer.read().decode("utf-8")
            reader = answer.headers["Access-Control-Allow-Origin"]
        with urlopen(f"{url}embed", timeout=10) as answer:
            policy = answer.headers["Content-Security-Policy"]
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=15) in (0, 130)
    assert '"url": "https://c.example/tools/articles/' in line
    assert reader == "http://b.example:81"
    assert policy.endswith("frame-ancestors https://a.example http://b.example:81")
