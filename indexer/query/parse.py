"""Query text to a query tree. Whatever does not parse is read literally."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from jianbao.indexer.models import Mode
from jianbao.indexer.query.lexer import field_of, only_phrase, plain_words, says_something
from jianbao.indexer.query.operators import Symbol, symbols
from jianbao.indexer.query.tree import (
    TEXT_FIELDS,
    And,
    Dates,
    Everything,
    Leaf,
    Not,
    Or,
    Prefer,
    Query,
    Value,
)
from jianbao.indexer.text.analyzer import Analyzer, Piece, Word
from jianbao.indexer.text.fold import fold
from jianbao.indexer.text.scripts import HAN_RUN

DEEPEST = 40
"""Brackets and NOTs nested deeper than this are read literally; Python's stack is far deeper."""

PAIRS = 24
"""Pairs of characters that are searched for in a query, at most."""

_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


def parse(text: str, analyzer: Analyzer, mode: Mode = "all") -> Query:
    """The query tree of `text`, for any string at all; a blank one means every article.

    With mode `any` the words that stand side by side are alternatives, otherwise (`all`, `auto`)
    each is required. What is quoted, excluded, in a field or joined by AND is always required.
    """
    any_word = mode == "any"
    # Most of what is asked is words of the dictionary, which take half the time of others.
    known = analyzer.known_words(text)
    if known:
        leaves = tuple([Leaf(word, (Piece(word, 0),), True) for word in dict.fromkeys(known)])
        if len(leaves) == 1:
            return leaves[0]
        return Or(leaves) if any_word else And(leaves)
    query = _parse(text, analyzer, any_word=any_word)
    return parse_literally(text, analyzer) if isinstance(query, Everything) else query


def parse_literally(text: str, analyzer: Analyzer, fields: tuple[str, ...] = TEXT_FIELDS) -> Query:
    """`text` as it stands, operators and all; a blank one means every article."""
    literal = fold(text).replace("\n", " ").strip()
    if not literal:
        return Everything()
    return Leaf(literal, tuple(analyzer.pieces(literal)), fields=fields)


def day_range(text: str) -> tuple[str, str] | None:
    """First and last day of `2024`, `2024-12` or `2024-12-30`; None where that is no date."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day = (int(part) if part else 0 for part in match.groups())
    first, last = month or 1, month or 12
    if year == 0 or not 1 <= first <= 12:
        return None
    if day and not 1 <= day <= calendar.monthrange(year, first)[1]:
        return None
    start = f"{year:04}-{first:02}-{day or 1:02}"
    return start, f"{year:04}-{last:02}-{day or calendar.monthrange(year, last)[1]:02}"


def _parse(text: str, analyzer: Analyzer, *, any_word: bool) -> Query:
    # Words alone, and a phrase alone, take a third of the time without symbols.
    plain = plain_words(text)
    if plain is not None:
        return _side_by_side(plain, analyzer, any_word=any_word)
    phrase = only_phrase(text.strip())
    if phrase is not None:
        return parse_literally(phrase, analyzer)
    return _parse_symbols(symbols(text), analyzer, any_word=any_word)


def _parse_symbols(found: list[Symbol], analyzer: Analyzer, *, any_word: bool) -> Query:
    try:
        return _Parser(found, analyzer, any_word=any_word).whole()
    except _DoesNotParseError:
        words = [symbol.text for symbol in found if symbol.kind not in "()"]
        return _side_by_side(words, analyzer, any_word=any_word)


def _side_by_side(texts: list[str], analyzer: Analyzer, *, any_word: bool) -> Query:
    spoken = [text for text in texts if says_something(text)] or texts
    found = [leaf for text in spoken for leaf in _leaves(text, TEXT_FIELDS, analyzer)]
    return _any(list(_in_pairs(found, analyzer))) if any_word else _all(found)


def _words(text: str, fields: tuple[str, ...], analyzer: Analyzer, *, any_word: bool) -> Query:
    """What one word as it was typed, which may be several of the dictionary's, asks for."""
    found = _leaves(text, fields, analyzer)
    return _any(found) if any_word else _all(found)


def _in_pairs(words: Sequence[Leaf], analyzer: Analyzer) -> Iterator[Leaf]:
    """The words, and in the place of an unknown one its characters two by two: an article may have
    a part of a new name. Of the first such words only, as each pair is searched for."""
    left = PAIRS
    for word in words:
        count = len(word.text) - 1
        if not 2 <= count <= left or not _is_unknown_name(word):
            yield word
            continue
        left -= count
        for pair in map("".join, pairwise(word.text)):
            pieces = tuple(analyzer.pieces(pair, whole=True))
            yield Leaf(pair, pieces, True)


def _is_unknown_name(word: Leaf) -> bool:
    is_known = len(word.pieces) == 1 and word.pieces[0].offset == 0
    return not (is_known or word.prefix) and HAN_RUN.fullmatch(word.text) is not None


def _leaves(text: str, fields: tuple[str, ...], analyzer: Analyzer) -> list[Leaf]:
    bare = text.rstrip("*＊")
    # One asterisk at the end asks for a beginning; others are emphasis (**重点**).
    if len(text) - len(bare) != 1 or not bare or bare[0] in "*＊":
        return [_leaf(word, fields, analyzer) for word in analyzer.words(text)]
    words = analyzer.words(bare)
    found = [_leaf(word, fields, analyzer) for word in words[:-1]]
    return found + [_leaf(word, fields, analyzer, prefix=True) for word in words[-1:]]


def _leaf(word: Word, fields: tuple[str, ...], analyzer: Analyzer, *, prefix: bool = False) -> Leaf:
    if word.known:
        return Leaf(word.text, (Piece(word.text, 0),), True, prefix, fields)
    pieces = analyzer.pieces(word.text, whole=word.whole, prefix=prefix)
    return Leaf(word.text, tuple(pieces), word.whole, prefix, fields)


class _DoesNotParseError(Exception):
    """The symbols are no query; the caller reads them literally."""


@dataclass(frozen=True, slots=True)
class _Operand:
    query: Query
    words: tuple[Leaf, ...] | None = None
    """What mode `any` asks for in its place, unless AND joins it: any of these, or none of them;
    None where it does not go without the operand."""
    phrase: tuple[Leaf, ...] = ()
    """What raises an article that has it then."""


class _Parser:
    def __init__(self, found: list[Symbol], analyzer: Analyzer, *, any_word: bool) -> None:
        self._symbols = found
        self._analyzer = analyzer
        self._any_word = any_word
        self._at = 0
        self._depth = 0

    def whole(self) -> Query:
        if not self._symbols:
            return Everything()
        query = self._alternatives()
        if self._at < len(self._symbols):
            raise _DoesNotParseError
        return query

    def _peek(self) -> str:
        return self._symbols[self._at].kind if self._at < len(self._symbols) else ""

    def _next(self) -> Symbol:
        if self._at == len(self._symbols):
            raise _DoesNotParseError
        self._at += 1
        return self._symbols[self._at - 1]

    def _alternatives(self) -> Query:
        parts = [self._conjunction()]
        while self._peek() == "OR":
            self._at += 1
            parts.append(self._conjunction())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _conjunction(self) -> Query:
        operands = [self._operand()]
        while (kind := self._peek()) not in ("", "OR", ")"):
            if kind == "AND":
                self._at += 1
                operands[-1] = _Operand(operands[-1].query)
                operands.append(_Operand(self._operand().query))
            else:
                operands.append(self._operand())
        return self._join(operands)

    def _operand(self) -> _Operand:
        symbol = self._next()
        match symbol.kind:
            case "word":
                return self._word(symbol)
            case "phrase":
                return _Operand(parse_literally(symbol.text, self._analyzer))
            case "quoted":
                return self._quoted(symbol)
            case "field":
                return _Operand(self._field(field_of(symbol.text)))
            case "NOT" | "(":
                return _Operand(self._nested(symbol))
            case _:
                raise _DoesNotParseError

    def _word(self, symbol: Symbol) -> _Operand:
        found = tuple(_leaves(symbol.text, TEXT_FIELDS, self._analyzer))
        return _Operand(_any(found) if self._any_word else _all(found), found)

    def _quoted(self, symbol: Symbol) -> _Operand:
        """What is quoted within a text: all of it, or any word of it and better all of it."""
        phrase = parse_literally(symbol.text, self._analyzer)
        if not isinstance(phrase, Leaf):
            return _Operand(phrase)
        found = tuple(_leaves(symbol.text, TEXT_FIELDS, self._analyzer))
        is_word = len(found) == 1 and found[0].text == phrase.text
        return _Operand(phrase, found, () if is_word else (phrase,))

    def _nested(self, opening: Symbol) -> Query:
        self._depth += 1
        if self._depth > DEEPEST:
            raise _DoesNotParseError
        if opening.kind == "NOT":
            query: Query = Not(self._excluded())
        else:
            query = self._alternatives()
            if self._next().kind != ")":
                raise _DoesNotParseError
        self._depth -= 1
        return query

    def _excluded(self) -> Query:
        """What a NOT or `-` shuts out: a word is meant as it is spelled, not as its parts."""
        if self._peek() == "word":
            return parse_literally(self._next().text, self._analyzer)
        return self._operand().query

    def _field(self, field: str) -> Query:
        symbol = self._next()
        if symbol.kind not in ("word", "phrase", "quoted"):
            raise _DoesNotParseError
        if field == "date":
            return _dates(symbol.text)
        if field not in TEXT_FIELDS:
            return Value(field, fold(symbol.text).strip())
        if symbol.kind != "word":
            return parse_literally(symbol.text, self._analyzer, (field,))
        return self._words(symbol, (field,))

    def _words(self, symbol: Symbol, fields: tuple[str, ...]) -> Query:
        return _words(symbol.text, fields, self._analyzer, any_word=self._any_word)

    def _join(self, operands: list[_Operand]) -> Query:
        operands = [operand for operand in operands if not isinstance(operand.query, Everything)]
        if not self._any_word:
            return _all([operand.query for operand in operands])
        required = [operand.query for operand in operands if operand.words is None]
        words = [leaf for operand in operands for leaf in operand.words or ()]
        if not words:
            return _all(required)
        phrases = [leaf for operand in operands for leaf in operand.phrase]
        any_of_them = _any([*_in_pairs(words, self._analyzer), *phrases])
        if not required:
            return any_of_them
        if any(isinstance(query, Leaf | And | Or | Prefer) for query in required):
            return Prefer(_all(required), any_of_them)
        return _all([*required, any_of_them])


def _all(parts: Sequence[Query]) -> Query:
    return _joined(parts, And)


def _any(parts: Sequence[Query]) -> Query:
    return _joined(parts, Or)


def _joined(parts: Sequence[Query], kind: type[And] | type[Or]) -> Query:
    """The distinct parts, those of parts that are of the kind themselves among them."""
    flat: list[Query] = []
    for part in parts:
        if isinstance(part, kind):
            flat += part.parts
        else:
            flat.append(part)
    distinct = tuple(dict.fromkeys(flat))
    if not distinct:
        return Everything()
    return distinct[0] if len(distinct) == 1 else kind(distinct)


def _dates(text: str) -> Dates:
    start_text, dots, end_text = fold(text).partition("..")
    start = day_range(start_text) if start_text else ("", "")
    end = day_range(end_text) if end_text else ("", "")
    if start is None or end is None or not (start_text or end_text):
        raise _DoesNotParseError
    return Dates(start[0], end[1] if dots else start[1])
