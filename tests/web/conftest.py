"""A hand-made searcher, the app over it, and a server and browser for what only those can show."""

from __future__ import annotations

import os
import shutil
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import make_server

from jianbao.indexer import (
    Article,
    ArticleNotFoundError,
    ArticleView,
    Bar,
    FacetCount,
    Notice,
    QueryError,
    ResultHit,
    ResultPage,
    SearchRequest,
    Snippet,
    Suggestion,
)
from jianbao.web import create_app
from tests.web.firefox import Firefox, running

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CHROMIUM_FLAGS = [
    "--no-sandbox",
    # What a page is asked for in, where a test says nothing else.
    "--accept-lang=zh-CN",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Figures:
    """What `stats()` tells."""

    articles: int
    generation: str = "g1"
    built: str = "2026-01-02T03:04:05+08:00"


class HandSearcher:
    """Finds by plain substring: enough to show every state of a page."""

    def __init__(self, articles: tuple[Article, ...]) -> None:
        self.articles = articles
        self.failure: Exception | None = None

    def search(self, request: SearchRequest, /) -> ResultPage:
        if self.failure:
            raise self.failure
        if request.query == "坏":
            raise QueryError("检索词「坏」写法有误，请改一改。")
        found = [article for article in self.articles if _matches(article, request)]
        first = (request.page - 1) * request.size
        shown = found[first : first + request.size]
        return ResultPage(
            request=request,
            total=len(found),
            took_ms=1.234,
            generation="g1",
            hits=tuple(_hit(article, request.query) for article in shown),
            facets={
                name: _facet(self._freed(request, name), name)
                for name in ("source", "year", "page", "kind")
            },
            histogram=_histogram(found),
            notice=Notice("relaxed", "已放宽为含任一词。") if request.query == "宽" else None,
            next_page=request.page + 1 if first + request.size < len(found) else None,
        )

    def values(self, request: SearchRequest, name: str, /) -> tuple[FacetCount, ...]:
        if self.failure:
            raise self.failure
        return _facet([article for article in self.articles if _matches(article, request)], name)

    def _freed(self, request: SearchRequest, name: str) -> list[Article]:
        others = tuple(pair for pair in request.filters if pair[0] != name)
        freed = replace(request, filters=others)
        return [article for article in self.articles if _matches(article, freed)]

    def article(self, article_id: str, /, query: str = "") -> ArticleView:
        if self.failure:
            raise self.failure
        for article in self.articles:
            if article.id == article_id:
                return ArticleView(
                    article=article,
                    title=_marked(article.title, query),
                    paragraphs=tuple(_marked(part, query) for part in article.body.split("\n")),
                    neighbours=tuple(
                        other
                        for other in self.articles
                        if other.issue == article.issue and other is not article
                    ),
                    generation="g1",
                )
        raise ArticleNotFoundError(f"没有编号为「{article_id}」的文章。")

    def suggest(self, text: str, size: int, /) -> tuple[Suggestion, ...]:
        if self.failure:
            raise self.failure
        titles = (article for article in self.articles if text and text in article.title)
        found = [Suggestion(text + "馆", "word", ((0, len(text)),))] if text == "图书" else []
        for each in titles:
            start = each.title.find(text)
            marks = ((start, start + len(text)),)
            found.append(Suggestion(each.title, "title", marks, each.id))
        return tuple(found[:size])

    def stats(self) -> Figures:
        if self.failure:
            raise self.failure
        return Figures(len(self.articles))


def _values(article: Article) -> dict[str, str]:
    return {
        "source": article.source,
        "year": article.date[:4],
        "page": article.page,
        "kind": article.kind,
    }


def _matches(article: Article, request: SearchRequest) -> bool:
    values = _values(article)
    wanted: dict[str, set[str]] = {}
    for field, value in request.filters:
        wanted.setdefault(field, set()).add(value)
    return (
        request.query in article.title + "\n" + article.body
        and all(values.get(field) in some for field, some in wanted.items())
        and not any(values.get(field) == value for field, value in request.excluded)
        and (not request.date_from or article.date >= request.date_from)
        and (not request.date_to or article.date <= request.date_to)
    )


def _marked(text: str, query: str) -> Snippet:
    start = text.find(query) if query else -1
    return Snippet(text, ((start, start + len(query)),) if start >= 0 else ())


def _hit(article: Article, query: str) -> ResultHit:
    snippets = tuple(_marked(part, query) for part in article.body.split("\n")[:2])
    return ResultHit(article, 1.5, _marked(article.title, query), snippets)


def _facet(found: list[Article], name: str) -> tuple[FacetCount, ...]:
    counts = Counter(_values(article)[name] for article in found)
    return tuple(FacetCount(value, count) for value, count in counts.most_common() if value)


def _histogram(found: list[Article]) -> tuple[Bar, ...]:
    years = (article.date[:4] for article in found)
    counts = Counter(year for year in years if year.isdecimal())
    return tuple(Bar(f"{y}-01-01", f"{y}-12-31", counts[y]) for y in sorted(counts))


def make_articles() -> tuple[Article, ...]:
    """Forty made-up stories over five years, a picture, a guide and one hostile document."""
    stories = [
        Article(
            id=f"daily/{2020 + n % 5}.txt#{n}",
            title=f"城东图书馆第{n}期读书会开讲",
            body=f"读书会由图书馆与书店合办，第{n}次活动谈的是河流与桥梁。\n到场读者提问踊跃。" * 2,
            author=("陆明远", "沈一帆") if n % 2 else (),
            date=f"{2020 + n % 5}-0{1 + n % 9}-1{n % 10}",
            source="城东日报" if n % 3 else "河港晚报",
            issue=f"{n // 8}",
            page=str(1 + n % 12),
            column="文化",
        )
        for n in range(40)
    ]
    return (
        *stories,
        Article(id="p1", title="雪后的石桥", body="石桥上的积雪。", kind="picture", issue="x"),
        Article(id="g1", title="本期导读", body="石桥修缮 3版", kind="guide", issue="x"),
        Article(
            id="evil?&#\"'<b>",
            title="<script>alert(1)</script>石桥",
            body='石桥"><img src=x onerror=alert(1)>&amp;\n' + "很长没有空格" * 30 + "x" * 300,
            author=("<i>某人</i>",),
            date="二月里",
            source="<b>来源</b>",
            url="javascript:alert(1)",
            meta={"<u>": "</dd><script>"},
        ),
    )


@pytest.fixture
def searcher() -> HandSearcher:
    """A searcher over `make_articles()`."""
    return HandSearcher(make_articles())


@pytest.fixture
def app(searcher: HandSearcher) -> Flask:
    """The stand-alone app."""
    return create_app(searcher)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Requests to the app without a network."""
    return app.test_client()


def _browser(*names: str) -> str:
    """The path of a browser; where none is installed skips, loudly, or fails if all tests must
    run."""
    for name in names:
        if program := shutil.which(name):
            return program
    if os.environ.get("JIANBAO_TESTS") == "all":
        pytest.fail(f"NO BROWSER: install {names[0]}")
    pytest.skip(f"NO BROWSER: {names[0]} is not installed, so the pages were not looked at")


@pytest.fixture(scope="session")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """A real browser of another make."""
    program = _browser("firefox-esr", "firefox")
    with running(program, tmp_path_factory.mktemp("firefox")) as browser:
        yield browser


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A real browser."""
    program = _browser("chromium", "google-chrome")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


def _whole(app: WSGIApplication) -> WSGIApplication:
    """The app with every answer in one piece.

    The development server leaves the file of an answer open where a browser resets the connection,
    as Chromium does when it may not have the answer.
    """

    def answer(environ: WSGIEnvironment, start: StartResponse) -> list[bytes]:
        given = app(environ, start)
        try:
            return [b"".join(given)]
        finally:
            if hasattr(given, "close"):
                given.close()

    return answer


@contextmanager
def serving(app: WSGIApplication) -> Iterator[str]:
    """A server for an app, on any free port; its origin."""
    server = make_server("127.0.0.1", 0, _whole(app), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The address of a server that serves `make_articles()`, without a trailing slash."""
    with serving(create_app(HandSearcher(make_articles()))) as origin:
        yield origin
