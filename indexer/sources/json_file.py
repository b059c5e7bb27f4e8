"""JSON: an object, an array of objects, or an object with such an array under `articles`."""

from __future__ import annotations

import json
from collections.abc import Iterator

from indexer.errors import SourceError
from indexer.sources.failing import Failing
from indexer.sources.fields import article_from
from indexer.sources.opening import SourceFile
from indexer.sources.reading import Item, doubts, skipped

LISTS = ("articles", "items", "data", "records", "文章")
"""Names under which an object holds an array of articles."""


def read_json(file: SourceFile) -> Iterator[Item]:
    """One article for an object, one for each element of an array."""
    decoded = file.decoded()
    content = _parsed(decoded.text)
    yield from doubts(file, decoded)
    if isinstance(content, list):
        yield from _read_all(file, content)
    elif isinstance(content, dict):
        yield article_from(content, name=file.name)
    else:
        raise SourceError("it holds neither an object in braces nor an array of them")


def _parsed(text: str) -> object:
    try:
        content = json.loads(text)
    except RecursionError:
        raise SourceError("its JSON is nested too deep") from None
    except ValueError as error:
        raise SourceError(f"it is not valid JSON ({error})") from error
    if isinstance(content, dict):
        lists = (content[name] for name in LISTS if isinstance(content.get(name), list))
        return next(lists, content)
    return content


def _read_all(file: SourceFile, records: list[object]) -> Iterator[Item]:
    count = Failing()
    for ordinal, record in enumerate(records, start=1):
        count.check(f"article {ordinal}")
        try:
            if not isinstance(record, dict):
                raise SourceError("it is not an object in braces")
            yield article_from(record, name=file.name, ordinal=ordinal)
            count.read += 1
        except SourceError as error:
            count.failed += 1
            yield skipped(file, f"article {ordinal}: {error}")
    if not records:
        raise SourceError("its array of articles is empty")
