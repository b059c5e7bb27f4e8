"""Links that are written without asking Flask for each: the same as if it had been asked."""

from __future__ import annotations

from typing import Any

from flask import Flask, url_for
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from jianbao.indexer import Article, SearchRequest
from jianbao.web import create_blueprint
from jianbao.web.render import sendable
from jianbao.web.state.links import (
    SearchLinks,
    arguments,
    article_links,
    between,
    excluding,
    toggled,
)
from jianbao.web.state.params import read_request
from tests.web.conftest import HandSearcher

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), min_size=1, max_size=30)
SENT = st.text(max_size=20)
VALUE = SENT.map(str.strip).filter(bool)
PAIRS = st.lists(st.tuples(st.sampled_from(("source", "author")), VALUE), max_size=4, unique=True)
REQUESTS = st.builds(
    SearchRequest,
    query=SENT,
    page=st.integers(1, 9),
    sort=st.sampled_from(("relevance", "oldest")),
    date_from=st.sampled_from(("", "2024-01-01")),
    filters=PAIRS.map(tuple),
    excluded=PAIRS.map(tuple),
)


def mounted() -> Flask:
    host = Flask("host")
    blueprint = create_blueprint(HandSearcher(()))
    host.register_blueprint(blueprint, url_prefix="/<team>/find")
    host.url_defaults(lambda _, values: values.setdefault("team", "报社"))
    return host


HOST = mounted()


@given(ANY_TEXT, SENT)
def test_an_article_is_where_flask_says(id_: str, query: str) -> None:
    article = Article(id_, "", "")
    with HOST.test_request_context("/a/find/?lang=en", base_url="https://x.example/tools"):
        found_by: dict[str, Any] = {"q": query, "source": ["甲", "~any-article~"]}
        wanted = url_for(".article", article_id=sendable(id_), **found_by)
        assert article_links(url_for, found_by)(article) == wanted
        assert wanted.startswith("/tools/%E6%8A%A5%E7%A4%BE/find/articles/")


@given(REQUESTS)
def test_a_link_reads_back_as_its_search(asked: SearchRequest) -> None:
    link = SearchLinks("/", 10, {"lang": "en"})
    args = MultiDict(HOST.test_request_context(link(asked)).request.args)
    assert args.pop("lang") == "en"
    # Of several fields, each comes with its own values in their order.
    assert arguments(read_request(args, 10), 10) == arguments(asked, 10)


@given(REQUESTS, st.sampled_from(("source", "author")), VALUE)
def test_the_way_to_a_neighbour_is_that_of_its_search(
    asked: SearchRequest, field: str, value: str
) -> None:
    link = SearchLinks("/find/", 10, {"lang": "en"})
    for chosen in (value, *(each for name, each in asked.filters if name == field)):
        assert link.toggled(asked, field, chosen) == link(toggled(asked, field, chosen))
        assert link.excluding(asked, field, chosen) == link(excluding(asked, field, chosen))
    assert link.between(asked, "", "2024-02-29") == link(between(asked, "", "2024-02-29"))
