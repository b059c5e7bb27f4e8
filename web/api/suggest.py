"""What may be typed next, as JSON: the route behind the suggestions of a search box."""

from __future__ import annotations

from typing import Annotated, Any, Final

from flask import Response, request, url_for
from msgspec import Meta

from jianbao.indexer import Suggestion
from jianbao.web.http.answers import json_body
from jianbao.web.ports import SearchDoor
from jianbao.web.render import sendable
from jianbao.web.state.parameter import Parameter
from jianbao.web.state.params import LANGUAGE, QUERY, check_names

MAX_SIZE: Final = 20
SIZE: Final = Parameter(
    "size",
    Annotated[int, Meta(ge=1, le=MAX_SIZE)],
    "How many suggestions at most.",
    "bad_number",
    default=8,
)
PARAMETERS: Final[tuple[Parameter, ...]] = (QUERY, SIZE, LANGUAGE)
_NAMES: Final = tuple(parameter.name for parameter in PARAMETERS)


class Suggest:
    """The view of `/api/v1/suggest`."""

    def __init__(self, searcher: SearchDoor) -> None:
        self._searcher = searcher

    def __call__(self) -> Response:
        check_names(request.args, _NAMES)
        text = QUERY.value(request.args)
        found = self._searcher.suggest(text, SIZE.value(request.args))
        return json_body({"query": text, "suggestions": [_json(each) for each in found]})


def _json(suggestion: Suggestion) -> dict[str, Any]:
    return {
        "text": suggestion.text,
        "kind": suggestion.kind,
        "url": _address(suggestion),
        "marks": [list(mark) for mark in suggestion.marks],
    }


def _address(suggestion: Suggestion) -> str:
    """The page of a title's article, or a search for the word."""
    if suggestion.kind == "title":
        return url_for(".article", article_id=sendable(suggestion.article_id))
    return url_for(".search", q=suggestion.text)
