"""A page of results as an Atom feed (RFC 4287)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree

from jianbao.indexer import Article, ResultHit, ResultPage
from jianbao.web.formats.xml import add, document
from jianbao.web.languages.strings import STRINGS, language
from jianbao.web.render import ELLIPSIS, web_address

MIMETYPE: Final = "application/atom+xml"
OPENSEARCH: Final = "http://a9.com/-/spec/opensearch/1.1/"
UNKNOWN: Final = "1970-01-01T00:00:00Z"
"""Atom wants an instant even where neither an article nor its index tells one."""


@dataclass(frozen=True, slots=True)
class FeedLinks:
    """Absolute addresses: of the feed page, of the same search for people, of the pages around.

    `name` tells one search from another, whichever page of it is shown; empty addresses are left
    out.
    """

    name: str
    here: str
    page: str
    first: str
    previous: str
    following: str


def atom(
    found: ResultPage, built: str, links: FeedLinks, article_link: Callable[[Article], str]
) -> bytes:
    """The feed of a result page; `built` is when the index was published, ISO 8601.

    Ids depend on the search and on the article's id alone: they survive a rebuild and a move. An
    article without a date is as new as the index.
    """
    root = ElementTree.Element(
        "feed",
        {
            "xmlns": "http://www.w3.org/2005/Atom",
            "xmlns:opensearch": OPENSEARCH,
            "xml:lang": language().tag,
        },
    )
    query = found.request.query.strip()
    title = STRINGS["title_results"].format(query=query) if query else STRINGS["feed_newest"]
    add(root, "id", _identity("search", links.name))
    add(root, "title", title)
    add(root, "updated", _instant(built) or UNKNOWN)
    add(add(root, "author"), "name", STRINGS["name"])
    _add_links(root, links)
    add(root, "opensearch:totalResults", str(found.total))
    add(root, "opensearch:startIndex", str((found.request.page - 1) * found.request.size + 1))
    add(root, "opensearch:itemsPerPage", str(found.request.size))
    for hit in found.hits:
        _add_entry(root, hit, article_link(hit.article), _instant(built) or UNKNOWN)
    return document(root)


def _add_links(root: ElementTree.Element, links: FeedLinks) -> None:
    for relation, address, kind in (
        ("self", links.here, MIMETYPE),
        ("alternate", links.page, "text/html"),
        ("first", links.first, MIMETYPE),
        ("previous", links.previous, MIMETYPE),
        ("next", links.following, MIMETYPE),
    ):
        if address:
            add(root, "link", None, {"rel": relation, "type": kind, "href": address})


def _add_entry(root: ElementTree.Element, hit: ResultHit, address: str, built: str) -> None:
    article, published = hit.article, _instant(hit.article.date)
    entry = add(root, "entry", None, {"xml:lang": "zh"})
    add(entry, "id", _identity("article", article.id))
    add(entry, "title", article.title.strip() or STRINGS["untitled"])
    add(entry, "updated", published or built)
    if published:
        add(entry, "published", published)
    for author in article.author:
        add(add(entry, "author"), "name", author)
    link = {"rel": "alternate", "type": "text/html", "href": address}
    add(entry, "link", None, link)
    if web_address(article.url):
        add(entry, "link", None, {"rel": "via", "href": article.url})
    for label in filter(None, (article.source, article.column, *article.tags)):
        add(entry, "category", None, {"term": label})
    add(entry, "summary", ELLIPSIS.join(snippet.text for snippet in hit.snippets))


def _identity(kind: str, name: str) -> str:
    # Surrogates stand for undecodable bytes of a file name; uuid5 encodes to UTF-8.
    plain = name.encode("utf-8", "surrogatepass").hex()
    return uuid5(NAMESPACE_URL, f"jianbao:{kind}:{plain}").urn


def _instant(date: str) -> str:
    """An ISO date or time as RFC 3339; empty for anything else."""
    try:
        found = datetime.fromisoformat(date)
    except ValueError:
        return ""
    aware = found if found.tzinfo else found.replace(tzinfo=UTC)
    return aware.isoformat(timespec="seconds").replace("+00:00", "Z")
