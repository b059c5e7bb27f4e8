"""HTML to all the text that a browser would show, without judging what matters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from jianbao.indexer.sources.cleaning.text import clean_body, clean_text, unwrapped
from jianbao.indexer.sources.markup.crude import crude_html
from jianbao.indexer.sources.markup.elements import IN_LINE, UNSEEN

DEEPEST = 1000
"""Elements inside each other. The parser leaves out what lies below 2,048, without a word."""

_XML_DECLARATION = re.compile(r"\s*<\?xml[^>]*>")


def visible_text(html: str) -> str:
    """The visible text of a page or a piece of one, a line for each block, cells split by tabs."""
    root = parsed(html)
    if root is None:
        return ""
    return crude_html(html)[1] if is_too_deep(root) else element_text(root)


def element_text(root: etree._Element) -> str:
    """The visible text of a tree of HTML elements, or of the few kinds that trafilatura makes."""
    lines = "".join(_pieces(root)).split("\0")
    return clean_body("\n".join(line if "\1" in line else unwrapped(line) for line in lines))


def parsed(html: str) -> etree._Element | None:
    """The element tree of any text at all, or None where there is nothing in it."""
    text = _XML_DECLARATION.sub("", clean_text(html), count=1).strip()
    parser = etree.HTMLParser(recover=True, huge_tree=True, remove_comments=True, remove_pis=True)
    return etree.fromstring(text, parser) if text else None


def is_too_deep(root: etree._Element) -> bool:
    """Whether elements lie deeper than `DEEPEST`: of such a tree a part may be missing."""
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > DEEPEST:
            return True
    return False


def _pieces(root: etree._Element) -> Iterator[str]:
    """The text in order, NUL at the line ends and a byte 1 in front of lines kept as they are."""
    unseen = kept = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = str(element.tag)
        step = 1 if event == "start" else -1
        unseen += step * _is_unseen(element, tag)
        kept += step * (tag in {"pre", "textarea"})
        if not unseen:
            yield _edge(tag, event)
        text = element.text if event == "start" else element.tail
        if tag == "img" and event == "start":
            text = element.get("alt")
        if text and not unseen:
            yield text.replace("\n", "\0\1") if kept else text


def _is_unseen(element: etree._Element, tag: str) -> bool:
    return tag in UNSEEN or "hidden" in element.attrib


def _edge(tag: str, event: str) -> str:
    if tag in {"td", "th", "cell"}:
        return "" if event == "start" else "\t"
    return "" if tag in IN_LINE else "\0"
