"""The routes that answer in other formats than a page or the API: feed, citations, exports."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from flask import Blueprint, Response, request, stream_with_context, url_for

from jianbao.indexer import Article, ArticleNotFoundError, ResultHit, ResultPage, SearchRequest
from jianbao.web.api import openapi
from jianbao.web.formats import citation, export, feed
from jianbao.web.formats import opensearch_description as description
from jianbao.web.http.answers import download, json_body
from jianbao.web.http.caching import View
from jianbao.web.ports import ListingDoor, SearchDoor
from jianbao.web.render import sendable
from jianbao.web.state.links import arguments
from jianbao.web.state.params import check_names, read_request

NEWEST: Final = "newest"


class Outputs:
    """Every other form in which a search or an article can be had."""

    def __init__(
        self, searcher: SearchDoor, page_size: int, reading: Callable[[str], Response]
    ) -> None:
        self._searcher = searcher
        self._size = page_size
        self._reading = reading

    def mount(self, blueprint: Blueprint, tagged: Callable[[View], View]) -> None:
        """Add the routes; `tagged` is put around those that answer the same until a new index."""
        for rule, endpoint, view in (
            ("/opensearch.xml", "opensearch", tagged(self.opensearch)),
            ("/search.atom", "atom", tagged(self.atom)),
            ("/citations/<path:article_id>.bib", "bibtex", tagged(self.bibtex)),
            ("/citations/<path:article_id>.ris", "ris", tagged(self.ris)),
            ("/articles/<path:article_id>.bib", "bibtex_or_article", tagged(self.old_bibtex)),
            ("/articles/<path:article_id>.ris", "ris_or_article", tagged(self.old_ris)),
            ("/api/v1/openapi.json", "api_openapi", tagged(self.openapi)),
            ("/api/v1/export.csv", "api_export_csv", self.csv),
            ("/api/v1/export.jsonl", "api_export_jsonl", self.jsonl),
        ):
            blueprint.add_url_rule(rule, endpoint, view)

    def openapi(self) -> Response:
        # The route of the search page, without its last slash, is where every path begins.
        home = url_for(".search").removesuffix("/")
        return json_body(openapi.document(home or "/", self._size))

    def opensearch(self) -> Response:
        doors = description.Doors(
            here=url_for(".opensearch", _external=True),
            page=url_for(".search", _external=True, lang=None),
            atom=url_for(".atom", _external=True, lang=None),
            json=url_for(".api_search", _external=True, lang=None),
            icon=url_for(".static", filename="favicon.svg", _external=True),
        )
        return Response(description.description(doors), mimetype=description.MIMETYPE)

    def atom(self) -> Response:
        asked = read_request(request.args, self._size)
        if not request.args.get("sort", "").strip():
            asked = replace(asked, sort=NEWEST)
        found = self._searcher.search(asked)
        built = self._searcher.stats().built
        return Response(
            feed.atom(found, built, self._feed_links(found), absolute), mimetype=feed.MIMETYPE
        )

    def bibtex(self, article_id: str) -> Response:
        cited = cite(self._searcher.article(article_id, "").article)
        return download(citation.bibtex(cited), citation.BIBTEX, f"{cited.key}.bib")

    def ris(self, article_id: str) -> Response:
        cited = cite(self._searcher.article(article_id, "").article)
        return download(citation.ris(cited), citation.RIS, f"{cited.key}.ris")

    def old_bibtex(self, article_id: str) -> Response:
        """An address of before, which is also that of an article whose id ends so."""
        return self._article_or(self.bibtex, article_id, ".bib")

    def old_ris(self, article_id: str) -> Response:
        """As `old_bibtex`."""
        return self._article_or(self.ris, article_id, ".ris")

    def csv(self) -> Response:
        lines = export.csv_lines(self._whole_list(), absolute)
        return _streamed(lines, "text/csv", "jianbao.csv")

    def jsonl(self) -> Response:
        lines = export.json_lines(self._whole_list(), absolute)
        return _streamed(lines, "application/x-ndjson", "jianbao.jsonl")

    def _whole_list(self) -> Iterator[ResultHit]:
        check_names(request.args)
        asked = read_request(request.args, self._size)
        if isinstance(self._searcher, ListingDoor):
            return self._searcher.listed(replace(asked, page=1), export.MOST_HITS)
        return export.whole_list(self._searcher.search, asked)

    def _article_or(
        self, cited: Callable[[str], Response], article_id: str, suffix: str
    ) -> Response:
        try:
            return self._reading(article_id + suffix)
        except ArticleNotFoundError:
            return cited(article_id)

    def _feed_links(self, found: ResultPage) -> feed.FeedLinks:
        asked = found.request

        def page(number: int | None) -> str:
            if not number:
                return ""
            shown = feed_arguments(replace(asked, page=number), self._size)
            return url_for(".atom", _external=True, **shown)

        plain = replace(asked, page=1, size=self._size)
        return feed.FeedLinks(
            name=urlencode(sorted(feed_arguments(plain, self._size).items()), doseq=True),
            here=page(asked.page),
            page=url_for(".search", _external=True, **arguments(asked, self._size)),
            first=page(1),
            previous=page(asked.page - 1),
            following=page(found.next_page),
        )


def cite(article: Article) -> citation.Citation:
    """The article as cited today."""
    return citation.Citation(article, absolute(article), date.today())


def absolute(article: Article) -> str:
    """The address of the article's page, scheme and host included."""
    return url_for(".article", article_id=sendable(article.id), _external=True, lang=None)


def feed_arguments(asked: SearchRequest, default_size: int) -> dict[str, Any]:
    """The URL arguments of a feed, which has the newest first unless it is told otherwise."""
    given = {**arguments(asked, default_size), "sort": asked.sort}
    return {name: value for name, value in given.items() if (name, value) != ("sort", NEWEST)}


def _streamed(lines: Iterator[str], mimetype: str, name: str) -> Response:
    response = Response(
        stream_with_context(line.encode("utf-8") for line in lines), mimetype=mimetype
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
