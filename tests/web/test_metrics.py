"""`/metrics`: off unless asked for, readable by Prometheus, one truth for all processes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from jianbao.indexer import (
    ConfigError,
    IndexMissingError,
    load_settings,
    open_condition,
    open_searcher,
)
from jianbao.indexer.settings import Settings
from jianbao.web import create_app
from tests.web.conftest import HandSearcher
from tests.web.real_server import index, jianbao_serve

TOKEN = "0123456789abcdef"


def values(text: str) -> dict[str, float]:
    """Every sample by its name and labels, as Prometheus' own parser reads it."""
    return {
        sample.name + "".join(f"{{{name}={value}}}" for name, value in sample.labels.items()): (
            sample.value
        )
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def shown(client: FlaskClient) -> dict[str, float]:
    return values(client.get("/metrics").text)


def test_it_is_off_unless_asked_for(client: FlaskClient, searcher: HandSearcher) -> None:
    assert client.get("/metrics").status_code == 404
    assert create_app(searcher, metrics="on").test_client().get("/metrics").status_code == 200


def test_a_token_is_asked_for(searcher: HandSearcher) -> None:
    client = create_app(searcher, metrics=TOKEN).test_client()
    for said in ({}, {"Authorization": TOKEN}, {"Authorization": f"Bearer {TOKEN}x"}):
        refused = client.get("/metrics", headers=said)
        assert refused.status_code == 401 and refused.headers["WWW-Authenticate"] == "Bearer"
        assert TOKEN not in refused.text
    given = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert given.status_code == 200
    assert given.headers["Content-Type"].startswith("text/plain; version=0.0.4")


def test_a_short_token_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="16 characters"):
        load_settings({"metrics": "secret"}, {}, tmp_path)
    assert load_settings({}, {}, tmp_path).metrics == "off"


def test_searches_and_answers_are_counted(searcher: HandSearcher) -> None:
    client = create_app(searcher, metrics="on").test_client()
    client.get("/?q=图书馆")
    client.get("/api/v1/search?q=没有的词")
    client.get("/")
    client.get("/api/v1/search?size=0")
    client.get("/nowhere")
    found = shown(client)
    assert found["jianbao_requests_total{status=200}"] == 3
    assert found["jianbao_requests_total{status=400}"] == 1
    assert found["jianbao_requests_total{status=404}"] == 1
    assert found["jianbao_search_seconds_count"] == 2
    assert found["jianbao_search_seconds_bucket{le=+Inf}"] == 2
    assert found["jianbao_searches_without_hits_total"] == 1
    assert 0 < found["jianbao_search_seconds_sum"] < 20
    assert found["jianbao_documents"] == len(searcher.articles)


def test_buckets_only_grow(searcher: HandSearcher) -> None:
    client = create_app(searcher, metrics="on").test_client()
    for _ in range(5):
        client.get("/api/v1/search?q=桥")
    buckets = [number for name, number in shown(client).items() if "_bucket" in name]
    assert buckets == sorted(buckets) and buckets[-1] == 5


def test_an_index_that_cannot_be_used_is_told(searcher: HandSearcher) -> None:
    client = create_app(searcher, metrics="on").test_client()
    searcher.failure = IndexMissingError("there is no index")
    found = shown(client)
    assert found["jianbao_index_up"] == 0 and "jianbao_documents" not in found


@pytest.fixture(scope="module")
def settings(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """An index of corpus/ and a file that cannot be read."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "bad").mkdir()
    (folder / "bad" / "bad.json").write_text("{", "utf-8")
    return index(folder, root / "corpus", folder / "bad")


def test_the_index_is_described(settings: Settings) -> None:
    searcher = open_searcher(settings, perf_counter)
    condition = open_condition(settings)
    found = shown(create_app(searcher, metrics="on", condition=condition).test_client())
    assert found["jianbao_index_up"] == found["jianbao_index_generation"] == 1
    assert found["jianbao_documents"] == 85
    assert found["jianbao_sources_failed"] == 1 < found["jianbao_sources"]
    assert 0 <= found["jianbao_index_age_seconds"] < 3600
    searcher.close()


@pytest.fixture
def server(root: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """`jianbao serve` with two workers."""
    monkeypatch.setenv("JIANBAO_METRICS", TOKEN)
    with jianbao_serve(root, settings) as url:
        yield url


def test_two_processes_tell_one_truth(server: str) -> None:
    """Each connection may be taken by either process; whoever is asked has counted all."""
    request = Request(f"{server}metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    for round_ in range(1, 11):
        for _ in range(7):
            with urlopen(f"{server}api/v1/search?q=%E6%A1%A5", timeout=20) as answer:
                assert json.loads(answer.read())["total"] > 0
        with urlopen(request, timeout=20) as answer:
            found = values(answer.read().decode())
        assert found["jianbao_search_seconds_count"] == round_ * 7
        assert found["jianbao_requests_total{status=200}"] == round_ * 8 - 1
    with pytest.raises(HTTPError) as refused:
        urlopen(f"{server}metrics", timeout=20)
    assert refused.value.code == 401
    refused.value.close()
