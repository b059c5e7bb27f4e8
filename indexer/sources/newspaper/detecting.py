"""Tell a newspaper page from an article or a note."""

from __future__ import annotations

from indexer.sources.newspaper.bylines import byline_names, is_lead
from indexer.sources.newspaper.folding import fold
from indexer.sources.newspaper.model import Item, Masthead
from indexer.sources.newspaper.reading import split_page

SURE = 3
"""Points of evidence for a page: a full masthead, or part of one and stories of newspaper shape."""
SEVERAL = 3
"""Headlines with text from which on a text has several stories."""


def looks_like_page(text: str) -> bool:
    """Whether `text` shows a masthead, bylines or several stories as only a newspaper page does."""
    page = split_page(text)
    stories = [item for item in page.items if item.kind == "article" and item.title]
    signed = sum(map(_is_signed, stories))
    others = sum(item.kind in ("picture", "guide") for item in page.items)
    if not (signed or others or (page.masthead.newspaper and stories)):
        return False
    fields = _fields(page.masthead)
    if len(stories) + others < 2:
        return fields >= SURE
    named = bool(page.masthead.newspaper and page.masthead.date)
    return fields + named + min(signed, 2) + (len(stories) >= SEVERAL) >= SURE


def _fields(masthead: Masthead) -> int:
    """How many fields are there that only a newspaper prints."""
    return sum(
        map(bool, (masthead.issue, masthead.cn, masthead.postal, masthead.weekday, masthead.page))
    )


def _is_signed(item: Item) -> bool:
    """Whether a story opens with a dateline or a byline."""
    lines = map(fold, item.paragraphs[:2])
    return any(is_lead(line) or byline_names(line) for line in lines)
