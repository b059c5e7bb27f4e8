"""Find the guide to inner pages (本期导读) and read its entries."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from jianbao.indexer.sources.newspaper.lines.blocks import Block
from jianbao.indexer.sources.newspaper.lines.bylines import byline_names, is_lead, tail_names

ENTRY_LIMIT = 60
"""Characters: a guide's entry is a headline with a page number, on one line or two."""

TITLE_LINES = 3
"""Lines of one entry's title; the page of a longer one would be further off than its own text."""

_HEADER = re.compile(
    r"[【\[■●◆□]?\s*(?:本期|今日|本报|内页|要闻|新闻|本版|版面|精彩|重点)?\s*(?:导读|导览|看点|提要|要目)\s*[】\]]?:?"
)
_STRICT = r"(?P<page>(?:第\s*)?(?:[A-Za-z]?\d{1,3}|[一二三四五六七八九十]{1,3})\s*版)"
_ALONE = re.compile(rf"[(→▶►>》]*\s*(?:详见|见|转)?\s*{_STRICT}\s*[)]?")
_AFTER = re.compile(rf"(?P<title>.*?\S)\s*(?:[(…·.—\-→▶►>\s]|详见|见)+{_STRICT}\s*[)]?")
_BEFORE = re.compile(rf"[(]?{_STRICT}\s*[)]?\s*[:|丨·\s■●]*(?P<title>\S.*)")


@dataclass(frozen=True, slots=True)
class Guide:
    """A guide: its blocks, its heading if printed, and its entries as (title, page as printed)."""

    blocks: tuple[int, ...]
    title: str
    entries: tuple[tuple[str, str], ...]


def find_guides(blocks: Sequence[Block], taken: frozenset[int]) -> tuple[Guide, ...]:
    """Every guide on the page, in order; `taken` blocks belong to something else."""
    guides: list[Guide] = []
    number = 0
    while number < len(blocks):
        guide = _read_guide(blocks, taken, number)
        if guide:
            guides.append(guide)
            number = guide.blocks[-1]
        number += 1
    return tuple(guides)


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a guide: a title, a page label, or both."""

    number: int
    title: str = ""
    page: str = ""


def _read_guide(blocks: Sequence[Block], taken: frozenset[int], start: int) -> Guide | None:
    headed = start not in taken and _is_header(blocks[start].plain)
    if not headed and not any("版" in block.plain for block in blocks[start : start + 3]):
        return None
    lines = _collect(blocks, taken, start + headed, headed)
    pages_first = headed and bool(lines) and not lines[0].title
    last, entries = _pages_first(lines) if pages_first else _titles_first(lines)
    if len(entries) < (1 if headed else 2):
        return None
    title = blocks[start].text if headed else ""
    return Guide(tuple(range(start, last + 1)), title, tuple(entries))


def _is_header(text: str) -> bool:
    # Its length is looked at first: a long run of spaces can be dealt out in many ways.
    return len(text) <= ENTRY_LIMIT and bool(_HEADER.fullmatch(text))


def _collect(
    blocks: Sequence[Block], taken: frozenset[int], first: int, headed: bool
) -> list[_Line]:
    """The lines from `first` that a guide could hold; a title waits few lines for its page."""
    lines: list[_Line] = []
    waiting = 0
    for number in range(first, len(blocks)):
        if number in taken or not _fits(blocks[number]):
            break
        if number > first and _is_header(blocks[number].plain):
            break
        line = _read_line(number, blocks[number])
        waiting = 0 if line.page else waiting + 1
        if waiting > (TITLE_LINES if headed else 2):
            break
        lines.append(line)
    return lines


def _read_line(number: int, block: Block) -> _Line:
    text = block.plain
    alone = _ALONE.fullmatch(text)
    if alone:
        return _Line(number, page=alone[1])
    found = _AFTER.fullmatch(text) or _BEFORE.fullmatch(text)
    if not found:
        return _Line(number, block.text)
    start, end = found.span("title")
    return _Line(number, block.text[start:end], found["page"])


def _titles_first(lines: Sequence[_Line]) -> tuple[int, list[tuple[str, str]]]:
    entries: list[tuple[str, str]] = []
    words: list[str] = []
    last = -1
    for line in lines:
        words.extend([line.title] if line.title else [])
        if line.page:
            entries.append((" ".join(words), line.page))
            words = []
            last = line.number
    return last, entries


def _pages_first(lines: Sequence[_Line]) -> tuple[int, list[tuple[str, str]]]:
    """Only one title goes under the last label: what follows it may be a story's headline."""
    final = max(place for place, line in enumerate(lines) if line.page)
    entries: list[tuple[str, str]] = []
    page = ""
    kept = lines[: final + 2]
    for line in kept:
        page = line.page or page
        if line.title:
            entries.append((line.title, page))
    return kept[-1].number, entries


def _fits(block: Block) -> bool:
    """Whether a line can be part of a guide: short, plain, and not the opening of a story."""
    text = block.plain
    if not text or len(text) > ENTRY_LIMIT or is_lead(text) or text.endswith("。"):
        return False
    if byline_names(text) or tail_names(text):
        return False
    return not block.level or bool(_ALONE.fullmatch(text) or _AFTER.fullmatch(text))
