"""Suggestions made with those of an earlier generation are those made anew."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from jianbao.indexer.engines.embedded import WhooshWriter
from jianbao.indexer.engines.embedded.format import vocabulary
from jianbao.indexer.models import Article
from jianbao.indexer.search.suggestions import open_suggestions, write_suggestions
from jianbao.indexer.search.suggestions.earlier import FOLDER
from jianbao.indexer.text.fold import fold
from tests.dictionaries import bulk_analyzer, readings

BULK = bulk_analyzer()
READINGS = readings()
TITLES = ("重庆的银行行长", "长江 Bridge 通车", "", "行人走上大桥", "重庆的银行行长", "音乐😀快乐")


def generation(folder: Path, titles: Sequence[str]) -> Path:
    with WhooshWriter(folder, lambda: BULK) as writer:
        for number, title in enumerate(titles):
            writer.add(Article(f"n{number}", title, "长江大桥昨日通车。", date=f"20{number + 10}"))
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / FOLDER).iterdir()}


def test_only_new_texts_are_read_and_the_files_are_the_same(tmp_path: Path) -> None:
    before = generation(tmp_path / "before", TITLES)
    write_suggestions(before, READINGS)
    titles = (TITLES[3], "都市首都", *TITLES[:2], "重重围困")
    read: list[str] = []

    def readings(text: str) -> list[str]:
        read.append(text)
        return READINGS(text)

    carried = generation(tmp_path / "carried", titles)
    write_suggestions(carried, readings, earlier=before)
    assert {"都市首都", "重重围困"} <= set(read) and not set(read) & set(TITLES)
    anew = generation(tmp_path / "anew", titles)
    write_suggestions(anew, READINGS)
    assert files(carried) == files(anew)


def test_many_texts_are_read_in_parts_with_the_same_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    titles = (*TITLES, "换行\n的标题", "  ")
    whole, parts = generation(tmp_path / "whole", titles), generation(tmp_path / "parts", titles)
    write_suggestions(whole, READINGS)
    monkeypatch.setattr(vocabulary, "BATCH", 2)
    write_suggestions(parts, READINGS)
    assert files(whole) == files(parts)
    suggestions = open_suggestions(whole)
    assert suggestions
    (found,) = suggestions.find("换行", 5)
    assert (found.text, found.marks) == ("换行\n的标题", ((0, 2),))


def test_those_of_another_dictionary_are_not_used(tmp_path: Path) -> None:
    before = generation(tmp_path / "before", TITLES)
    write_suggestions(before, READINGS)
    about = before / FOLDER / "about.json"
    about.write_text(json.dumps({**json.loads(about.read_text()), "pinyin": "0"}))
    read: list[str] = []

    def readings(text: str) -> list[str]:
        read.append(text)
        return READINGS(text)

    write_suggestions(generation(tmp_path / "after", TITLES), readings, earlier=before)
    assert set(map(fold, TITLES)) <= set("".join(read).split("\n"))
