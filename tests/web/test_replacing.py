"""An index replaced under load: each request is answered by one whole generation."""

from __future__ import annotations

import json
import re
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen

import pytest

from jianbao.indexer import Settings
from jianbao.indexer.ingest.indexing import Indexing, Wanted
from tests.web.real_server import index, jianbao_serve

REBUILDS = 20
RATE = 20
"""Requests a second."""

VERSIONS = {"甲版": 30, "乙版": 37}
"""What each article of a version says in every field that is shown, and how many there are."""


def write(folder: Path, version: str) -> Path:
    """The articles of one version, as one file; the ids are the same in both."""
    lines = [
        {
            "id": f"n{n}",
            "title": f"石桥第{n}号{version}",
            "body": f"城东的石桥今日修缮完工，{version}。\n行人走过石桥，{version}。",
            "source": version,
            "date": f"{2020 + n % 3}-05-01",
        }
        for n in range(VERSIONS[version])
    ]
    path = folder / f"{version}.jsonl"
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), "utf-8")
    return path


@dataclass
class Seen:
    """What became of the requests."""

    asked: int = 0
    errors: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    mixed: list[str] = field(default_factory=list)
    generations: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)


def one_version(text: str) -> str:
    """The version that a text names; empty where it names both, or none."""
    named = {version for version in VERSIONS if version in text}
    return named.pop() if len(named) == 1 else ""


def look_at_search(body: str, seen: Seen) -> None:
    found: dict[str, Any] = json.loads(body)
    seen.generations[found["generation"]] += 1
    if not found["total"] or not found["hits"]:
        seen.empty.append(body)
        return
    count = VERSIONS.get(one_version(body), -1)
    sums = (sum(bar["count"] for bar in found["histogram"]), found["facets"]["source"][0]["count"])
    if {found["total"], *sums} != {count} or len(found["hits"]) != min(count, 20):
        seen.mixed.append(body)


def look_at_page(body: str, seen: Seen) -> None:
    if "石桥" not in body:
        seen.empty.append(body)
    elif not one_version(body):
        seen.mixed.append(body)


WAYS: tuple[tuple[str, Callable[[str, Seen], None]], ...] = (
    (f"api/v1/search?size=20&q={quote('石桥')}", look_at_search),
    (f"?q={quote('石桥 城东')}", look_at_page),
    (f"api/v1/articles/n3?q={quote('石桥')}", look_at_page),
    (f"api/v1/search?size=20&sort=newest&q={quote('“行人走过石桥”')}", look_at_search),
    ("articles/n7", look_at_page),
)


def ask(url: str, number: int, seen: Seen) -> None:
    path, look = WAYS[number % len(WAYS)]
    began = time.perf_counter()
    seen.asked += 1
    try:
        with urlopen(url + path, timeout=30) as answer:
            look(answer.read().decode("utf-8"), seen)
    except (URLError, OSError, ValueError, KeyError) as error:
        seen.errors.append(f"{path}: {error!r}")
    seen.seconds.append(time.perf_counter() - began)


def load(url: str, stop: threading.Event, seen: Seen) -> None:
    """Requests at a steady rate until told to stop."""
    began = time.perf_counter()
    with ThreadPoolExecutor(RATE) as pool:
        number = 0
        while not stop.is_set():
            pool.submit(ask, url, number, seen)
            number += 1
            time.sleep(max(0.0, began + number / RATE - time.perf_counter()))


def rebuild(settings: Settings, sources: tuple[Path, Path]) -> None:
    """Full rebuilds, of one version and the other by turns."""
    indexing = Indexing(settings, now=lambda: datetime.now(UTC))
    for number in range(REBUILDS):
        report = indexing.run(Wanted([sources[(number + 1) % 2]], full=True))
        assert report.published


@pytest.mark.slow
def test_every_answer_is_of_one_generation_while_the_index_is_replaced(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sources = (write(tmp_path, "甲版"), write(tmp_path, "乙版"))
    settings = index(tmp_path, sources[0])
    seen, stop = Seen(), threading.Event()
    with jianbao_serve(root, settings) as url:
        loading = threading.Thread(target=load, args=(url, stop, seen))
        loading.start()
        began = time.perf_counter()
        try:
            rebuild(settings, sources)
        finally:
            stop.set()
            loading.join()
        lasted = time.perf_counter() - began
    slow = sorted(seen.seconds)
    with capsys.disabled():
        print(
            f"\n{REBUILDS} rebuilds in {lasted:.0f} s, {seen.asked} requests "
            f"({seen.asked / lasted:.1f}/s) of {len(seen.generations)} generations: "
            f"{len(seen.errors)} errors, {len(seen.empty)} empty, {len(seen.mixed)} mixed; "
            f"median {slow[len(slow) // 2] * 1000:.0f} ms, slowest {slow[-1] * 1000:.0f} ms"
        )
    assert (seen.errors, seen.empty, seen.mixed) == ([], [], [])
    assert len(seen.generations) > REBUILDS / 2
    assert seen.asked > lasted * RATE * 0.9


def test_the_looks_tell_a_mixed_answer() -> None:
    """The test above can fail."""
    seen = Seen()
    look_at_page("石桥甲版 石桥乙版", seen)
    look_at_page("", seen)
    good = {
        "generation": "1",
        "total": 30,
        "hits": [{"title": "甲版"}] * 20,
        "histogram": [{"count": 30}],
        "facets": {"source": [{"value": "甲版", "count": 30}]},
    }
    for change in ({}, {"total": 37}, {"hits": [{"title": "乙版"}] * 20}, {"total": 0}):
        look_at_search(json.dumps({**good, **change}, ensure_ascii=False), seen)
    assert (len(seen.empty), len(seen.mixed)) == (2, 3)
    assert re.fullmatch("石桥甲版 石桥乙版", seen.mixed[0])
