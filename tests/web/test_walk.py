"""A long result walked to its end, link by link, while new generations are published in between."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import quote, urljoin
from urllib.request import urlopen

import pytest

from jianbao.indexer import Settings
from tests.web.real_server import index, jianbao_serve

COUNT = 3000
SIZE = 50


@dataclass(frozen=True)
class Live:
    """A server, and the source and index that it serves."""

    address: str
    source: Path
    settings: Settings


def line(number: int, day: str) -> str:
    """An article that a search for 桥 finds; many have the same length, words and date."""
    bridges = "桥" * (1 + number % 3)
    story = {
        "id": f"n{number}",
        "title": f"第{number}座",
        "body": f"河上有{bridges}。",
        "date": day,
    }
    return json.dumps(story, ensure_ascii=False) + "\n"


@pytest.fixture
def live(root: Path, tmp_path: Path) -> Iterator[Live]:
    """The production server over an index of `COUNT` articles."""
    source = tmp_path / "bridges.jsonl"
    lines = (line(number, f"20{10 + number % 9}-05-01") for number in range(COUNT))
    source.write_text("".join(lines), encoding="utf-8")
    settings = index(tmp_path, source)
    with jianbao_serve(root, settings) as address:
        yield Live(address, source, settings)


def pages(first: str) -> Iterator[str]:
    """The page at an address and all that its links to the next page lead to."""
    address = first
    while address:
        with urlopen(address, timeout=30) as answer:
            html = answer.read().decode("utf-8")
        yield html
        onward = re.search(r'<a [^>]*rel="next"[^>]* href="([^"]*)"', html)
        address = urljoin(address, unescape(onward[1])) if onward else ""


def generation(live: Live) -> str:
    """The name of the generation that answers now."""
    with urlopen(f"{live.address}healthz", timeout=30) as answer:
        return str(json.load(answer)["generation"])


def hits(html: str) -> list[str]:
    """The ids of the articles that a page of results leads to."""
    return re.findall(r'class="jb-hit-title"><a href="[^"]*/articles/([^"?]*)', html)


@pytest.mark.parametrize("sort", ["relevance", pytest.param("newest", marks=pytest.mark.slow)])
def test_every_hit_is_shown_once_though_the_index_is_rebuilt_meanwhile(
    live: Live, sort: str
) -> None:
    seen: Counter[str] = Counter()
    generations = [generation(live)]
    first = f"{live.address}?q={quote('桥')}&size={SIZE}&sort={sort}"
    for number, html in enumerate(pages(first), 1):
        assert "共 3,000 条结果" in html
        seen.update(hits(html))
        if number in (7, 20):
            # A byte more in the file, and everything is read again; the articles are the same.
            live.source.write_bytes(live.source.read_bytes() + b"\n")
            index(live.settings.index.parent, live.source)
            generations.append(generation(live))
    assert len(set(generations)) == 3
    assert set(seen) == {f"n{number}" for number in range(COUNT)}
    assert set(seen.values()) == {1}


@pytest.mark.slow
def test_an_article_added_meanwhile_is_shown_where_it_belongs(live: Live) -> None:
    seen: Counter[str] = Counter()
    first = f"{live.address}?q={quote('桥')}&size={SIZE}&sort=oldest"
    for number, html in enumerate(pages(first), 1):
        seen.update(hits(html))
        if number == 10:
            with live.source.open("a", encoding="utf-8") as file:
                file.write(line(COUNT, "2026-01-01"))
            index(live.settings.index.parent, live.source)
    assert set(seen) == {f"n{number}" for number in range(COUNT + 1)}
    assert set(seen.values()) == {1}
