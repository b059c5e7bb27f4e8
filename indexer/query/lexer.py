"""Query text to marks and words, each with its place; `operators.py` tells which marks are meant.

Every character is looked at a bounded number of times, whatever the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Literal, NamedTuple

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
"""The marks that open a phrase, and those that close it."""

_QUOTE = re.compile(f"[{''.join({*QUOTES, *QUOTES.values()})}]")

OPERATORS = frozenset(("AND", "OR", "NOT"))

NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
"""Full-width characters to those that are read in their place."""

_FIELD = re.compile(rf"({'|'.join(sorted(FIELDS, key=len, reverse=True))}):", re.IGNORECASE)
_CHUNK = re.compile(r'[^\s()"“「『]+')
_NO_PLAIN_WORDS = re.compile('[-()"“「『:\uff01-\uff5e]')
"""What may be more than part of a word."""

_ONLY_PHRASE = re.compile('"([^"\uff02]+)"|“([^“”]+)”|「([^「」]+)」|『([^『』]+)』')

_NEGATIVE = re.compile(r"(?!(?:19|20)\d\d(?!\d|[.,]\d))\d+(?:[.,]\d+)*(?![^\W\d_]|\d)", re.ASCII)
_UNIT = re.compile(r"\d+(?:\.\d+)?[CFcf](?![^\W_])", re.ASCII)
"""What a minus sign stands before: -12℃, -3.5%, -40C, -100米; not 5G, and no year."""

_SILENT = frozenset(("P", "S", "M", "Z", "Cc", "Cf"))
"""The categories of Unicode, or their first letters, of what says nothing where it stands alone
beside words: punctuation, signs, arrows, emoji, and what nobody sees."""

LexemeKind = Literal["word", "phrase", "field", "operator", "-", "(", ")"]


class Lexeme(NamedTuple):
    """A piece of a query as it was typed, `text[start:end]` of it with its marks.

    `text` leaves out the quotes of a phrase and the colon of a field. An `operator` is a word that
    may be one: AND, OR, NOT.
    """

    kind: LexemeKind
    text: str
    start: int
    end: int


def field_of(name: str) -> str:
    """The field that a typed field name means."""
    return FIELDS[name.translate(NARROW).lower()]


def plain_words(text: str) -> list[str] | None:
    """The words of a query that is nothing but words, set apart by spaces; None where it may be
    more."""
    if _NO_PLAIN_WORDS.search(text) is not None:
        return None
    words = text.split()
    return words if OPERATORS.isdisjoint(words) else None


def only_phrase(text: str) -> str | None:
    """What a query quotes that is nothing but one phrase; None where it may be more."""
    match = _ONLY_PHRASE.fullmatch(text)
    if match:
        return match[match.lastindex or 0]
    return text[1:-1] if _is_around_half_quotes(text) else None


def _is_around_half_quotes(text: str) -> bool:
    """Whether a text is quoted that has half of a pair of the same marks itself."""
    opening, closing = text[:1], text[-1:]
    is_quoted = len(text) > 2 and opening != closing and QUOTES.get(opening) == closing
    return is_quoted and text.count(opening) != text.count(closing)


def says_something(word: str) -> bool:
    """Whether a word is more than marks: a dash, a bullet or an emoji between spaces is not."""
    return any(
        category not in _SILENT and category[0] not in _SILENT
        for category in map(unicodedata.category, word)
    )


def lexemes(text: str) -> list[Lexeme]:
    """The pieces of `text` in their order, without spaces. Total: a quote that is never closed is
    left out as punctuation."""
    return list(_lexemes(text, text.translate(NARROW)))


def _lexemes(text: str, narrow: str) -> Iterator[Lexeme]:
    closing = _closing(narrow)
    at = 0
    while at < len(text):
        char = narrow[at]
        if (end := closing.get(at)) is not None:
            yield Lexeme("phrase", text[at + 1 : end], at, end + 1)
            at = end + 1
        elif char in "()":
            yield Lexeme("(" if char == "(" else ")", char, at, at + 1)
            at += 1
        elif char == "-" and _excludes(narrow, at):
            yield Lexeme("-", text[at], at, at + 1)
            at += 1
        elif char.isspace() or char in QUOTES:
            at += 1
        else:
            yield (lexeme := _chunk(text, narrow, at))
            at = lexeme.end


def _chunk(text: str, narrow: str, at: int) -> Lexeme:
    before = narrow[at - 1 : at] or " "
    if before.isspace() or before in "(-":
        field = _FIELD.match(narrow, at)
        if field and _has_value(narrow, field.end()):
            return Lexeme("field", text[at : field.end() - 1], at, field.end())
    match = _CHUNK.match(narrow, at)
    end = match.end() if match else at + 1
    # What follows a colon is the value of a field, whatever it is.
    may_join = narrow[at:end] in OPERATORS and before != ":"
    return Lexeme("operator" if may_join else "word", text[at:end], at, end)


def _has_value(narrow: str, at: int) -> bool:
    """Whether what a field could be asked for stands here."""
    following = narrow[at : at + 1]
    return bool(following.strip()) and following not in "()"


def _excludes(narrow: str, at: int) -> bool:
    """Whether a `-` may exclude what follows: it is a single one, after nothing, a space or a
    bracket, before a word, a phrase or a bracket; and no minus sign, and no option of a command."""
    if at > 0 and not (narrow[at - 1].isspace() or narrow[at - 1] == "("):
        return False
    following = narrow[at + 1 : at + 2]
    if not (following.isalnum() or following == "(" or following in QUOTES):
        return False
    return not (_is_negative(narrow, at + 1) or _is_letter(narrow, at + 1))


def _is_negative(narrow: str, at: int) -> bool:
    return any(pattern.match(narrow, at) for pattern in (_NEGATIVE, _UNIT))


def _is_letter(narrow: str, at: int) -> bool:
    """Whether one ASCII letter stands here by itself, as in `-v`."""
    return narrow[at].isascii() and narrow[at].isalpha() and not narrow[at + 1 : at + 2].strip()


def _closing(narrow: str) -> dict[int, int]:
    """Where each quote that is closed is closed; pairs of unlike marks may nest."""
    closing: dict[int, int] = {}
    opened: dict[str, list[int]] = {mark: [] for mark in QUOTES.values()}
    for match in _QUOTE.finditer(narrow):
        mark, at = match.group(), match.start()
        if mark == '"':
            if opened[mark]:
                closing[opened[mark].pop()] = at
            opened[mark].append(at)
        elif mark in QUOTES:
            opened[QUOTES[mark]].append(at)
        elif opened[mark]:
            closing[opened[mark].pop()] = at
    return closing
