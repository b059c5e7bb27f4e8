"""Whole requests: `jianbao serve` as a process of its own, asked by wrk."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

from tests.bench.articles import ROOT
from tests.bench.memory import private
from tests.bench.query import Query

WORKERS = 2
CONNECTIONS = (1, 4, 16)
PAGES = {"HTML page": "/?q=", "JSON": "/api/v1/search?q="}
"""Each answers with ten snippets, facets, the histogram and the exact total."""

_START = 30.0
"""Seconds that the server may take to print its address."""

_SCRIPT = """
local paths = {
%s
}
local at = 0
request = function()
  at = at %% #paths + 1
  return wrk.format("GET", paths[at])
end
done = function(summary, latency, requests)
  local failed = summary.errors
  io.write(string.format("RESULT %%d %%d %%d %%d %%d %%d\\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(95), latency:percentile(99),
    failed.status + failed.connect + failed.read + failed.write + failed.timeout))
end
"""


@dataclass(frozen=True, slots=True)
class Load:
    """One run of wrk. `failed` counts answers other than 200 and connections that broke."""

    page: str
    connections: int
    requests_a_second: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    failed: int


@dataclass(frozen=True, slots=True)
class Served:
    """A server under load: from its start to the first answer, and all processes' private memory
    after the load, 0 where the system does not say."""

    first_answer_seconds: float
    private_bytes: int
    loads: tuple[Load, ...]


def missing() -> str:
    """Why there can be no figures here; empty where there can be."""
    return "" if shutil.which("wrk") else "wrk is not installed (Debian: apt install wrk)"


def serve_and_load(index: Path, queries: Sequence[Query], seconds: int) -> Served:
    """Start the server over an index and ask `queries` in turn, for `seconds` at each number of
    connections. Raises RuntimeError if it does not start."""
    started = time.perf_counter()
    with _server(index) as (process, url):
        with urlopen(_url(url, "/?q=", queries[0]), timeout=_START) as answer:
            answer.read()
        first = time.perf_counter() - started
        loads = []
        with tempfile.TemporaryDirectory() as folder:
            for page, path in PAGES.items():
                script = _script(path, queries, Path(folder))
                _load(url, page, script, CONNECTIONS[-1], 1)
                loads += [_load(url, page, script, count, seconds) for count in CONNECTIONS]
        return Served(first, private(process.pid), tuple(loads))


@contextmanager
def _server(index: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "-c", "from jianbao.web.cli import main; main()", "serve"]
    process = subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", "0", "--index", str(index)],
        cwd=ROOT,
        env={**os.environ, "JIANBAO_WORKERS": str(WORKERS)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        url = process.stdout.readline().strip() if process.stdout else ""
        if not url.startswith("http"):
            raise RuntimeError(f"the server did not start: {url or process.wait(_START)}")
        yield process, url
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(_START)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()


def _url(url: str, path: str, query: Query) -> str:
    text = f'"{query.text}"' if query.kind == "phrase" else query.text
    mode = "&mode=any" if query.kind == "any" else ""
    where = f"&{query.where[0]}={quote(query.where[1])}" if query.where else ""
    return f"{url.rstrip('/')}{path}{quote(text)}{mode}{where}"


def _script(path: str, queries: Sequence[Query], folder: Path) -> Path:
    script = folder / "queries.lua"
    paths = ",\n".join(json.dumps(_url("", path, query)) for query in queries)
    script.write_text(_SCRIPT % paths, "utf-8")
    return script


def _load(url: str, page: str, script: Path, connections: int, seconds: int) -> Load:
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s"]
    output = subprocess.run(
        [*command, "-s", str(script), url], capture_output=True, text=True, check=True
    ).stdout
    result = next(line for line in output.splitlines() if line.startswith("RESULT"))
    requests, microseconds, p50, p95, p99, failed = map(int, result.split()[1:])
    rate = requests / (microseconds / 1e6)
    return Load(page, connections, rate, p50 / 1000, p95 / 1000, p99 / 1000, failed)
