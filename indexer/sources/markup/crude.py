"""The text of HTML and Markdown without a parser: in one pass, whatever the markup.

For what the parsers cannot read in time. More is kept than a reader of the page would see, rather
than less. All patterns give up at the next `<`, `[` or line end, or are possessive, so that their
work is in proportion to the text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from jianbao.indexer.sources.cleaning.text import clean_body, clean_line, unwrapped
from jianbao.indexer.sources.markup.elements import IN_LINE, UNSEEN

_BREAK = "\0"

_TITLE = re.compile(r"<title(?![\w-])[^<>]*+>([^<]*+)", re.IGNORECASE)
_IN_LINE_TAG = re.compile(rf"</?(?:{'|'.join(sorted(IN_LINE))})(?![\w:-])[^<>]*+>", re.IGNORECASE)
_CELL_END = re.compile(r"</t[dh](?![\w:-])[^<>]*+>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]*+>|<[!?][^<>]*+>", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"&#\d{8}\d*+;?")

_HEADING = re.compile(r"^#{1,6}[ \t]++(\S.*)$", re.MULTILINE)
_MARKS = re.compile(
    r"^(?:[ \t]*+(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t])|#{1,6}(?=[ \t])))++"
    r"|^[ \t]*+(?:`{3,}|~{3,}|[-=*_|:][-=*_|: \t]*+$).*+",
    re.MULTILINE,
)
_BLANK = re.compile(r"\n[ \t]*+\n")
_LINK = re.compile(r"!?\[([^\[\]\n]*+)\]\([^()\s]*+\)")
_EMPHASIS = re.compile(r"\*\*|__|~~")


def crude_html(page: str) -> tuple[str, str]:
    """The title and the text of a page; a line for each element that is not in running text."""
    title = _TITLE.search(page)
    shown = page[: title.start()] + page[title.end() :] if title else page
    text = _without(shown, "<!--", "-->")
    for name in sorted(UNSEEN):
        text = _without(text, f"<{name}", f"</{name}")
    text = _CELL_END.sub("\t", _IN_LINE_TAG.sub("", text.replace(_BREAK, "")))
    lines = _TAG.sub(_BREAK, text).split(_BREAK)
    body = clean_body("\n".join(unwrapped(_unescaped(line)) for line in lines if line.strip()))
    return clean_line(_unescaped(title[1])) if title else "", body


def crude_markdown(markdown: str) -> Iterator[tuple[str, int]]:
    """The paragraphs of a text without the commonest marks; with 1 for its first heading, or 0."""
    heading = _HEADING.search(markdown)
    first = clean_line(heading[1]) if heading else ""
    text = _BLANK.sub(_BREAK, _MARKS.sub(_BREAK, markdown.replace(_BREAK, "")))
    text = _EMPHASIS.sub("", _TAG.sub("", _LINK.sub(r"\1", text)))
    for paragraph in text.split(_BREAK):
        shown = unwrapped(_unescaped(paragraph)).strip()
        if shown:
            is_first = bool(first) and clean_line(shown) == first
            yield shown, int(is_first)
            first = "" if is_first else first


def _without(text: str, opening: str, closing: str) -> str:
    """`text` without what stands between the two, in any case; what is never closed stays."""
    low = text.lower() if len(text.lower()) == len(text) else text
    pieces: list[str] = []
    at = 0
    last = low.rfind(closing)
    while (start := low.find(opening, at)) >= 0 and start < last:
        end = low.find(closing, start)
        after = low.find(">", end)
        pieces.append(text[at:start] + _BREAK)
        at = len(text) if after < 0 else after + 1
    return "".join([*pieces, text[at:]])


def _unescaped(text: str) -> str:
    # Python refuses to read a number of more than 4,300 digits, and no character has eight.
    return html.unescape(_LONG_NUMBER.sub("\N{REPLACEMENT CHARACTER}", text))
