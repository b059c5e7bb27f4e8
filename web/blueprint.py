"""The routes, mountable in any Flask app under any prefix."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, request, url_for
from werkzeug.exceptions import HTTPException, NotFound

from jianbao.indexer import Article, ArticleView, ResultPage, SearchRequest
from jianbao.web.access.hosts import Hosts
from jianbao.web.access.origins import checked_origins
from jianbao.web.api.suggest import Suggest
from jianbao.web.catalogue.patterns import Patterns
from jianbao.web.formats import citation
from jianbao.web.http.answers import as_failure, json_body, json_failure, page, see_other
from jianbao.web.http.caching import Caching
from jianbao.web.http.compression import compress
from jianbao.web.http.errors import failure
from jianbao.web.http.security_headers import FRAMEABLE, Guard
from jianbao.web.languages.strings import STRINGS, Number, language, sentences
from jianbao.web.outputs import Outputs, cite, feed_arguments
from jianbao.web.pages.browse import Browse
from jianbao.web.pages.dates import day, period
from jianbao.web.pages.issue import issue
from jianbao.web.pages.language_links import carried, carry, language_links
from jianbao.web.pages.record import newspaper_page, record
from jianbao.web.pages.results import surroundings
from jianbao.web.pages.search_within import narrowed
from jianbao.web.ports import SearchDoor
from jianbao.web.render import (
    ArticleLink,
    article_json,
    numbered,
    search_json,
    sendable,
    web_address,
)
from jianbao.web.state.links import SearchLinks, arguments, article_links
from jianbao.web.state.params import (
    EXCLUSIONS,
    FILTERS,
    MODES,
    NAMES,
    SORTS,
    check_names,
    is_blank,
    read_request,
)

NEWEST_SHOWN = 6


def create_blueprint(
    searcher: SearchDoor,
    *,
    page_size: int = 10,
    allowed_origins: Iterable[str] = (),
    allowed_hosts: Iterable[str] | None = None,
) -> Blueprint:
    """The search page, the article pages and the JSON API over one searcher.

    Mount it with `app.register_blueprint(blueprint, url_prefix="/search")`; it needs no
    configuration of the host and adds nothing to it outside the prefix. `page_size` is how many
    hits a page shows unless the URL says otherwise. Pages of `allowed_origins`, such as
    `https://intranet.example`, may frame `/embed` and read the API. With `allowed_hosts`, it
    answers under these names alone and under those that the machine has for itself, as `create_app`
    does; without, under every name that the host app takes (Flask's `TRUSTED_HOSTS`). Raises
    ConfigError for what is no origin or no host.
    """
    guard = Guard(checked_origins(allowed_origins))
    caching = Caching(searcher, page_size)
    blueprint = Blueprint(
        "jianbao",
        __name__,
        template_folder="templates",
        static_folder="static",
        # A folder of its own: at the root, `/static/…` would be the host's.
        static_url_path="/static/jianbao",
    )
    routes = _Routes(searcher, page_size)
    for rule, endpoint, view in (
        ("/", "search", routes.search),
        ("/embed", FRAMEABLE, routes.search),
        ("/articles/<path:article_id>", "article", routes.article),
        ("/api/v1/search", "api_search", routes.api_search),
        ("/api/v1/articles/<path:article_id>", "api_article", routes.api_article),
        ("/api/v1/suggest", "api_suggest", Suggest(searcher)),
    ):
        blueprint.add_url_rule(rule, endpoint, caching.tagged(view))
    Outputs(searcher, page_size, routes.article).mount(blueprint, caching.tagged)
    Browse(searcher, page_size, routes.form).mount(blueprint, caching.tagged)
    Patterns(page_size, routes.form, routes.reading).mount(blueprint)
    blueprint.add_url_rule("/api/", "api_root", unknown, defaults={"address": ""})
    blueprint.add_url_rule("/api/<path:address>", "api_unknown", unknown)
    if allowed_hosts is not None:
        hosts = Hosts(allowed_hosts)
        blueprint.before_request(lambda: hosts.check(request))
    blueprint.register_error_handler(Exception, routes.error)
    blueprint.context_processor(_template_words)
    blueprint.url_defaults(caching.stamp)
    blueprint.url_defaults(carry)
    blueprint.after_request(
        lambda response: compress(request, caching(request, guard(request, response)))
    )
    return blueprint


def unknown(address: str) -> Response:
    """A route for addresses that lead nowhere, so that they too get this blueprint's answer."""
    raise NotFound(address)


class _Routes:
    def __init__(self, searcher: SearchDoor, page_size: int) -> None:
        self._searcher = searcher
        self._size = page_size

    def search(self) -> Response:
        asked = read_request(request.args, self._size)
        if words := request.args.get("within", "").strip():
            return see_other(self._search_link(narrowed(asked, words)))
        if is_blank(asked):
            newest = self._searcher.search(SearchRequest("", size=NEWEST_SHOWN, sort="newest"))
            context = {
                "stats": self._searcher.stats(),
                "newest": [hit.article for hit in newest.hits],
                "article_link": article_links(url_for),
            }
            return page("home", **context, **self.form(asked))
        found = self._searcher.search(asked)
        return page("results", **self._results(found), **self.form(asked))

    def article(self, article_id: str) -> Response:
        asked = read_request(request.args, self._size)
        view = self._searcher.article(article_id, asked.query)
        back = "" if is_blank(asked) else self._search_link(asked)
        context = {**self.reading(view, asked), **self.form(asked), "back": back}
        return page("article", **context)

    def api_search(self) -> Response:
        check_names(request.args)
        asked = read_request(request.args, self._size)
        found = self._searcher.search(asked)
        next_url = None
        if found.next_page is not None:
            onward = replace(asked, page=found.next_page)
            next_url = url_for(".api_search", **arguments(onward, self._size))
        return json_body(search_json(found, article_links(url_for), next_url))

    def api_article(self, article_id: str) -> Response:
        view = self._searcher.article(article_id, request.args.get("q", ""))
        return json_body(article_json(view, article_links(url_for)))

    def error(self, error: Exception) -> Response | HTTPException:
        # A host's own answer, such as a redirect to its login page, goes through untouched.
        if isinstance(error, HTTPException) and error.response is not None:
            return error
        told = failure(error)
        endpoint = (request.endpoint or "").rpartition(".")[2]
        if endpoint.startswith("api_"):
            return json_failure(told)
        form = self.form(SearchRequest(query=request.args.get("q", "")))
        heading = STRINGS.get(f"error_{told.status}", STRINGS["error_other"])
        heading = STRINGS.get(f"error_{told.code}", heading)
        response = page("error", heading=heading, told=told, **form)
        return as_failure(response, told)

    def _search_link(self, asked: SearchRequest) -> str:
        return url_for(_search_endpoint(), **arguments(asked, self._size))

    def _article_links(self, asked: SearchRequest) -> ArticleLink:
        return article_links(url_for, arguments(asked, self._size))

    def form(self, asked: SearchRequest) -> dict[str, Any]:
        """The form as the reader left it, with what he typed even where it was refused."""
        args = request.args
        typed = {name: args.get(name, "") for name in NAMES}
        names = (*FILTERS, *EXCLUSIONS)
        kept = [(name, value) for name in names for value in args.getlist(name) if value]
        if asked.size != self._size:
            kept.append(("size", str(asked.size)))
        if asked.sort != SORTS[0]:
            kept.append(("sort", asked.sort))
        usual = {"mode": MODES[0], "from": "", "to": ""}
        refined = any(typed[name] not in ("", value) for name, value in usual.items())
        return {
            "typed": typed,
            "kept": kept,
            "asked": asked,
            "refined": refined,
            "outlets": self._outlets(asked),
        }

    def _outlets(self, asked: SearchRequest) -> dict[str, str]:
        """The other forms in which the whole result can be had."""
        whole = arguments(replace(asked, page=1), self._size)
        feed = feed_arguments(replace(asked, page=1, size=self._size, sort="newest"), self._size)
        return {
            "atom": url_for(".atom", **feed),
            "csv": url_for(".api_export_csv", **whole),
            "jsonl": url_for(".api_export_jsonl", **whole),
        }

    def _results(self, found: ResultPage) -> dict[str, Any]:
        link = SearchLinks(url_for(_search_endpoint(), lang=None), self._size, carried())
        return surroundings(found, link, self._article_links(found.request), self._size)

    def reading(self, view: ArticleView, asked: SearchRequest) -> dict[str, Any]:
        """What the template of an article shows, by name."""
        (title, *paragraphs), matches = numbered((view.title, *view.paragraphs))
        return {
            "view": view,
            "title": title,
            "paragraphs": paragraphs,
            "matches": matches,
            "issue": issue(self._searcher, view.article),
            "article": view.article,
            "permalink": _permalink(view.article),
            "original": web_address(view.article.url),
            "record": list(record(view.article)),
            "citation": citation.gbt7714(cite(view.article)),
            "bibtex_link": url_for(".bibtex", article_id=sendable(view.article.id)),
            "ris_link": url_for(".ris", article_id=sendable(view.article.id)),
            "article_link": self._article_links(asked),
        }


def _permalink(article: Article) -> str:
    """The address of the article's page whoever reads it, in whatever language."""
    return url_for(".article", article_id=sendable(article.id), lang=None)


def _search_endpoint() -> str:
    """A framed search leads to framed searches."""
    framed = (request.endpoint or "").rpartition(".")[2] == FRAMEABLE
    return f".{FRAMEABLE}" if framed else ".search"


def _template_words() -> dict[str, Any]:
    endpoint = _search_endpoint()
    return {
        "framed": endpoint == f".{FRAMEABLE}",
        "home_link": url_for(endpoint),
        "t": sentences(),
        "language": language().tag,
        "languages": language_links(),
        "carried": carried(),
        "number": Number,
        "day": day,
        "period": period,
        "newspaper_page": newspaper_page,
        "modes": MODES,
    }
