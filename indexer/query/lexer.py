"""Query text to symbols: words, quoted phrases, operators, brackets, field names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

FIELDS = {
    "title": "title",
    "标题": "title",
    "標題": "title",
    "body": "body",
    "正文": "body",
    "内容": "body",
    "內容": "body",
    "author": "author",
    "作者": "author",
    "记者": "author",
    "記者": "author",
    "source": "source",
    "来源": "source",
    "來源": "source",
    "column": "column",
    "栏目": "column",
    "欄目": "column",
    "page": "page",
    "版次": "page",
    "issue": "issue",
    "期号": "issue",
    "期號": "issue",
    "tag": "tags",
    "tags": "tags",
    "标签": "tags",
    "標籤": "tags",
    "kind": "kind",
    "类型": "kind",
    "類型": "kind",
    "date": "date",
    "日期": "date",
}
"""Field names as they are typed, and the field each one means."""

QUOTES = {'"': '"', "“": "”", "「": "」", "『": "』"}

_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_FIELD = re.compile(rf"({'|'.join(sorted(FIELDS, key=len, reverse=True))}):", re.IGNORECASE)
_CHUNK = re.compile(r'[^\s()"“「『]+')
_NO_PLAIN_WORDS = re.compile('[-()"“「『:\uff01-\uff5e]')
"""What may be more than part of a word."""

_ONLY_PHRASE = re.compile('"([^"\uff02]+)"|“([^“”]+)”|「([^「」]+)」|『([^『』]+)』')

SymbolKind = Literal["word", "phrase", "field", "AND", "OR", "NOT", "(", ")"]

_OPERATORS: dict[str, SymbolKind] = {"AND": "AND", "OR": "OR", "NOT": "NOT"}


@dataclass(frozen=True, slots=True)
class Symbol:
    """One symbol of a query, `text` as it was typed. A `-` before a word is a NOT."""

    kind: SymbolKind
    text: str


def field_of(name: str) -> str:
    """The field that a typed field name means."""
    return FIELDS[name.translate(_NARROW).lower()]


def plain_words(text: str) -> list[str] | None:
    """The words of a query that is nothing but words, set apart by spaces; None where it may be
    more."""
    if _NO_PLAIN_WORDS.search(text) is not None:
        return None
    words = text.split()
    return words if _OPERATORS.keys().isdisjoint(words) else None


def only_phrase(text: str) -> str | None:
    """The text between the quotes of a query that is one phrase and nothing else; None where it may
    be more."""
    match = _ONLY_PHRASE.fullmatch(text)
    return match[match.lastindex or 0] if match else None


def symbols(text: str) -> list[Symbol]:
    """The symbols of `text`. Total: a quote that is never closed is left out as punctuation."""
    return list(_symbols(text, text.translate(_NARROW)))


def _symbols(text: str, narrow: str) -> Iterator[Symbol]:
    at = 0
    while at < len(text):
        char = narrow[at]
        if char in QUOTES and (end := _closing(narrow, at)) is not None:
            yield Symbol("phrase", text[at + 1 : end])
            at = end + 1
        elif char in "()":
            yield Symbol("(" if char == "(" else ")", char)
            at += 1
        elif char == "-" and _begins(narrow, at) and narrow[at + 1 : at + 2].strip():
            yield Symbol("NOT", text[at])
            at += 1
        elif char.isspace() or char in QUOTES:
            at += 1
        else:
            symbol, at = _chunk(text, narrow, at)
            yield symbol


def _chunk(text: str, narrow: str, at: int) -> tuple[Symbol, int]:
    field = _FIELD.match(narrow, at)
    if field and narrow[field.end() : field.end() + 1].strip():
        return Symbol("field", text[at : field.end() - 1]), field.end()
    match = _CHUNK.match(narrow, at)
    end = match.end() if match else at + 1
    kind = _OPERATORS.get(narrow[at:end], "word")
    return Symbol(kind, text[at:end]), end


def _begins(narrow: str, at: int) -> bool:
    """Whether a symbol may begin here: after nothing, a space or a bracket."""
    return at == 0 or narrow[at - 1].isspace() or narrow[at - 1] == "("


def _closing(narrow: str, at: int) -> int | None:
    """Where the quote opened at `at` is closed; pairs of unlike marks may nest."""
    opening, closing = narrow[at], QUOTES[narrow[at]]
    if opening == closing:
        found = narrow.find(closing, at + 1)
        return found if found >= 0 else None
    depth = 0
    for end in range(at, len(narrow)):
        depth += (narrow[end] == opening) - (narrow[end] == closing)
        if depth == 0:
            return end
    return None
