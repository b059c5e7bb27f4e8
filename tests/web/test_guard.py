"""Who may frame a page, and whose pages may read an answer."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from jianbao.indexer import ConfigError
from jianbao.web import create_app, create_blueprint
from jianbao.web.access.origins import split_origins
from tests.web.conftest import HandSearcher, make_articles

HOST = "https://intranet.example"
OTHER = "http://wiki.example:8000"
API = ("/api/v1/search?q=桥", "/api/v1/articles/p1", "/api/v1/export.jsonl?q=桥", "/api/v1/x")
PAGES = ("/", "/?q=图书馆", "/articles/p1", "/nowhere", "/search.atom", *API)


@pytest.fixture
def client() -> FlaskClient:
    """An app that two sites may embed."""
    app = create_app(HandSearcher(make_articles()), allowed_origins=(HOST, OTHER))
    return app.test_client()


def framers(client: FlaskClient, address: str) -> list[str]:
    """Who may frame the page at an address."""
    policy = client.get(address).headers["Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    return rules["frame-ancestors"].split()


@pytest.mark.parametrize("address", ["/embed", "/embed?q=图书馆", "/embed?q=坏"])
def test_the_sites_of_the_list_may_frame_the_frameable_page(
    client: FlaskClient, address: str
) -> None:
    assert framers(client, address) == [HOST, OTHER]
    assert "X-Frame-Options" not in client.get(address).headers


@pytest.mark.parametrize("address", PAGES)
def test_nobody_may_frame_another_page(client: FlaskClient, address: str) -> None:
    assert framers(client, address) == ["'none'"]
    assert client.get(address).headers["X-Frame-Options"] == "DENY"


def test_without_a_list_nobody_may_frame_or_read_anything(searcher: HandSearcher) -> None:
    client = create_app(searcher).test_client()
    assert framers(client, "/embed?q=图书馆") == ["'none'"]
    answer = client.get("/api/v1/search?q=桥", headers={"Origin": HOST})
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "Origin" not in answer.vary


@pytest.mark.parametrize("address", [*API, "/static/jianbao/jianbao.js"])
def test_a_listed_site_may_read_the_api_and_load_the_script(
    client: FlaskClient, address: str
) -> None:
    answer = client.get(address, headers={"Origin": OTHER}, buffered=True)
    assert answer.headers["Access-Control-Allow-Origin"] == OTHER
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "Origin" in answer.vary


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", f"{HOST}.evil.example", "http://intranet.example"]
)
def test_another_site_may_not(client: FlaskClient, origin: str) -> None:
    answer = client.get(API[0], headers={"Origin": origin})
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "Origin" in answer.vary


def test_the_pages_are_not_for_other_sites_to_read(client: FlaskClient) -> None:
    for address in ("/", "/articles/p1", "/embed?q=桥", "/search.atom"):
        headers = client.get(address, headers={"Origin": HOST}).headers
        assert "Access-Control-Allow-Origin" not in headers


def test_a_preflight_allows_get_to_the_list(client: FlaskClient) -> None:
    asking = {"Origin": HOST, "Access-Control-Request-Method": "GET"}
    answer = client.options("/api/v1/search", headers=asking)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Methods"] == "GET"
    refused = client.options("/api/v1/search", headers={**asking, "Origin": "https://x.example"})
    assert "Access-Control-Allow-Methods" not in refused.headers


@pytest.mark.parametrize(
    ("setting", "origins"),
    [
        ("", ()),
        (" , ", ()),
        ("https://a.example, http://b:8000", ("https://a.example", "http://b:8000")),
        ("HTTPS://A.example/,https://a.example:443", ("https://a.example",)),
        ("http://[::1]:80,http://10.0.0.7:81", ("http://[::1]", "http://10.0.0.7:81")),
    ],
)
def test_origins_are_read_as_browsers_send_them(setting: str, origins: tuple[str, ...]) -> None:
    assert split_origins(setting) == origins


@pytest.mark.parametrize(
    "setting",
    ["*", "null", "intranet.example", "https://*.example", "https://a/b", "https://a;b", "ftp://a"],
)
def test_what_is_no_origin_is_refused(setting: str, searcher: HandSearcher) -> None:
    with pytest.raises(ConfigError, match="allowed_origins"):
        split_origins(f"https://good.example,{setting}")
    with pytest.raises(ConfigError):
        create_blueprint(searcher, allowed_origins=[setting])


def test_a_framed_search_has_no_masthead_and_stays_framed(client: FlaskClient) -> None:
    html = client.get("/embed?q=图书馆").text
    assert "jb-head" not in html and "jb-seal" not in html
    assert "共 40 条结果" in html and 'action="/embed"' in html
    assert 'href="/embed?q=' in html and 'href="/?q=' not in html
    assert html.count(' target="_top"') == 11
    assert "jb-ways" not in client.get("/embed").text
    assert client.get("/embed?q=x&from=abc").status_code == 400
