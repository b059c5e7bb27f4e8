"""The JSON contract, its errors, and the health check."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient

from jianbao.indexer import (
    EngineError,
    IndexDamagedError,
    IndexLockedError,
    IndexMissingError,
    IndexOutdatedError,
)
from tests.web.conftest import HandSearcher

PAGE_KEYS = {
    "query", "mode", "total", "page", "size", "took_ms", "generation", "hits", "facets",
    "histogram", "suggestions", "notice", "notice_code", "limited", "next",
}  # fmt: skip
HIT_KEYS = {
    "id", "title", "url", "date", "source", "author", "page", "column", "score", "title_html",
    "snippet_html", "snippets",
}  # fmt: skip


def test_a_search_answers_the_documented_keys(client: FlaskClient) -> None:
    body = client.get("/api/v1/search?q=图书馆&size=3").get_json()
    assert set(body) == PAGE_KEYS
    assert (body["query"], body["mode"], body["total"]) == ("图书馆", "auto", 40)
    assert (body["page"], body["size"], len(body["hits"])) == (1, 3, 3)
    assert all(set(hit) == HIT_KEYS for hit in body["hits"])
    assert body["notice"] is None and body["suggestions"] == []
    assert set(body["histogram"][0]) == {"from", "to", "count"}
    assert set(body["facets"]["source"][0]) == {"value", "count"}


def test_a_hit_carries_text_with_ranges_and_the_same_as_html(client: FlaskClient) -> None:
    hit = client.get("/api/v1/search?q=图书馆").get_json()["hits"][1]
    assert hit["author"] == "陆明远、沈一帆"
    assert hit["title_html"] == "城东<mark>图书馆</mark>第1期读书会开讲"
    for snippet in hit["snippets"]:
        for start, end in snippet["marks"]:
            assert snippet["text"][start:end] == "图书馆"
    assert hit["snippet_html"].count("<mark>") == len(hit["snippets"])


def test_next_leads_through_all_pages(client: FlaskClient) -> None:
    address, seen = "/api/v1/search?q=图书馆&size=9&sort=newest", []
    while address:
        body = client.get(address).get_json()
        seen += [hit["id"] for hit in body["hits"]]
        address = body["next"]
    assert len(seen) == len(set(seen)) == body["total"] == 40


def test_a_hit_leads_to_its_article(client: FlaskClient) -> None:
    for hit in client.get("/api/v1/search?q=石桥").get_json()["hits"]:
        assert client.get(hit["url"]).status_code == 200


def test_a_notice_is_a_sentence_and_a_code(client: FlaskClient) -> None:
    body = client.get("/api/v1/search?q=宽").get_json()
    assert body["notice"] == "包含全部词语的文章不足一页，以下文章包含其中部分词语。"
    assert body["notice_code"] == "relaxed"


def test_an_article_carries_its_marked_paragraphs(client: FlaskClient) -> None:
    body = client.get("/api/v1/articles/p1?q=积雪").get_json()
    assert body["id"] == "p1" and body["kind"] == "picture"
    assert body["paragraphs"] == [{"text": "石桥上的积雪。", "marks": [[4, 6]]}]
    assert [other["id"] for other in body["neighbours"]] == ["g1"]
    assert "acl" not in body and "path" not in body


def test_json_is_readable_utf8(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?q=图书馆&size=1")
    assert answer.mimetype == "application/json"
    assert "城东" in answer.data.decode("utf-8")


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/api/v1/search?q=坏", 400, "bad_query"),
        ("/api/v1/search?q=x&size=0", 400, "bad_query"),
        ("/api/v1/search?q=x&sise=5", 400, "bad_query"),
        ("/api/v1/articles/none", 404, "article_not_found"),
        ("/api/v1/articles/", 404, "not_found"),
        ("/api/v2/search", 404, "not_found"),
        ("/api/", 404, "not_found"),
    ],
)
def test_every_error_has_one_shape(
    client: FlaskClient, address: str, status: int, code: str
) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    _assert_error(answer.data, code)


def test_a_wrong_method_has_that_shape_too(client: FlaskClient) -> None:
    answer = client.post("/api/v1/search")
    assert answer.status_code == 405
    assert "GET" in answer.allow and "POST" not in answer.allow
    _assert_error(answer.data, "method_not_allowed")


@pytest.mark.parametrize(
    ("failure", "status", "code"),
    [
        (IndexMissingError("请运行 jianbao index"), 503, "index_missing"),
        (IndexOutdatedError("请运行 jianbao index --full"), 503, "index_outdated"),
        (IndexDamagedError("请运行 jianbao check"), 503, "index_damaged"),
        (IndexLockedError("请稍候"), 503, "index_locked"),
        (EngineError("x"), 500, "internal"),
        (RuntimeError("x"), 500, "internal"),
    ],
)
def test_failures_below_become_statuses(
    client: FlaskClient, searcher: HandSearcher, failure: Exception, status: int, code: str
) -> None:
    searcher.failure = failure
    answer = client.get("/api/v1/search?q=x")
    assert answer.status_code == status
    assert ("Retry-After" in answer.headers) == (status == 503)
    message = _assert_error(answer.data, code)
    assert (message == str(failure)) == (status == 503)


def test_health_names_the_live_generation(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.get_json() == {"status": "ok", "generation": "g1", "articles": 43}


def test_health_is_503_without_an_index(client: FlaskClient, searcher: HandSearcher) -> None:
    searcher.failure = IndexMissingError("请运行 jianbao index")
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.get_json()["error"]["code"] == "index_missing"


def _assert_error(data: bytes, code: str) -> str:
    body = json.loads(data)
    assert set(body) == {"error"} and set(body["error"]) == {"code", "message"}
    assert body["error"]["code"] == code
    message = body["error"]["message"]
    assert isinstance(message, str) and message
    return message
