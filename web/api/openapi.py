"""The API's description: OpenAPI 3.1, made from what checks requests and what shapes answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final

from msgspec import json

from jianbao.web.api import openapi_examples, shapes
from jianbao.web.api.suggest import PARAMETERS as SUGGEST
from jianbao.web.state.parameter import Parameter
from jianbao.web.state.params import LANGUAGE, MAX_FILTERS, QUERY, described

JSON: Final = "application/json"
_REFERENCE: Final = "#/components/schemas/{name}"
_BROWSER: Final = "The caller has this answer already (`If-None-Match`)."
_FAILURES: Final[Mapping[int, str]] = {
    400: "An argument cannot be used; the message says what can.",
    404: "There is no such article.",
    500: "A fault of the server, written to its log.",
    503: "The index cannot be used now; the message says what the operator has to do.",
}

ARTICLE_ID: Final = Parameter(
    "article_id",
    str,
    "The id of an article; slashes may stand as they are.",
    example="c02",
    place="path",
)


@dataclass(frozen=True, slots=True)
class Operation:
    """What can be asked at one address, by GET, and what is answered: `shape`, or text.

    `name` is the endpoint of the route. `kept` tells answers that carry a tag; `parameters` of None
    are those of a search.
    """

    path: str
    name: str
    about: str
    shape: Any = str
    mimetype: str = JSON
    parameters: tuple[Parameter, ...] | None = None
    failures: tuple[int, ...] = (400, 500, 503)
    kept: bool = True


OPERATIONS: Final = (
    Operation("/api/v1/search", "api_search", "A page of hits.", shapes.Results),
    Operation(
        "/api/v1/articles/{article_id}",
        "api_article",
        "One article, with the matches of q marked.",
        shapes.Reading,
        parameters=(ARTICLE_ID, QUERY, LANGUAGE),
        failures=(400, 404, 500, 503),
    ),
    Operation(
        "/api/v1/suggest",
        "api_suggest",
        "Words and titles for what is being typed, pinyin too.",
        shapes.Suggestions,
        parameters=SUGGEST,
    ),
    Operation(
        "/api/v1/export.csv",
        "api_export_csv",
        "Every hit, 1,000 at most, as a table for a spreadsheet.",
        mimetype="text/csv",
        kept=False,
    ),
    Operation(
        "/api/v1/export.jsonl",
        "api_export_jsonl",
        "Every hit, 1,000 at most, each a line of JSON shaped like a hit of a search; "
        "`limited` is there, and true, where the query is so large that marks were left out.",
        mimetype="application/x-ndjson",
        kept=False,
    ),
    Operation(
        "/api/v1/openapi.json",
        "api_openapi",
        "This description.",
        shapes.Document,
        parameters=(),
        failures=(500,),
    ),
)
"""A line here for each route of the API."""


def document(home: str, page_size: int) -> dict[str, Any]:
    """The description of the API whose paths begin at `home` and whose pages hold so many hits.

    To be asked for while a request is answered: examples lead to its server, in its language.
    """
    search = described(page_size)
    examples = openapi_examples.answers(page_size)
    kinds = [each.kind for operation in OPERATIONS for each in _taken(operation, search)]
    models = [*(operation.shape for operation in OPERATIONS), shapes.Failed]
    schemas, components = json.schema_components([*kinds, *models], ref_template=_REFERENCE)
    # Types are told apart by identity: two that are equal have the same schema anyway.
    of = dict(zip(map(id, [*kinds, *models]), schemas, strict=True))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Jianbao",
            "version": version("jianbao"),
            "description": "Full-text search for Chinese articles.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": home}],
        "paths": {
            operation.path: {"get": dict(_operation(operation, search, of, examples))}
            for operation in OPERATIONS
        },
        "components": {"schemas": components},
    }


def _taken(operation: Operation, search: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
    return search if operation.parameters is None else operation.parameters


def _operation(
    operation: Operation,
    search: tuple[Parameter, ...],
    of: Mapping[int, Any],
    examples: Mapping[str, Any],
) -> Iterator[tuple[str, Any]]:
    yield "operationId", operation.name.removeprefix("api_")
    yield "summary", operation.about
    yield "parameters", [_parameter(each, of[id(each.kind)]) for each in _taken(operation, search)]
    shown = {"schema": of[id(operation.shape)], "example": examples[operation.name]}
    answers: dict[str, Any] = {
        "200": {"description": "As asked.", "content": {operation.mimetype: shown}}
    }
    if operation.kept:
        answers["304"] = {"description": _BROWSER}
    schema, failures = of[id(shapes.Failed)], openapi_examples.failures()
    for status in operation.failures:
        failed = {JSON: {"schema": schema, "example": failures[status]}}
        answers[str(status)] = {"description": _FAILURES[status], "content": failed}
    yield "responses", answers


def _parameter(parameter: Parameter, schema: dict[str, Any]) -> dict[str, Any]:
    told = {**schema}
    if parameter.default not in (None, ""):
        told["default"] = parameter.default
    if parameter.many:
        told = {"type": "array", "items": told, "maxItems": MAX_FILTERS}
    found: dict[str, Any] = {
        "name": parameter.name,
        "in": parameter.place,
        "required": parameter.place == "path",
        "description": parameter.about,
        "schema": told,
    }
    if parameter.example is not None:
        found["example"] = parameter.example
    return found
