"""A query and words to narrow it by, as one query text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from jianbao.indexer.query.lexer import OPERATORS, QUOTES, lexemes
from jianbao.indexer.query.operators import Symbol, symbols

_BESIDE = "文"
"""A word beside which a `-` of the added text excludes something."""


def quoted(text: str) -> str | None:
    """`text` as a phrase; None where it has quotation marks of every kind."""
    for opening, closing in (("“", "”"), *QUOTES.items()):
        if opening not in text and closing not in text:
            return f"{opening}{text}{closing}"
    return None


def narrowed_query(query: str, added: str, *, any_word: bool = False) -> str:
    """A query text for what `query` finds and `added` too, each read as it would be by itself; a
    `-` in `added` excludes from what `query` finds. `any_word` tells that words side by side are
    alternatives in `query`; those of `added` are all required."""
    found, narrowing = symbols(query), symbols(f"{_BESIDE} {added}")[1:]
    while narrowing and narrowing[0].kind in ("AND", "OR"):
        narrowing = narrowing[1:]
    if not narrowing or not found:
        return query.strip() if not narrowing else added.strip()
    if any_word or _groups(found) or _groups(narrowing):
        return f"{_grouped(found)} AND {_required(narrowing)}"
    typed = f"{query.strip()} {added.strip()}"
    return typed if symbols(typed) == found + narrowing else f"{_typed(found)} {_typed(narrowing)}"


def _groups(found: Sequence[Symbol]) -> bool:
    return any(symbol.kind in ("AND", "OR", "(") for symbol in found)


def _grouped(found: Sequence[Symbol]) -> str:
    return _typed(found) if len(found) == 1 else f"({_typed(found)})"


def _required(found: Sequence[Symbol]) -> str:
    """Words side by side would be alternatives where those of the query are."""
    if _groups(found):
        return _grouped(found)
    text = ""
    for before, symbol in zip((None, *found), found, strict=False):
        if before and before.kind not in ("NOT", "field"):
            text += " AND "
        text += _after(before, symbol)
        text += " " * (symbol.kind == "NOT" and text[-1].isalpha())
    return text


def _typed(found: Sequence[Symbol]) -> str:
    """The symbols as a text that is read as these symbols, beside whatever it stands."""
    text = ""
    for before, symbol, after in zip((None, *found), found, (*found[1:], None), strict=False):
        space = "" if not text or text.endswith(("(", ":", "-")) or symbol.kind == ")" else " "
        if symbol.kind == "quoted":
            # Only what touches other characters is read as quoted within a text.
            space = "" if _is_text(before) else space + "，" * (not _is_text(after))
        elif before and before.kind == "quoted" and _is_text(symbol):
            space = ""
        text += space + _after(before, symbol)
    return text


def _after(before: Symbol | None, symbol: Symbol) -> str:
    """A symbol as it is spelled behind another: a `-` excludes only what begins with a letter or
    digit, so marks before that are left out."""
    spelled = _spelled(symbol)
    if before and before.kind == "NOT" and symbol.kind == "word":
        return re.sub(r"^[\W_]+", "", spelled) or spelled
    return spelled


def _is_text(symbol: Symbol | None) -> bool:
    return symbol is not None and symbol.kind in ("word", "quoted")


def _spelled(symbol: Symbol) -> str:
    match symbol.kind:
        case "word":
            return _word(symbol.text)
        case "phrase" | "quoted":
            return quoted(symbol.text) or symbol.text
        case "field":
            return f"{symbol.text}:"
        case "NOT":
            return "NOT" if symbol.text.isalpha() else "-"
        case _:
            return symbol.kind


def _word(text: str) -> str:
    """A word that is no operator, so spelled that it is none beside any other text."""
    if text in OPERATORS:
        return text.lower()
    alone = [lexeme.kind for lexeme in lexemes(text)]
    return text if alone == ["word"] else re.sub("[-:－：]+", " ", text).strip()
