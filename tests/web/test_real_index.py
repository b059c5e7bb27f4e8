"""The pages over an index that was really built: one file of many articles, page after page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from time import perf_counter

import pytest
from flask.testing import FlaskClient

from jianbao.indexer import Searcher, SearchRequest, load_settings, open_searcher, reindex
from jianbao.web import create_app

COUNT = 130


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    """A searcher over one JSONL file of `COUNT` articles."""
    folder = tmp_path_factory.mktemp("real")
    lines = [
        {
            "id": f"n{n}",
            "title": f"第{n}座桥",
            "body": "桥下有河。",
            "date": f"{2020 + n % 3}-05-01",
            "page": str(1 + n % 4),
            "tags": ["石桥"] if n % 5 == 0 else ["木桥"],
        }
        for n in range(COUNT)
    ]
    source = folder / "bridges.jsonl"
    source.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    settings = load_settings({"index": folder / "index"}, {}, folder)
    reindex(settings, [source], now=lambda: datetime.now(UTC))
    searcher = open_searcher(settings, perf_counter)
    yield searcher
    searcher.close()


@pytest.fixture
def visitor(real: Searcher) -> FlaskClient:
    """Requests to the app over it."""
    return create_app(real).test_client()


@pytest.mark.parametrize(
    ("place", "near"),
    [
        (0, range(1, 7)),
        (2, (0, 1, *range(3, 9))),
        (64, (*range(58, 64), *range(65, 71))),
        (129, range(123, 129)),
    ],
)
def test_an_article_names_the_six_before_and_after_it_in_its_file(
    visitor: FlaskClient, place: int, near: range | tuple[int, ...]
) -> None:
    told = visitor.get(f"/api/v1/articles/n{place}").get_json()["neighbours"]
    assert [other["id"] for other in told] == [f"n{n}" for n in near]


def test_every_facet_is_a_filter_of_the_same_count(visitor: FlaskClient) -> None:
    facets = visitor.get("/api/v1/search?q=桥").get_json()["facets"]
    assert {"year", "page", "tags"} <= {name for name, counts in facets.items() if counts}
    for name, counts in facets.items():
        parameter = "paper_page" if name == "page" else name
        for each in counts:
            asked = {"q": "桥", parameter: each["value"]}
            answer = visitor.get("/api/v1/search", query_string=asked).get_json()
            assert answer["total"] == each["count"], (name, each)


def test_the_newspaper_page_has_one_name_everywhere(real: Searcher) -> None:
    short, long = (
        real.search(SearchRequest("桥", filters=((name, "2"),))) for name in ("page", "paper_page")
    )
    assert short.total == long.total > 0


def test_the_last_page_has_the_rest_and_the_one_after_leads_back(visitor: FlaskClient) -> None:
    last = visitor.get("/?q=桥&page=13").text
    assert last.count('class="jb-hit"') == 10 and 'rel="next"' not in last
    beyond = visitor.get("/?q=桥&page=14").text
    assert "没有第 14 页" in beyond
    ways = re.findall('<li><a href="([^"]*)">看(?:第一|最后一)页', beyond)
    assert len(ways) == 2
    for way in ways:
        assert 'class="jb-hit"' in visitor.get(unescape(way)).text
