"""What a server answers over an index, asked in a process of its own."""

from __future__ import annotations

import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from jianbao.indexer import IndexUnavailableError, load_settings, open_condition, open_searcher
from jianbao.web import create_app

QUERIES = ("石桥", "“的”", "经济 发展", "中国", "新闻 OR 大桥", "", "zhongguo")
ADDRESSES = (
    *(f"/api/v1/search?size=50&q={query}" for query in QUERIES),
    "/api/v1/suggest?q=中",
)
UNAVAILABLE = 503
PATIENCE = 60.0
"""Seconds that the comparison may take on a busy machine."""


@dataclass(frozen=True, slots=True)
class Served:
    """Whether the server started; what it answered at once, and after it had looked at its files;
    and the status of its health check then."""

    started: bool
    early: tuple[object, ...] = ()
    late: tuple[object, ...] = ()
    health: int = UNAVAILABLE


def serve(index: Path, pipe: Connection) -> None:
    """Open a server over the index, ask it, and send what it answered."""
    pipe.send(_served(index))
    pipe.close()


def _served(index: Path) -> Served:
    settings = load_settings({"index": index}, {}, index.parent)
    try:
        searcher = open_searcher(settings, lambda: 0.0)
    except IndexUnavailableError:
        return Served(started=False)
    client = create_app(searcher, condition=open_condition(settings)).test_client()
    early = _answers(client)
    end = time.monotonic() + PATIENCE
    while True:
        health = client.get("/healthz")
        is_checked = (health.json or {}).get("checked")
        if health.status_code != 200 or is_checked or time.monotonic() > end:
            return Served(True, early, _answers(client), health.status_code)
        time.sleep(0.01)


def _answers(client: Any) -> tuple[object, ...]:
    found = []
    for address in ADDRESSES:
        answer = client.get(address)
        is_told = answer.status_code == UNAVAILABLE
        found.append(UNAVAILABLE if is_told else (answer.status_code, answer.json))
    return tuple(found)
