"""The API's description: true of every route, and of every answer of the server to any request."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import urlopen

import msgspec
import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from jianbao.web import create_app, create_blueprint
from jianbao.web.api import shapes
from jianbao.web.api.openapi import ARTICLE_ID, JSON, OPERATIONS, Operation
from jianbao.web.api.openapi_examples import PINYIN
from jianbao.web.state.params import FILTERS, MODES, NAMES, QUERY, SORTS
from tests.web.conftest import HandSearcher, make_articles
from tests.web.real_server import index, jianbao_serve

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture
def described(client: FlaskClient) -> dict[str, Any]:
    """The document."""
    found: dict[str, Any] = client.get("/api/v1/openapi.json").get_json()
    return found


@pytest.fixture(scope="module")
def server(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The production server over the articles that come with Jianbao."""
    built = index(tmp_path_factory.mktemp("api"), root / "corpus")
    with jianbao_serve(root, built) as address:
        yield address


@pytest.fixture(scope="module")
def api(server: str) -> Any:
    """The API of the server, as its own description tells it."""
    return schemathesis.openapi.from_url(f"{server}api/v1/openapi.json")


def again(body: object, shape: type) -> object:
    """The body written anew from the type that describes it."""
    return json.loads(msgspec.json.encode(msgspec.convert(body, shape)))


def example(document: dict[str, Any], operation: Operation, status: int = 200) -> Any:
    """What the document shows of an answer."""
    responses = document["paths"][operation.path]["get"]["responses"]
    mimetype = operation.mimetype if status == 200 else JSON
    return responses[str(status)]["content"][mimetype]["example"]


def answered(address: str) -> str:
    """The text at an address, of an error too."""
    try:
        with urlopen(address, timeout=30) as answer:
            return str(answer.read().decode("utf-8"))
    except HTTPError as error:
        with error:
            return error.read().decode("utf-8")


def same_keys(one: Any, other: Any) -> bool:
    """Whether two JSON values have the same keys all the way down, wherever both have any."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same_keys(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return all(same_keys(left, right) for left in one[:1] for right in other[:1])
    return True


def test_the_document_is_valid_openapi(described: dict[str, Any]) -> None:
    assert described["openapi"].startswith("3.1.")
    schemathesis.openapi.from_dict(described).validate()


def test_every_route_of_the_api_is_described_and_no_other(app: Flask) -> None:
    routes = {
        rule.rule.replace("<path:", "{").replace(">", "}"): rule.endpoint.rpartition(".")[2]
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/")
    }
    assert {operation.path: operation.name for operation in OPERATIONS} == routes


def test_what_a_search_takes_is_described_with_its_limits(described: dict[str, Any]) -> None:
    told = described["paths"]["/api/v1/search"]["get"]["parameters"]
    schemas = {each["name"]: each["schema"] for each in told}
    assert tuple(schemas) == NAMES
    assert schemas["q"]["maxLength"] == 2000
    limits = {"type": "integer", "minimum": 1, "maximum": 100, "default": 10}
    assert schemas["size"] == limits
    assert set(schemas["sort"]["enum"]) == set(SORTS) and schemas["sort"]["default"] == SORTS[0]
    assert set(schemas["mode"]["enum"]) == set(MODES)
    assert all(schemas[name]["type"] == "array" for name in FILTERS)
    assert all(each["description"] for each in told)


def test_under_a_prefix_it_leads_there(searcher: HandSearcher) -> None:
    host = Flask("host")
    blueprint = create_blueprint(searcher, page_size=7)
    host.register_blueprint(blueprint, url_prefix="/find")
    told = host.test_client().get("/find/api/v1/openapi.json").get_json()
    assert told["servers"] == [{"url": "/find"}]
    taken = told["paths"]["/api/v1/search"]["get"]["parameters"]
    assert [each["schema"]["default"] for each in taken if each["name"] == "size"] == [7]
    shown = example(told, OPERATIONS[0])
    assert shown["size"] == 7 and shown["hits"][0]["url"] == "/find/articles/c02"


@pytest.mark.parametrize(
    ("address", "shape"),
    [
        ("/api/v1/search?q=图书馆", shapes.Results),
        ("/api/v1/search?q=宽", shapes.Results),
        ("/api/v1/search?q=石桥&size=100", shapes.Results),
        ("/api/v1/articles/p1?q=积雪", shapes.Reading),
        ("/api/v1/articles/none", shapes.Failed),
        ("/api/v1/search?from=x", shapes.Failed),
    ],
)
def test_an_answer_has_what_its_description_says_and_nothing_else(
    client: FlaskClient, address: str, shape: type
) -> None:
    body = client.get(address).get_json()
    assert again(body, shape) == body


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
def test_each_example_is_of_the_shape_that_is_described(
    described: dict[str, Any], operation: Operation
) -> None:
    shown = example(described, operation)
    if operation.mimetype == JSON:
        assert again(shown, operation.shape) == shown
    else:
        assert isinstance(shown, str) and shown.endswith("\n")
    for status in operation.failures:
        failed = example(described, operation, status)
        assert again(failed, shapes.Failed) == failed


@pytest.mark.parametrize("name", ["api_search", "api_article", "api_suggest"])
def test_a_real_answer_to_the_examples_has_the_keys_that_are_shown(server: str, name: str) -> None:
    document = json.loads(answered(f"{server}api/v1/openapi.json"))
    [operation] = [each for each in OPERATIONS if each.name == name]
    shown = example(document, operation)
    query = PINYIN if name == "api_suggest" else str(QUERY.example)
    path = operation.path.format(article_id=ARTICLE_ID.example)
    real = json.loads(answered(f"{server[:-1]}{path}?q={quote(query)}"))
    assert same_keys(shown, real)
    if name == "api_search":
        assert [hit["title_html"] for hit in real["hits"]] == [shown["hits"][0]["title_html"]]
        assert (shown["query"], shown["facets"]) == (query, real["facets"])
    elif name == "api_article":
        assert {each["text"] for each in shown["paragraphs"]} <= set(real["body"].split("\n"))
    else:
        assert real == shown


def test_real_exports_and_errors_look_as_they_are_shown(server: str) -> None:
    document = json.loads(answered(f"{server}api/v1/openapi.json"))
    of = {operation.name: operation for operation in OPERATIONS}
    asked = f"?q={quote(str(QUERY.example))}"
    table = answered(f"{server}api/v1/export.csv{asked}").splitlines()
    shown = example(document, of["api_export_csv"]).splitlines()
    assert shown[0] == table[0] and len(shown) == len(table) == 2
    lines = answered(f"{server}api/v1/export.jsonl{asked}").splitlines()
    [line] = example(document, of["api_export_jsonl"]).splitlines()
    assert [json.loads(each).keys() for each in lines] == [json.loads(line).keys()]
    assert msgspec.json.decode(line, type=shapes.Hit).url.startswith(f"{server}articles/")
    missing = json.loads(answered(f"{server}api/v1/articles/c99"))
    assert missing == example(document, of["api_article"], 404)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (operation.path, kind)
        for operation in OPERATIONS
        for kind in GenerationMode
        # What takes nothing cannot be asked wrongly.
        if operation.parameters != () or kind is GenerationMode.POSITIVE
    ],
)
def test_no_request_gets_an_answer_that_is_not_described(
    api: Any, server: str, path: str, kind: GenerationMode
) -> None:
    operation = api[path]["GET"]

    @settings(
        max_examples=12,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def ask(data: st.DataObject) -> None:
        case = data.draw(operation.as_strategy(generation_mode=kind))
        case.validate_response(case.call(base_url=server), checks=CHECKS)

    ask()


def test_an_article_that_is_there_is_described_too(api: Any, server: str) -> None:
    operation = api["/api/v1/articles/{article_id}"]["GET"]
    case = operation.Case(path_parameters={"article_id": "c02"}, query={"q": "朱砂"})
    answer = case.call(base_url=server)
    assert answer.status_code == 200
    case.validate_response(answer, checks=CHECKS)


def test_all_that_an_article_can_hold_is_described() -> None:
    client = create_app(HandSearcher(make_articles())).test_client()
    for hit in client.get("/api/v1/search?size=100").get_json()["hits"]:
        body = client.get(hit["url"].replace("/articles/", "/api/v1/articles/")).get_json()
        assert again(body, shapes.Reading) == body


@pytest.mark.slow
def test_schemathesis_finds_nothing(server: str, tmp_path: Path) -> None:
    program = "from schemathesis.cli import schemathesis; schemathesis()"
    checks = ",".join(check.__name__ for check in CHECKS)
    command = [
        *(sys.executable, "-c", program, "run", f"{server}api/v1/openapi.json"),
        *("--checks", checks, "--phases", "examples,coverage,fuzzing"),
        *("--max-examples", "100", "--seed", "1", "--no-color", "--warnings", "off"),
    ]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=600)
    assert run.returncode == 0, run.stdout + run.stderr
