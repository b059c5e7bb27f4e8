"""Where an article stands: its issue, the pages beside its own, the issues before and after."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from jianbao.indexer import Article
from jianbao.web.pages.browse import around, browse_link, crumbs, in_order, of_issue, sheet_anchor
from jianbao.web.pages.record import newspaper_page
from jianbao.web.pages.timeline import Step
from jianbao.web.ports import SearchDoor

_DAY: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Issue:
    """The way to an article from all sources down, and its surroundings; None where none is."""

    crumbs: tuple[Step, ...]
    page_before: Step | None
    page_after: Step | None
    before: Step | None
    after: Step | None


def issue(searcher: SearchDoor, article: Article) -> Issue | None:
    """The issue that an article stands in; None without a source or a date."""
    source, date = article.source, article.date
    if not source or not _DAY.fullmatch(date):
        return None
    pages = in_order(searcher.values(of_issue(source, date), "page")) if article.page else []
    before, after = around(searcher, source, date)
    return Issue(
        crumbs=crumbs(source, date[:4], date),
        page_before=_beside(article, pages, -1),
        page_after=_beside(article, pages, 1),
        before=before,
        after=after,
    )


def _beside(article: Article, pages: list[str], by: int) -> Step | None:
    """The newspaper page so many further on in the same issue."""
    place = pages.index(article.page) + by if article.page in pages else -1
    if not 0 <= place < len(pages):
        return None
    address = browse_link(article.source, date=article.date)
    return Step(newspaper_page(pages[place]), f"{address}#{quote(sheet_anchor(pages[place]))}")
