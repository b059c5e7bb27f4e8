"""A server answers to its own names: no page elsewhere can be made to read it under another."""

from __future__ import annotations

import csv
import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from jianbao.indexer import ConfigError
from jianbao.web import create_app, create_blueprint
from jianbao.web.access.hosts import split_hosts
from jianbao.web.formats.export import BOM, csv_lines
from jianbao.web.languages import LANGUAGES
from tests.web.conftest import HandSearcher, make_articles

ALLOWED = ("search.example", ".intranet.example", "10.0.0.7:8080", "[fe80::7]")
PAGES = ("/", "/?q=图书馆", "/embed", "/articles/p1", "/search.atom?q=桥", "/opensearch.xml", "/no")
API = ("/api/v1/search?q=桥", "/api/v1/export.jsonl?q=桥", "/api/v1/x", "/healthz", "/metrics")
STATIC = "/static/jianbao/jianbao.css"
FOREIGN = (
    "evil.example",
    "evil.example:8080",
    "search.example.evil.example",
    "evilsearch.example",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "127.0.0.2",
    "10.0.0.7",
    "10.0.0.7:81",
    "[::2]:8080",
    "localhost@evil.example",
    "search.example, evil.example",
    "a b",
    "",
)


@pytest.fixture
def client() -> FlaskClient:
    """An app with names of its own."""
    searcher = HandSearcher(make_articles())
    return create_app(searcher, allowed_hosts=ALLOWED, metrics="on").test_client()


def status(client: FlaskClient, address: str, host: str, **more: str) -> int:
    headers = {"Host": host, **{name.replace("_", "-"): text for name, text in more.items()}}
    return client.get(address, headers=headers, buffered=True).status_code


@pytest.mark.parametrize("host", FOREIGN)
def test_a_name_that_is_not_its_own_gets_nothing(client: FlaskClient, host: str) -> None:
    for address in (*PAGES, *API, STATIC):
        assert status(client, address, host) == 400, address


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "localhost:8080", "127.0.0.1:1", "[::1]", "[::1]:8080", "LOCALHOST"),
        *("search.example", "Search.Example:443", "intranet.example", "a.b.intranet.example:81"),
        *("10.0.0.7:8080", "[fe80::7]:8080"),
    ],
)
def test_its_own_names_are_answered(client: FlaskClient, host: str) -> None:
    for address in ("/", "/api/v1/search?q=桥", "/healthz", "/metrics", STATIC):
        assert status(client, address, host) == 200, address


def test_the_refusal_is_a_page_in_each_language_and_json_below_the_api(client: FlaskClient) -> None:
    evil = {"Host": "evil.example"}
    texts = set()
    for language in LANGUAGES:
        answer = client.get(f"/?lang={language.tag}", headers=evil)
        assert answer.mimetype == "text/html" and "allowed_hosts" in answer.text
        assert language.strings["error_host_not_allowed"] in answer.text
        assert "evil.example" not in answer.text
        texts.add(answer.text)
    assert len(texts) == len(LANGUAGES)
    told = client.get("/api/v1/search", headers=evil).get_json()["error"]
    assert told["code"] == "host_not_allowed" and "JIANBAO_ALLOWED_HOSTS" in told["message"]


def test_behind_a_proxy_both_the_name_it_tells_and_the_one_it_used_must_be_known() -> None:
    searcher = HandSearcher(make_articles())
    client = create_app(searcher, allowed_hosts=ALLOWED, trusted_proxies=1).test_client()
    for host, told, wanted in (
        ("localhost", "search.example", 200),
        ("search.example", "search.example", 200),
        ("localhost", "evil.example", 400),
        # A rebound page can set this header, since it is of its own origin.
        ("evil.example", "search.example", 400),
        ("evil.example", "localhost", 400),
        # What a visitor says before the trusted proxy is passed over.
        ("localhost", "evil.example, search.example", 200),
        ("localhost", "search.example, evil.example", 400),
    ):
        assert status(client, "/search.atom?q=桥", host, X_Forwarded_Host=told) == wanted


def test_a_host_app_has_its_own_names_unless_the_blueprint_is_told(searcher: HandSearcher) -> None:
    for hosts, wanted in ((None, 200), ((), 400), (("portal.example",), 200)):
        app = Flask(__name__)
        app.add_url_rule("/own", "own", lambda: "own")
        app.register_blueprint(create_blueprint(searcher, allowed_hosts=hosts), url_prefix="/s")
        client = app.test_client()
        assert status(client, "/s/?q=桥", "portal.example") == wanted
        assert status(client, "/own", "portal.example") == 200


@pytest.mark.parametrize(
    "setting", ["*", "https://a.example", "a.example/b", "*.a.example", "a b", "[::1", "a:b", "a;b"]
)
def test_what_is_no_host_is_refused(setting: str, searcher: HandSearcher) -> None:
    with pytest.raises(ConfigError, match="allowed_hosts"):
        split_hosts(f"good.example,{setting}")
    with pytest.raises(ConfigError):
        create_app(searcher, allowed_hosts=[setting])


def test_addresses_are_taken_as_operators_write_them() -> None:
    setting = " a.example , ::1,fe80::7,[::1]:80,10.0.0.1,例子.example,, "
    given = ("a.example", "::1", "fe80::7", "[::1]:80", "10.0.0.1", "例子.example")
    assert split_hosts(setting) == given


@pytest.mark.parametrize("address", ["/healthz", "/metrics", "/nowhere", "/api/v1/x", "/"])
@pytest.mark.parametrize("host", ["localhost", "evil.example"])
def test_every_answer_has_the_same_headers(client: FlaskClient, address: str, host: str) -> None:
    for headers in (
        client.get(address, headers={"Host": host}).headers,
        client.post(address, headers={"Host": host}).headers,
    ):
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"


UNSEEN = st.text(st.sampled_from(" \t\r\n\u3000\xa0\u200b\ufeff\u2060\u00ad\u202e\ufe0f\x00\x0b"))


def table(app: Flask, searcher: HandSearcher, title: str) -> str:
    """The cell of a title in a table."""
    from jianbao.indexer import Article, SearchRequest

    found = HandSearcher((Article(id="a", title=title, body="b"),)).search(SearchRequest(""))
    with app.test_request_context():
        lines = "".join(csv_lines(found.hits, lambda article: "/a"))
    return next(csv.reader(io.StringIO(lines.removeprefix(BOM).split("\r\n", 1)[1], newline="")))[0]


@given(UNSEEN, st.sampled_from("=+-@＝＋－＠﹦﹢﹣﹫−⁺"), st.text(max_size=5))
def test_no_cell_begins_like_a_formula(unseen: str, sign: str, rest: str) -> None:
    app = create_app(HandSearcher(()))
    cell = table(app, HandSearcher(()), f"{unseen}{sign}{rest}")
    assert cell.startswith("'")


@pytest.mark.parametrize("title", ["春潮涌动", "　　正文", "3-2", "（=）", "A+B", "“－”"])
def test_other_cells_stay_as_they_are(app: Flask, searcher: HandSearcher, title: str) -> None:
    assert table(app, searcher, title) == title
