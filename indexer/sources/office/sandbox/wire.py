"""What a reader yields, as bytes: plain JSON, checked on arrival and never trusted."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from typing import Any, get_args

from jianbao.indexer.models import Article, Kind, Outcome, Problem
from jianbao.indexer.sources.files.reader import Item, PageStories

_LISTS = ("author", "tags", "acl")
_TEXTS = tuple(
    field.name for field in fields(Article) if field.name not in (*_LISTS, "meta", "kind")
)


class WireError(Exception):
    """The bytes are not what `packed` gives."""


def packed(item: Item | None) -> bytes:
    """`item` as bytes; None says that there are no more."""
    if isinstance(item, Article):
        return _bytes({"article": asdict(item)})
    if isinstance(item, Problem):
        return _bytes({"problem": [item.outcome, item.reason, item.count]})
    if isinstance(item, PageStories):
        return _bytes({"stories": [asdict(article) for article in item.articles]})
    return _bytes({})


def unpacked(data: bytes, name: str) -> Item | None:
    """The item in `data`. It belongs to the source `name`, whatever the data says.

    Raises WireError.
    """
    try:
        content = json.loads(data)
        if "article" in content:
            return _article(content["article"], name)
        if "problem" in content:
            return _problem(content["problem"], name)
        if "stories" in content:
            return PageStories(tuple(_article(each, name) for each in content["stories"]))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise WireError from error
    return None


def _bytes(content: object) -> bytes:
    # Half a surrogate pair, if a library lets one through, becomes a question mark.
    return json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")


def _problem(content: Any, name: str) -> Problem:
    outcome, reason, count = content
    if outcome not in get_args(Outcome) or not isinstance(reason, str):
        raise TypeError
    return Problem(name, outcome, reason, int(count))


def _article(content: Any, name: str) -> Article:
    values: dict[str, Any] = {field: _text(content[field]) for field in _TEXTS}
    values |= {field: tuple(map(_text, content[field])) for field in _LISTS}
    values["meta"] = {_text(key): _text(value) for key, value in content["meta"].items()}
    if content["kind"] not in get_args(Kind):
        raise TypeError
    return Article(**values | {"kind": content["kind"], "path": name})


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value
