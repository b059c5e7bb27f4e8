"""What a newspaper page is once it has been read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

ItemKind = Literal["masthead", "article", "picture", "guide"]
"""`masthead` also holds the page's other furniture: editors, addresses, prices."""

Span = tuple[int, int]
"""A `[start, end)` range of character offsets into the page text."""


@dataclass(frozen=True, slots=True)
class Masthead:
    """What the page says of itself; a field that it does not say is empty.

    `date` is ISO; `issue` is verbatim (`第49期(总第2604期)`), `number` and `total` its two figures;
    `cn` is the 刊号, `postal` the 邮发代号, `page` the page's label without 第 and 版 (`3`, `A03`).
    `people` are its editors and sponsors as (role, name) pairs.
    """

    newspaper: str = ""
    date: str = ""
    weekday: str = ""
    issue: str = ""
    number: str = ""
    total: str = ""
    cn: str = ""
    postal: str = ""
    page: str = ""
    section: str = ""
    people: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One thing on the page.

    `title` is empty when the page prints none for it. A guide's paragraphs are its entries, each
    `title<TAB>page`. `spans` are ascending and cover every character of the item.
    """

    kind: ItemKind
    spans: tuple[Span, ...]
    title: str = ""
    kicker: str = ""
    subtitle: str = ""
    authors: tuple[str, ...] = ()
    paragraphs: tuple[str, ...] = ()
    column: str = ""
    continues_to: str = ""
    continued_from: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page as its items, in page order; their spans partition the text exactly."""

    masthead: Masthead = field(default_factory=Masthead)
    items: tuple[Item, ...] = ()


def merge_spans(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same characters in as few ascending ranges as possible."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and merged[-1][1] == start:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return tuple(merged)
