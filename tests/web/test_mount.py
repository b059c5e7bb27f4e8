"""The blueprint in somebody else's app: under a prefix, beside his templates, pages and login."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from urllib.parse import urljoin

import pytest
from flask import Flask, Response, abort, redirect
from flask.testing import FlaskClient
from jinja2 import DictLoader, StrictUndefined
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client

from jianbao.web import create_app, create_blueprint
from tests.web.conftest import HandSearcher


@pytest.fixture
def host(searcher: HandSearcher, tmp_path: Path) -> Flask:
    """An intranet app with names that could get in the way."""
    (tmp_path / "jianbao.css").write_text("host", encoding="utf-8")
    host = Flask("host", static_folder=str(tmp_path), static_url_path="/static")
    host.jinja_loader = DictLoader({"base.html": "HOST", "results.html": "HOST"})
    host.jinja_env.undefined = StrictUndefined
    host.add_url_rule("/", "search", lambda: "host home")
    host.register_blueprint(create_blueprint(searcher), url_prefix="/find")
    return host


@pytest.fixture
def visitor(host: Flask) -> FlaskClient:
    """Requests to the host."""
    return host.test_client()


def test_every_link_stays_under_the_prefix(visitor: FlaskClient) -> None:
    for address in (
        *("/find/", "/find/?q=图书馆&source=城东日报", "/find/articles/p1?q=石桥"),
        *("/find/embed", "/find/embed?q=图书馆&page=2"),
    ):
        html = visitor.get(address).text
        local = [unescape(link) for link in re.findall('(?:href|action)="([^"#][^"]*)"', html)]
        assert local
        for link in local:
            link = urljoin(address, link)
            assert link.startswith("/find/")
            assert visitor.get(link, buffered=True).status_code == 200


def test_api_links_stay_under_the_prefix(visitor: FlaskClient) -> None:
    body = visitor.get("/find/api/v1/search?q=图书馆").get_json()
    assert body["next"].startswith("/find/api/v1/search?")
    assert body["hits"][0]["url"].startswith("/find/articles/")


def test_unknown_api_addresses_answer_json(visitor: FlaskClient) -> None:
    answer = visitor.get("/find/api/v1/nothing")
    assert answer.status_code == 404
    assert answer.get_json()["error"]["code"] == "not_found"


def test_the_host_keeps_its_own_pages_files_and_errors(visitor: FlaskClient) -> None:
    assert visitor.get("/").text == "host home"
    assert visitor.get("/static/jianbao.css", buffered=True).text == "host"
    missing = visitor.get("/find/nothing")
    assert missing.status_code == 404 and "剪报" not in missing.text
    assert "Content-Security-Policy" not in visitor.get("/").headers


def test_at_the_root_the_styles_are_still_ours(searcher: HandSearcher) -> None:
    host = Flask("host")
    host.register_blueprint(create_blueprint(searcher))
    visitor = host.test_client()
    address = re.search('rel="stylesheet" href="([^"]*)"', visitor.get("/").text)
    assert address and "--jb-ink" in visitor.get(address[1], buffered=True).text


def test_a_host_can_mount_two(searcher: HandSearcher) -> None:
    host = Flask("host")
    host.register_blueprint(create_blueprint(searcher), url_prefix="/a")
    host.register_blueprint(create_blueprint(HandSearcher(())), url_prefix="/b", name="other")
    assert "在 43 篇" in host.test_client().get("/a/").text
    assert "还没有可供检索的文章" in host.test_client().get("/b/").text


def test_the_login_of_the_host_is_obeyed(searcher: HandSearcher) -> None:
    blueprint = create_blueprint(searcher)
    refusal: list[Response | int] = [redirect("/login"), 403]  # type: ignore[list-item]

    @blueprint.before_request
    def _ask_the_host() -> None:
        abort(refusal.pop(0))

    host = Flask("host")
    host.register_blueprint(blueprint, url_prefix="/find")
    visitor = host.test_client()
    sent = visitor.get("/find/?q=石桥")
    assert (sent.status_code, sent.headers["Location"]) == (302, "/login")
    assert visitor.get("/find/api/v1/search?q=石桥").status_code == 403


def test_the_app_runs_behind_a_prefix_of_the_server(searcher: HandSearcher) -> None:
    mounted = DispatcherMiddleware(Flask("host"), {"/tools": create_app(searcher)})
    html = Client(mounted).get("/tools/?q=图书馆").text
    assert 'action="/tools/"' in html
    assert 'href="/tools/static/jianbao/jianbao.css?v=' in html
