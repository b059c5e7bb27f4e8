"""What a writer refuses, so that no article is lost without a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from jianbao.indexer import Article, EngineError
from jianbao.indexer.engines.embedded import Earlier, WhooshEngine, WhooshWriter
from tests.dictionaries import bulk_analyzer


def test_a_reused_article_needs_a_base_that_has_its_text(tmp_path: Path) -> None:
    bulk = bulk_analyzer()
    with WhooshWriter(tmp_path / "base", lambda: bulk) as writer:
        writer.add(Article("old", "石桥", "石桥重新通车。"))
    moved = Article("new", "", "", path="moved.txt")
    with (
        pytest.raises(EngineError, match="'old'"),
        WhooshWriter(tmp_path / "lost", lambda: bulk) as writer,
    ):
        writer.add(Article("other", "大桥", "大桥合龙。"))
        writer.reuse(moved, "old")
    assert not list((tmp_path / "lost").glob("*")), "nothing is left that could be opened"
    with (
        pytest.raises(EngineError, match="'never'"),
        WhooshWriter(tmp_path / "unknown", lambda: bulk) as writer,
    ):
        writer.reuse(moved, "never")
        writer.carry_over(Earlier(tmp_path / "base"), [])
    with WhooshWriter(tmp_path / "kept", lambda: bulk) as writer:
        writer.reuse(moved, "old")
        writer.carry_over(Earlier(tmp_path / "base"), ["old"])
    found = WhooshEngine(tmp_path / "kept").article("new")
    assert found is not None and found.title == "石桥"
