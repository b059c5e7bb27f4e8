"""From pieces to the text of a page: markup, columns, OCR noise."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from tests.newspaper_pages.breaks import inside_sentence, wrap
from tests.newspaper_pages.pieces import Piece
from tests.newspaper_pages.specs import LayoutSpec, PageStyle

INDENT = "　　"
_AND = re.compile(r"(?<=[\u4e00-\u9fff])和(?=[\u4e00-\u9fff])(?!浩特)")
_DATE = re.compile(r"(\d)([年月日])")


def set_page(
    pieces: Sequence[Piece], spec: LayoutSpec, style: PageStyle, rng: random.Random
) -> str:
    """The text of a page that consists of these pieces."""
    parts: list[str] = []
    before: Piece | None = None
    titled = False
    for piece in pieces:
        text = _lines(piece, spec, style, rng) if spec.wrapped else _dress(piece, style, titled)
        titled = titled or piece.role == "title"
        if spec.noisy:
            text = _smudge(piece, text, rng)
        if before is not None:
            parts.append(_gap(before, piece, spec, style, rng))
        parts.append(text)
        before = piece
    return "".join(parts) + "\n"


def _dress(piece: Piece, style: PageStyle, titled: bool) -> str:
    match piece.role:
        case "title":
            return _headline(piece.text, style, titled)
        case "paper" | "guide_title" | "kicker" | "subtitle" | "subhead":
            return _small_head(piece, style)
        case "text" if style.indent:
            return INDENT + piece.text
        case _:
            return piece.text


def _headline(text: str, style: PageStyle, titled: bool) -> str:
    match style.mark:
        case "atx":
            return ("# " if style.ranked and not titled else "## ") + text
        case "bold":
            return f"**{text}**"
        case "symbol":
            return style.symbol.format(text)
        case "none":
            return text


def _small_head(piece: Piece, style: PageStyle) -> str:
    if style.mark == "bold" and piece.role == "guide_title":
        return f"**{piece.text}**"
    if style.mark != "atx":
        return piece.text
    if piece.role == "paper":
        return f"# {piece.text}" if style.small_heads else piece.text
    if piece.role in ("kicker", "subtitle") and not style.small_heads:
        return piece.text
    return f"### {piece.text}"


def _lines(piece: Piece, spec: LayoutSpec, style: PageStyle, rng: random.Random) -> str:
    match piece.role:
        case "title" if len(piece.text) > style.width:
            return "\n".join(wrap(piece.text, len(piece.text) // 2 + 1))
        case "text" | "caption":
            indent = INDENT if style.indent else ""
            lines = wrap(indent + piece.text, style.width)
            return "\n".join(_column_break(lines, rng) if rng.random() < spec.cut else lines)
        case _:
            return piece.text


def _column_break(lines: list[str], rng: random.Random) -> list[str]:
    spots = [at for at in range(2, len(lines)) if inside_sentence(lines[at - 1][-1], lines[at][0])]
    if not spots:
        return lines
    at = rng.choice(spots)
    return [*lines[:at], "", *lines[at:]]


def _gap(
    before: Piece, piece: Piece, spec: LayoutSpec, style: PageStyle, rng: random.Random
) -> str:
    if spec.wrapped and style.indent and before.role == piece.role == "text":
        return "\n"
    if before.role == piece.role == "masthead" and rng.random() < 0.2:
        return "  \n"
    if spec.noisy and rng.random() < 0.15:
        return rng.choice(("\n\n\n\n", "\n \n\n", "\n\n\n"))
    return "\n\n"


def _smudge(piece: Piece, text: str, rng: random.Random) -> str:
    if piece.role in ("text", "rest", "caption"):
        text = _AND.sub(lambda _: " and " if rng.random() < 0.3 else "和", text)
        if rng.random() < 0.2:
            text = _DATE.sub(r"\1 \2", text)
    return text + " " * rng.choice((0, 0, 0, 0, 1, 2))
