"""What the result page shows of an answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from jianbao.indexer import ResultPage, SearchRequest
from jianbao.web.languages.strings import STRINGS
from jianbao.web.pages import listing
from jianbao.web.pages.hits import shown_hits
from jianbao.web.pages.no_hits import ways_out
from jianbao.web.pages.search_within import outer
from jianbao.web.pages.timeline import timeline
from jianbao.web.render import ArticleLink
from jianbao.web.state.links import SearchLinks, arguments

QUOTES: Final = '"“”「」『』'
LONGEST_ECHO: Final = 40


def surroundings(
    found: ResultPage, link: SearchLinks, article_link: ArticleLink, default_size: int
) -> dict[str, Any]:
    """What the template of the result page shows of an answer, by name."""
    asked = found.request
    return {
        "found": found,
        "hits": shown_hits(found.hits, article_link),
        "pager": listing.pager(found, link),
        "chips": listing.chips(asked, link),
        "clear_link": listing.clear_link(asked, link),
        "facets": listing.facet_groups(found, link),
        "timeline": timeline(found, link),
        "orders": listing.sorts(asked, link) if found.total > 1 else (),
        "sizes": listing.sizes(asked, default_size, link) if found.total > default_size else (),
        "within": _fields(outer(found), default_size) if found.total > 1 else (),
        "suggestions": [
            (text, link(replace(asked, query=text, page=1))) for text in found.suggestions
        ],
        "ways_out": ways_out(found, link),
        "near_link": lambda text: link(SearchRequest(query=text, size=asked.size)),
        "echo": _echo(asked.query),
        "advice": STRINGS["zero_fewer"] if len(asked.query.split()) > 1 else STRINGS["zero_other"],
    }


def _fields(request: SearchRequest, default_size: int) -> list[tuple[str, str]]:
    """A request as the hidden fields of a form."""
    return [
        (name, value)
        for name, given in arguments(request, default_size).items()
        for value in (given if isinstance(given, list) else [given])
    ]


def _echo(query: str) -> str:
    """The query as a sentence quotes it: short, and not in quotation marks twice."""
    text = query.strip()
    if len(text) > LONGEST_ECHO:
        text = text.strip(QUOTES)[:LONGEST_ECHO] + "…"
    quoted = text[0] in QUOTES if text else False
    return text if quoted else STRINGS["zero_query"].format(query=text)
