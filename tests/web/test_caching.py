"""What a browser may keep, when it has to ask again, and when it is told that nothing changed."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient

from jianbao.indexer import IndexMissingError, ResultPage, SearchRequest
from jianbao.web import create_app, create_blueprint
from tests.web.conftest import Figures, HandSearcher, make_articles

TAGGED = (
    "/",
    "/?q=图书馆&page=2",
    "/embed?q=图书馆",
    "/articles/p1?q=积雪",
    "/api/v1/search?q=图书馆",
    "/api/v1/articles/p1",
    "/api/v1/openapi.json",
    "/search.atom?q=图书馆",
    "/opensearch.xml",
    "/citations/p1.bib",
)


class Rebuilt(HandSearcher):
    """Can publish a new generation, and counts the searches that it has to do."""

    figures = Figures(43)
    searches = 0

    def search(self, request: SearchRequest, /) -> ResultPage:
        self.searches += 1
        found = super().search(request)
        return replace(found, took_ms=float(self.searches))

    def stats(self) -> Figures:
        super().stats()
        return self.figures


@pytest.fixture
def searcher() -> Rebuilt:
    """A searcher that can be rebuilt."""
    return Rebuilt(make_articles())


def known(tag: str | None) -> dict[str, str]:
    """The header of a caller who has the answer of that tag."""
    assert tag
    return {"If-None-Match": tag}


@pytest.mark.parametrize("address", TAGGED)
def test_nothing_is_sent_twice_while_nothing_changes(client: FlaskClient, address: str) -> None:
    first = client.get(address)
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert first.headers["ETag"].startswith('W/"')
    again = client.get(address, headers=known(first.headers["ETag"]))
    assert (again.status_code, again.data) == (304, b"")
    for name in ("ETag", "Cache-Control", "Vary"):
        assert again.headers[name] == first.headers[name]


@pytest.mark.parametrize("address", TAGGED)
def test_a_new_generation_is_seen_at_once(
    client: FlaskClient, searcher: Rebuilt, address: str
) -> None:
    tag = client.get(address).headers["ETag"]
    for figures in (Figures(43, "g2"), Figures(43, built="2026-02-02T03:04:05+08:00")):
        searcher.figures = figures
        answer = client.get(address, headers=known(tag))
        assert answer.status_code == 200 and answer.headers["ETag"] != tag


def test_a_tag_does_not_depend_on_the_time_a_search_took(client: FlaskClient) -> None:
    first, second = (client.get("/api/v1/search?q=图书馆") for _ in range(2))
    assert first.get_json()["took_ms"] != second.get_json()["took_ms"]
    assert first.headers["ETag"] == second.headers["ETag"]


def test_no_search_is_done_for_who_has_its_answer(client: FlaskClient, searcher: Rebuilt) -> None:
    tag = client.get("/?q=图书馆").headers["ETag"]
    client.get("/?q=图书馆", headers=known(tag))
    assert searcher.searches == 1


def test_a_tag_is_good_for_its_own_address_alone(client: FlaskClient) -> None:
    tag = client.get("/?q=图书馆").headers["ETag"]
    assert client.get("/?q=石桥", headers=known(tag)).status_code == 200
    assert client.get("/?q=x&from=abc", headers=known(tag)).status_code == 400
    assert client.get("/articles/none", headers=known("*")).status_code == 404


def test_refusals_and_faults_carry_no_tag_and_are_never_kept(
    client: FlaskClient, searcher: Rebuilt
) -> None:
    missing, refused = client.get("/articles/none"), client.get("/?from=abc")
    searcher.failure = IndexMissingError("请运行 jianbao index")
    for answer in (missing, refused, client.get("/?q=石桥"), client.get("/")):
        assert answer.status_code >= 400 and "ETag" not in answer.headers
        assert answer.headers["Cache-Control"] == "private, no-cache"


def test_an_answer_given_while_a_generation_is_published_carries_no_tag() -> None:
    class Late(Rebuilt):
        def search(self, request: SearchRequest, /) -> ResultPage:
            self.figures = Figures(43, "g2")
            return super().search(request)

    client = create_app(Late(make_articles())).test_client()
    assert "ETag" not in client.get("/?q=石桥").headers
    assert "ETag" in client.get("/?q=石桥").headers


def test_pages_of_two_settings_are_told_apart(searcher: Rebuilt) -> None:
    tags = {
        create_app(searcher, page_size=size).test_client().get("/?q=图书馆").headers["ETag"]
        for size in (10, 20)
    }
    assert len(tags) == 2


def test_files_in_a_page_are_kept_for_good_and_named_by_their_content(client: FlaskClient) -> None:
    html = client.get("/embed?q=图书馆").text
    files = re.findall('(?:href|src)="(/static/[^"]*)"', html)
    assert len(files) >= 3
    for file in files:
        assert re.search(r"\?v=[0-9a-f]{16}$", file)
        answer = client.get(file, buffered=True)
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("stamp", ["", "?v=", "?v=0123456789abcdef"])
def test_a_file_by_its_bare_or_old_name_is_kept_briefly(client: FlaskClient, stamp: str) -> None:
    address = f"/static/jianbao/jianbao.js{stamp}"
    answer = client.get(address, buffered=True)
    assert answer.headers["Cache-Control"] == "public, max-age=600"
    again = client.get(address, headers=known(answer.headers["ETag"]), buffered=True)
    assert again.status_code == 304
    assert "max-age" not in client.get("/static/jianbao/none.js").headers["Cache-Control"]


def test_whoever_is_logged_out_is_not_told_that_nothing_changed(searcher: Rebuilt) -> None:
    blueprint, members = create_blueprint(searcher), [True]

    @blueprint.before_request
    def _ask_the_host() -> None:
        if not members[0]:
            abort(403)

    host = Flask("host")
    host.register_blueprint(blueprint, url_prefix="/find")
    visitor = host.test_client()
    tag = visitor.get("/find/?q=石桥").headers["ETag"]
    members[0] = False
    assert visitor.get("/find/?q=石桥", headers=known(tag)).status_code == 403


def test_the_answers_of_a_host_are_left_alone(searcher: Rebuilt) -> None:
    host = Flask("host", static_folder=None)
    host.register_blueprint(create_blueprint(searcher), url_prefix="/find")
    host.add_url_rule("/", "home", lambda: "石桥" * 1000)
    answer = host.test_client().get("/", headers={"Accept-Encoding": "gzip"})
    for name in ("ETag", "Cache-Control", "Content-Encoding", "Vary"):
        assert name not in answer.headers


def test_in_debug_mode_a_changed_template_is_seen(searcher: Rebuilt) -> None:
    app = create_app(searcher)
    app.debug = True
    headers: Any = app.test_client().get("/?q=石桥").headers
    assert "ETag" not in headers
