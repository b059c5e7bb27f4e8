"""A changed corpus gives the same index as one built anew, and only what changed is read."""

from __future__ import annotations

import os
import random
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from jianbao.indexer import (
    NothingToPublishError,
    SearchRequest,
    load_settings,
    open_searcher,
    reindex,
)
from jianbao.indexer.errors import IndexDamagedError
from jianbao.indexer.ingest.indexing import Report
from jianbao.indexer.store.ledger import Entry

QUERIES = ("石桥", "长江 大桥", "“行人走上”", "作者:张伟", "", "日期:2024", "灯光 OR 大桥", "-石桥")
PAGE = """# 示范晚报

2024年12月{day}日 星期一 第{number}版

## 长江大桥昨日通车

□ 本报记者 张伟

本报讯 长江大桥昨日上午通车，行人走上桥面。市民说，等了三年，终于等到这一天。{extra}

## 石桥修缮完工

□ 本报记者 李洋

本报讯 城东的石桥昨日修缮完工，灯光亮起来了。修缮队说，石料取自原来的山场。
"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Plain texts, an archive of lines, and two newspaper pages of one issue."""
    folder = tmp_path / "corpus"
    (folder / "paper").mkdir(parents=True)
    for number in range(6):
        write(folder / f"{number}.txt", f"石桥第{number}号\n\n城东的石桥昨日修缮完工。\n")
    lines = [f'{{"id": "l{n}", "title": "长江{n}", "body": "大桥灯光{n}"}}' for n in range(9)]
    write(folder / "lines.jsonl", "\n".join(lines))
    for number in (1, 2):
        write(folder / "paper" / f"{number}.md", PAGE.format(day=30, number=number, extra=""))
    return folder


def write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")


def index(folder: Path, corpus: Path, *, full: bool = False, **flags: object) -> Report:
    settings = load_settings({"index": folder, "jobs": 1, **flags}, {}, folder.parent)
    return reindex(settings, [corpus], now=lambda: datetime.now(UTC), full=full)


def answers(folder: Path) -> list[object]:
    """What readers see: ids in order, scores, totals, facets and bars of every query."""
    searcher = open_searcher(load_settings({"index": folder}, {}, folder.parent), time.perf_counter)
    pages = [searcher.search(SearchRequest(text, size=50)) for text in QUERIES]
    return [
        (
            [(hit.article, round(hit.score, 6), hit.snippets) for hit in page.hits],
            page.total,
            page.facets,
            page.histogram,
        )
        for page in pages
    ]


def edits(corpus: Path) -> Iterator[tuple[str, set[str]]]:
    """Change the corpus in one way after another; yields what must be read for it."""
    write(corpus / "0.txt", "新的石桥\n\n行人走上桥面。\n")
    yield "changed", {"0.txt"}
    write(corpus / "new.txt", "大桥夜景\n\n灯光亮起来了。\n")
    yield "new", {"new.txt"}
    (corpus / "1.txt").unlink()
    yield "deleted", set()
    (corpus / "2.txt").rename(corpus / "renamed.txt")
    yield "renamed", {"renamed.txt"}
    write(corpus / "paper" / "2.md", PAGE.format(day=30, number=2, extra="桥长两公里。"))
    yield "page", {"paper/1.md", "paper/2.md"}
    (corpus / "paper" / "1.md").unlink()
    yield "page gone", {"paper/2.md"}
    os.utime(corpus / "3.txt", (1, 1))
    yield "touched", set()
    write(corpus / "twin.jsonl", '{"id": "l3", "title": "后来的", "body": "石桥"}')
    yield "an id that is taken", {"twin.jsonl"}
    write(corpus / "lines.jsonl", '{"id": "l1", "title": "长江", "body": "大桥"}')
    yield "the id is free again", {"lines.jsonl", "twin.jsonl"}
    write(corpus / "a.jsonl", '{"id": "l1", "title": "更早的", "body": "石桥"}')
    yield "an earlier source takes an id: all is read", set()


def test_every_change_gives_what_a_full_run_gives(corpus: Path, tmp_path: Path) -> None:
    index(tmp_path / "index", corpus)
    for what, read in edits(corpus):
        report = index(tmp_path / "index", corpus, max_deletions=100)
        index(tmp_path / "full", corpus, full=True, max_deletions=100)
        assert answers(tmp_path / "index") == answers(tmp_path / "full"), what
        if "all is read" not in what:
            assert report.read == len(read), what


@pytest.mark.slow
def test_many_changes_at_random(corpus: Path, tmp_path: Path) -> None:
    chance = random.Random(11)
    index(tmp_path / "index", corpus)
    for step in range(12):
        for _ in range(chance.randint(1, 3)):
            files = sorted(path for path in corpus.glob("*.txt"))
            file = chance.choice(files)
            match chance.choice(("change", "add", "delete", "rename")):
                case "change":
                    write(file, f"石桥{step}\n\n长江大桥{chance.random()}。\n")
                case "add":
                    write(corpus / f"add{chance.random()}.txt", f"大桥{step}\n\n灯光。\n")
                case "delete" if len(files) > 3:
                    file.unlink()
                case _:
                    file.rename(corpus / f"moved{chance.random()}.txt")
        index(tmp_path / "index", corpus, max_deletions=100)
    index(tmp_path / "full", corpus, full=True)
    assert answers(tmp_path / "index") == answers(tmp_path / "full")


def test_a_folder_that_is_gone_does_not_empty_the_index(corpus: Path, tmp_path: Path) -> None:
    index(tmp_path / "index", corpus)
    before = answers(tmp_path / "index")
    for path in sorted(corpus.glob("*.jsonl")):
        path.unlink()
    with pytest.raises(NothingToPublishError, match="max-deletions"):
        index(tmp_path / "index", corpus)
    assert answers(tmp_path / "index") == before
    assert index(tmp_path / "index", corpus, max_deletions=100).removed == 1


def test_a_lost_ledger_means_reading_all(corpus: Path, tmp_path: Path) -> None:
    index(tmp_path / "index", corpus)
    ledger = next((tmp_path / "index").rglob("sources.sqlite"))
    ledger.write_bytes(b"not a database")
    write(corpus / "0.txt", "新的石桥\n\n行人走上桥面。\n")
    assert index(tmp_path / "index", corpus).kept == 0
    shutil.rmtree(tmp_path / "full", ignore_errors=True)
    index(tmp_path / "full", corpus)
    assert answers(tmp_path / "index") == answers(tmp_path / "full")


@pytest.mark.parametrize("text", ["[1]", "null", '["\\u12', "[" * 5000, '["a"', '[{"a": 1}]'])
@pytest.mark.parametrize("column", ["ids_json", "problems_json"])
def test_a_damaged_line_of_the_ledger_is_told_as_damage(column: str, text: str) -> None:
    entry = Entry("a.txt", 1, 2, "", 0, 1, '["a"]', bytes(16), "[]")
    with pytest.raises(IndexDamagedError, match="jianbao index --full"):
        damaged = entry._replace(**{column: text})  # type: ignore[arg-type]
        _ = damaged.ids if column == "ids_json" else damaged.problems
