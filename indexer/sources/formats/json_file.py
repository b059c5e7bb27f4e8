"""JSON: an object, an array of objects, or an object with such an array under `articles`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from jianbao.indexer.errors import SourceError
from jianbao.indexer.sources.files.reader import Item, doubts, skipped
from jianbao.indexer.sources.files.source_file import SourceFile
from jianbao.indexer.sources.records.failing import Failing
from jianbao.indexer.sources.records.record import Records
from jianbao.indexer.sources.records.roles import is_wrapper, role_of

LISTS = (
    *("articles", "items", "data", "records", "list", "rows", "results", "result", "docs"),
    *("documents", "posts", "news", "entries", "hits", "stories", "feed", "@graph"),
    *("文章", "数据", "列表", "新闻", "稿件"),
)
"""Names under which an object holds an array of articles."""

_DEEPEST = 6
"""Objects inside each other in which such an array is looked for."""


def read_json(file: SourceFile) -> Iterator[Item]:
    """One article for an object, one for each element of an array; an object with such arrays in
    it is one as well where it has text of its own."""
    decoded = file.decoded()
    content = _parsed(decoded.text)
    yield from doubts(file, decoded)
    records = Records(file)
    size = len(decoded.text.encode("utf-8", "surrogatepass"))
    if isinstance(content, dict):
        listed, around = _listed(content, file.roles)
        if listed is None:
            yield records.article(content)
        else:
            listed = [*listed, *_further(around, file.roles)]
            if records.has_text(around):
                yield records.article(around)
            else:
                records.pass_over(around)
            yield from _read_all(file, listed, records, size)
    elif isinstance(content, list):
        yield from _read_all(file, content, records, size)
    else:
        raise SourceError("it holds neither an object in braces nor an array of them")
    yield from records.unread()


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except RecursionError:
        raise SourceError("its JSON is nested too deep") from None
    except ValueError as error:
        raise SourceError(f"it is not valid JSON ({error})") from error


def _listed(
    content: dict[str, object], roles: Mapping[str, str]
) -> tuple[list[object] | None, dict[str, object]]:
    """The array of articles in an object, if there is one, and what stands around it."""
    around: dict[str, object] = {}
    for _ in range(_DEEPEST):
        for name in LISTS:
            value = content.get(name)
            if isinstance(value, list) and _are_articles(value, content, roles):
                return value, around | {key: each for key, each in content.items() if key != name}
        inner = [(key, each) for key, each in content.items() if isinstance(each, dict)]
        nested = next(((key, each) for key, each in inner if key in LISTS or is_wrapper(key)), None)
        if nested is None:
            break
        around |= {key: each for key, each in content.items() if key != nested[0]}
        content = nested[1]
    return None, {}


def _are_articles(
    value: list[object], around: Mapping[str, object], roles: Mapping[str, str]
) -> bool:
    """Whether the elements of an array are articles rather than the paragraphs of one."""
    if not any(role_of(key, roles) in ("title", "body") for key in around):
        return True
    names = {role_of(key, roles) for each in value if isinstance(each, dict) for key in each}
    return "title" in names


def _further(around: dict[str, object], roles: Mapping[str, str]) -> list[object]:
    """Takes the elements of other arrays of articles out of what stands around the first: those
    that have a title and a body, whatever their array is called."""
    found: list[object] = []
    for key, value in list(around.items()):
        if isinstance(value, list) and any(_is_article(each, roles) for each in value):
            found += value
            del around[key]
    return found


def _is_article(value: object, roles: Mapping[str, str]) -> bool:
    names = {role_of(key, roles) for key in value} if isinstance(value, dict) else set()
    return {"title", "body"} <= names


def _read_all(
    file: SourceFile, content: list[object], records: Records, size: int
) -> Iterator[Item]:
    count = Failing(size=size)
    for ordinal, record in enumerate(content, start=1):
        if reason := count.given_up("article", ordinal):
            yield skipped(file, reason)
            break
        try:
            if not isinstance(record, dict):
                raise SourceError("it is not an object in braces")
            yield records.article(record, ordinal)
            count.read += 1
        except SourceError as error:
            count.failed += 1
            yield skipped(file, f"article {ordinal}: {error}")
    if not content:
        raise SourceError("its array of articles is empty")
