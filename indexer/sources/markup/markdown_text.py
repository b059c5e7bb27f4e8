"""Markdown markup to the plain text that a reader of the rendered page sees."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, reference
from markdown_it.token import Token

from jianbao.indexer.sources.cleaning.text import unwrapped
from jianbao.indexer.sources.markup.visible_text import visible_text

DEEPEST = 60
"""Blocks inside each other. The parser leaves out what lies deeper, without a word."""


class TooDeepError(Exception):
    """Blocks are nested deeper than `DEEPEST`."""


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph of the rendered text; `level` is 1 to 6 for a heading, else 0."""

    text: str
    level: int = 0


def rendered(markdown: str) -> Iterator[Block]:
    """The blocks of a Markdown text (CommonMark with tables), nothing visible left out.

    A table row is one block, its cells separated by tabs; a code block keeps its lines. Raises
    TooDeepError, or RecursionError.
    """
    level = 0
    cells: list[str] | None = None
    for token in _parser().parse(markdown):
        if token.level >= DEEPEST - 1:
            raise TooDeepError
        if token.type == "heading_open":
            level = int(token.tag[1:])
        elif token.type == "tr_open":
            cells = []
        elif token.type == "tr_close":
            yield Block("\t".join(cells or []))
            cells = None
        elif token.type == "inline":
            text = _inline(token.children or [])
            if cells is None:
                yield Block(text, level)
            else:
                cells.append(text)
            level = 0
        else:
            yield from _literal(token.type, token.content)


_DEFINITION = re.compile(r"\s*\[([^\[\]\n]{0,999})\]:\s*(\S*)")

_HAN = re.compile(r"[\u3400-\u9fff]")

_PUNCTUATION = re.compile(r"[，。；：！？、“”《》]")

_ADDRESS = re.compile(r"[<./#]|[A-Za-z][\w+-]*:")
"""What an address or a path begins with; a path of Chinese names has a full stop or a slash."""


def _reference(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The parser's rule for definitions of links, which are not shown, without what is none: a
    footnote and a note such as `[注]: 本文有删节。` have the same form, and their text is shown."""
    found = _DEFINITION.match(state.getLines(start, min(start + 2, end), 0, False))
    if found is not None and _is_note(found[1], found[2]):
        return False
    return reference(state, start, end, silent)


def _is_note(label: str, target: str) -> bool:
    if label.startswith("^"):
        return True
    if _ADDRESS.match(target) or not _HAN.search(target):
        return False
    return bool(_PUNCTUATION.search(target)) or not set(target) & set("./#")


@cache
def _parser() -> MarkdownIt:
    """The parser, which keeps nothing of what it has parsed; to make one takes 100 µs."""
    parser = MarkdownIt("commonmark", {"maxNesting": DEEPEST})
    parser.block.ruler.at("reference", _reference)
    return parser.enable(["table", "strikethrough"])


def _literal(kind: str, content: str) -> Iterator[Block]:
    if kind in {"fence", "code_block"}:
        yield Block(content)
    elif kind == "html_block":
        yield Block(visible_text(content))


_LINE_END = "\0"
"""Stands for a kept line end among the pieces of a paragraph; the parser lets no NUL through."""


def _inline(tokens: Sequence[Token]) -> str:
    """The text of a paragraph: links by their text, pictures by their description."""
    pieces: list[str] = []
    for token in tokens:
        if token.type == "hardbreak" or _is_break(token):
            pieces.append(_LINE_END)
        elif token.type == "softbreak":
            pieces.append("\n")
        elif token.type in {"text", "text_special", "code_inline", "image"}:
            pieces.append(token.content)
    return "\n".join(unwrapped(line) for line in "".join(pieces).split(_LINE_END))


def _is_break(token: Token) -> bool:
    return token.type == "html_inline" and token.content.lower().startswith("<br")
