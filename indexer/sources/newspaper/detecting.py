"""Tell a newspaper page from an article or a note."""

from __future__ import annotations

from jianbao.indexer.sources.newspaper.lines.bylines import byline_names, is_lead
from jianbao.indexer.sources.newspaper.lines.folding import fold
from jianbao.indexer.sources.newspaper.lines.page_model import Item, Masthead, Page
from jianbao.indexer.sources.newspaper.reading import split_page

SURE = 3
"""Points of evidence for a page: a full masthead, or part of one and stories of newspaper shape."""
SEVERAL = 3
"""Headlines with text from which on a text has several stories."""


PAGE_LINES = 5_000
"""Lines of a page at most. One of the largest format, in the narrowest columns, has 1,500. The
dearest line of all shapes tried took 0.15 ms on a busy machine: under a second for a page."""

PAGE_CHARACTERS = 100_000
"""Characters of a page at most; one in the smallest print has 15,000."""

BEYOND = (
    f"it begins as a newspaper page, but has more than {PAGE_CHARACTERS} characters or "
    f"{PAGE_LINES} lines, so it is read as one article; give each page a file of its own"
)


def looks_like_page(text: str) -> bool:
    """Whether `text` shows a masthead, bylines or several stories as only a newspaper page does."""
    return newspaper_page(text)[0] is not None


def newspaper_page(text: str) -> tuple[Page | None, str]:
    """The newspaper page that `text` is, or None; and a complaint where a text that begins as a
    page is longer than any."""
    if len(text) <= PAGE_CHARACTERS and text.count("\n") < PAGE_LINES:
        page = split_page(text)
        return (page, "") if _shows_page(page) else (None, "")
    lines = text[: PAGE_CHARACTERS // 2].split("\n", PAGE_LINES // 2)[: PAGE_LINES // 2]
    return None, BEYOND if _shows_page(split_page("\n".join(lines))) else ""


def _shows_page(page: Page) -> bool:
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
