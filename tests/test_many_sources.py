"""Fifty thousand sources: a small change is a small run. Prints what it measured."""

from __future__ import annotations

import gzip
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pytest

from jianbao.indexer import Article, Searcher, SearchRequest, load_settings, open_searcher
from jianbao.indexer.sources import find_sources, read_sources
from tests.test_changes import write
from tests.test_watch import Watched, watching

SOURCES = 50_000
QUERIES = 300
CHANGES = 7
UNTIL_READY = 5.0
"""Seconds that a watch is left alone; what is asserted does not depend on it."""


def texts(root: Path) -> Iterator[tuple[str, str]]:
    """Titles and bodies: real news where there are some, else those that come with Jianbao."""
    news = root.parent / "shared" / "data" / "news.jsonl.gz"
    if news.is_file():
        with gzip.open(news, "rt", encoding="utf-8") as lines:
            for line in lines:
                article = json.loads(line)
                yield article["title"], article["body"]
        return
    sources, _ = find_sources([root / "corpus"])
    for item in read_sources(sources):
        if isinstance(item, Article):
            yield item.title, item.body


@pytest.fixture(scope="module")
def corpus(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One small text a file, 500 files a folder."""
    folder = tmp_path_factory.mktemp("many") / "corpus"
    for number, (title, body) in enumerate(islice(cycle(list(texts(root))), SOURCES)):
        below = folder / f"{number // 500:03}"
        below.mkdir(parents=True, exist_ok=True)
        write(below / f"{number:05}.json", json.dumps({"title": title, "body": body[:500]}))
    return folder


def index(corpus: Path, folder: Path, *flags: str) -> tuple[dict[str, Any], float]:
    """The report of the real command, and the seconds it took from its start."""
    command = [
        sys.executable,
        "-m",
        "jianbao.indexer",
        "index",
        str(corpus),
        "--index",
        str(folder),
    ]
    began = time.perf_counter()
    done = subprocess.run(
        [*command, "--json", "--quiet", *flags], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout), time.perf_counter() - began


def answers(searcher: Searcher, queries: list[str]) -> list[object]:
    """Hits with their scores, totals and counts of each query."""
    pages = [searcher.search(SearchRequest(query, size=20)) for query in queries]
    return [
        (
            [(hit.article, round(hit.score, 6), hit.snippets) for hit in page.hits],
            page.total,
            page.facets,
        )
        for page in pages
    ]


def queries(corpus: Path) -> list[str]:
    """Pieces of titles, each second one in quotes."""
    chance = random.Random(3)
    found: list[str] = []
    for path in chance.sample(sorted(corpus.rglob("*.json")), QUERIES):
        title = json.loads(path.read_text("utf-8"))["title"] or "新闻"
        at = chance.randrange(len(title))
        piece = title[at : at + chance.randint(2, 5)].replace('"', "")
        found.append(f"“{piece}”" if len(found) % 2 else piece)
    return found


def change(corpus: Path) -> None:
    """One file changed, one new, one deleted, one renamed."""
    files = sorted(corpus.rglob("*.json"))
    write(files[100], '{"title": "改过的石桥", "body": "城东的石桥昨日修缮完工。"}')
    write(corpus / "new.json", '{"title": "新的大桥", "body": "长江大桥昨日上午通车。"}')
    files[2000].unlink()
    files[3000].rename(corpus / "renamed.json")


@pytest.mark.slow
def test_a_small_change_among_many_sources(corpus: Path, tmp_path: Path) -> None:
    first, seconds = index(corpus, tmp_path / "index")
    print(f"\nall of {first['read']} sources: {seconds:.1f} s")
    change(corpus)
    report, seconds = index(corpus, tmp_path / "index")
    print(f"4 of them changed: {seconds:.1f} s from start to end; {report['seconds']}")
    assert (report["read"], report["renamed"], report["removed"]) == (3, 1, 1)
    assert report["analysed"] == 2
    index(corpus, tmp_path / "anew", "--full")
    asked = queries(corpus)
    found = [
        answers(
            open_searcher(load_settings({"index": tmp_path / name}, {}, tmp_path), lambda: 0.0),
            [*asked, "石桥", "大桥"],
        )
        for name in ("index", "anew")
    ]
    assert found[0] == found[1]
    print(f"{len(asked)} queries: the same answers as from an index built anew")


@pytest.mark.slow
def test_a_watched_change_among_many_sources_is_soon_found(corpus: Path, tmp_path: Path) -> None:
    with watching(corpus, tmp_path / "index", "--jobs", "2") as watched:
        watched.until(lambda: any(line["event"] == "published" for line in watched.log()))
        seconds = [found_after(watched, corpus, number) for number in range(1, CHANGES)]
        stages = watched.log()[-1]["seconds"]
    print("\nfound after", *seconds, "s; the last run:", stages)
    with watching(corpus, tmp_path / "index") as watched:
        time.sleep(UNTIL_READY)
        print("the first one after a start without changes:", found_after(watched, corpus, CHANGES))


def found_after(watched: Watched, corpus: Path, number: int) -> float:
    """Seconds from a new file, the one with that number, until it is found."""
    began = time.perf_counter()
    write(corpus / f"watched{number}.json", '{"title": "竚立桥", "body": "新近修缮。"}')
    watched.until_found(number, "“竚立桥”")
    return round(time.perf_counter() - began, 2)
