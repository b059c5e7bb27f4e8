"""The Atom feed of a search and the OpenSearch description, read as their readers read them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from jianbao.indexer import Article
from jianbao.web import create_app, create_blueprint
from tests.web.conftest import HandSearcher, make_articles

ATOM = "{http://www.w3.org/2005/Atom}"
OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
INSTANT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)"


def read(client: FlaskClient, address: str) -> ElementTree.Element:
    """A feed, or a description."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return ElementTree.fromstring(answer.data)


def link(element: ElementTree.Element, relation: str) -> str:
    """The one link of a relation, or an empty text."""
    found = [each.attrib["href"] for each in element.findall(f"{ATOM}link[@rel='{relation}']")]
    assert len(found) <= 1
    return "".join(found)


def arguments(address: str) -> dict[str, list[str]]:
    """What an address asks for."""
    return parse_qs(urlsplit(address).query)


def assert_valid(feed: ElementTree.Element) -> None:
    """What RFC 4287 demands of a feed and of each entry."""
    assert feed.tag == f"{ATOM}feed"
    entries = feed.findall(f"{ATOM}entry")
    for element in (feed, *entries):
        for name in ("id", "title", "updated"):
            assert len(element.findall(ATOM + name)) == 1
        assert re.match(r"[a-z]+:\S+$", element.findtext(f"{ATOM}id") or "")
        updated = element.findtext(f"{ATOM}updated") or ""
        assert re.fullmatch(INSTANT, updated) and datetime.fromisoformat(updated)
        assert urlsplit(link(element, "alternate")).scheme == "http"
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(ids) == len(set(ids))


def test_a_search_is_a_feed_with_the_newest_first(client: FlaskClient) -> None:
    client.get("/")
    answer = client.get("/search.atom?q=图书馆&source=城东日报")
    assert answer.mimetype == "application/atom+xml"
    feed = ElementTree.fromstring(answer.data)
    assert_valid(feed)
    assert feed.findtext(f"{OPENSEARCH}totalResults") == "26"
    assert len(feed.findall(f"{ATOM}entry")) == 10
    assert "sort=" not in link(feed, "self")
    first = feed.find(f"{ATOM}entry")
    assert first is not None and "图书馆" in (first.findtext(f"{ATOM}title") or "")
    assert client.get(link(first, "alternate")).status_code == 200


class Sorting(HandSearcher):
    """Notes the order that was asked for."""

    asked = ""

    def search(self, request, /):  # type: ignore[no-untyped-def]
        self.asked = request.sort
        return super().search(request)


@pytest.mark.parametrize(
    ("chosen", "order"),
    [
        ("", "newest"),
        ("&sort=", "newest"),
        ("&sort=relevance", "relevance"),
        ("&sort=oldest", "oldest"),
    ],
)
def test_the_order_of_a_feed_can_be_chosen(searcher: HandSearcher, chosen: str, order: str) -> None:
    sorting = Sorting(searcher.articles)
    feed = read(create_app(sorting).test_client(), f"/search.atom?q=图书馆{chosen}")
    assert sorting.asked == order
    onward = link(feed, "next")
    assert ("sort=" in onward) == (sorting.asked != "newest")


def test_a_feed_is_walked_by_its_links_to_the_last_entry(client: FlaskClient) -> None:
    address, ids, names = "/search.atom?q=图书馆&size=9", [], set()
    while address:
        feed = read(client, address)
        assert arguments(link(feed, "self")) == arguments(address)
        names.add(feed.findtext(f"{ATOM}id"))
        ids += [entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")]
        address = link(feed, "next")
    assert len(ids) == len(set(ids)) == 40
    assert len(names) == 1


def test_ids_tell_articles_and_searches_and_outlive_a_move(client: FlaskClient) -> None:
    here = read(client, "/search.atom?q=图书馆")
    elsewhere = create_app(HandSearcher(make_articles()), allowed_hosts=["elsewhere.example"])
    there = read(elsewhere.test_client(), "http://elsewhere.example/search.atom?size=100&q=图书馆")
    other = read(client, "/search.atom?q=石桥")
    assert here.findtext(f"{ATOM}id") == there.findtext(f"{ATOM}id")
    assert here.findtext(f"{ATOM}id") != other.findtext(f"{ATOM}id")
    host = Flask("host")
    host.register_blueprint(create_blueprint(HandSearcher(make_articles())), url_prefix="/find")
    moved = read(host.test_client(), "/find/search.atom?q=图书馆")
    assert here.findtext(f"{ATOM}id") == moved.findtext(f"{ATOM}id")
    entries = {entry.findtext(f"{ATOM}id") for entry in there.findall(f"{ATOM}entry")}
    assert all(str(name).startswith("urn:uuid:") for name in entries)
    assert {entry.findtext(f"{ATOM}id") for entry in here.findall(f"{ATOM}entry")} <= entries


def test_every_article_is_a_valid_entry_whatever_it_holds(client: FlaskClient) -> None:
    feed = read(client, "/search.atom?size=100")
    assert_valid(feed)
    titles = [entry.findtext(f"{ATOM}title") for entry in feed.findall(f"{ATOM}entry")]
    assert "<script>alert(1)</script>石桥" in titles


@settings(deadline=None)
@given(st.text(max_size=40))
def test_any_text_makes_a_feed_that_can_be_read(text: str) -> None:
    odd = Article(id=text or "x", title=text, body=text, author=(text,), source=text, tags=(text,))
    feed = read(create_app(HandSearcher((odd,))).test_client(), "/search.atom")
    assert_valid(feed)
    assert len(feed.findall(f"{ATOM}entry")) == 1


def test_an_undated_article_is_as_new_as_the_index(searcher: HandSearcher) -> None:
    undated = replace(searcher.articles[0], date="")
    feed = read(create_app(HandSearcher((undated,))).test_client(), "/search.atom")
    assert feed.findtext(f"{ATOM}entry/{ATOM}updated") == "2026-01-02T03:04:05+08:00"
    assert feed.findtext(f"{ATOM}entry/{ATOM}published") is None
    assert feed.findtext(f"{ATOM}updated") == "2026-01-02T03:04:05+08:00"


@pytest.mark.parametrize("address", ["/", "/?q=图书馆&page=2&sort=oldest&size=5"])
def test_pages_lead_feed_readers_and_browsers_on(client: FlaskClient, address: str) -> None:
    html = client.get(address).text
    feed = re.search('<link rel="alternate" type="application/atom.xml"[^>]* href="([^"]*)"', html)
    assert feed and "sort=" not in feed[1] and "page=" not in feed[1]
    assert client.get(feed[1].replace("&amp;", "&")).status_code == 200
    search = re.search('<link rel="search" type="([^"]*)"[^>]* href="([^"]*)"', html)
    assert search and search[1] == client.get(search[2]).mimetype


def test_a_browser_is_told_how_to_ask(searcher: HandSearcher) -> None:
    host = Flask("host")
    host.register_blueprint(create_blueprint(searcher), url_prefix="/find")
    visitor = host.test_client()
    told = read(visitor, "http://intranet.example/find/opensearch.xml")
    name = told.findtext(f"{OPENSEARCH}ShortName")
    assert name and len(name) <= 16
    templates = {
        url.attrib["type"]: url.attrib["template"]
        for url in told.findall(f"{OPENSEARCH}Url")
        if url.attrib.get("rel") != "self"
    }
    assert len(templates) == 3
    for kind, template in templates.items():
        assert template.startswith("http://intranet.example/find/")
        for page in ("", "2"):
            asked = template.replace("{searchTerms}", "图书馆").replace("{startPage?}", page)
            answer = visitor.get(asked)
            assert (answer.status_code, answer.mimetype) == (200, kind)
            assert "图书馆" in answer.text
