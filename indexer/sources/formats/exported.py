"""Articles as `jianbao export` writes them: read back, they are the same, field by field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, get_args

from jianbao.indexer.errors import SourceError
from jianbao.indexer.models import Article, Kind
from jianbao.indexer.sources.cleaning.text import clean_text

MARK = "jianbao_export"
VERSION = 1

_LISTS = ("author", "tags", "acl")
_LINES = ("id", "title", "body", "date", "source", "issue", "page", "column", "url", "kind")
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)?", re.ASCII)


def record_of(article: Article) -> dict[str, Any]:
    """The article as values for JSON, empty ones left out. `path` tells where it came from; read
    back, an article comes from the export."""
    values = {each.name: getattr(article, each.name) for each in fields(Article)}
    shown = {name: value for name, value in values.items() if value}
    if "meta" in shown:
        shown["meta"] = dict(shown["meta"])
    return {MARK: VERSION, **shown}


def is_exported(record: Mapping[str, object]) -> bool:
    """Whether a record was written by `record_of`."""
    return MARK in record and "id" in record


def exported_article(record: Mapping[str, object], *, name: str) -> Article:
    """The article of a record, from the source `name`: its fields as they are, where what other
    sources say is cleaned and taken apart. Raises SourceError for what no export holds."""
    if record[MARK] != VERSION:
        raise SourceError(f"it was exported in another form than {VERSION}: export it anew")
    texts = {field: _text(record, field) for field in _LINES}
    kind = texts.pop("kind") or "article"
    if kind not in get_args(Kind) or not texts["id"] or not _DAY.fullmatch(texts["date"]):
        raise SourceError("its kind, id or date is none")
    lists = {field: _texts(record, field) for field in _LISTS}
    return Article(path=name, kind=kind, meta=_meta(record), **texts, **lists)  # type: ignore[arg-type]


def _text(record: Mapping[str, object], field: str) -> str:
    value = record.get(field, "")
    if not isinstance(value, str):
        raise SourceError(f"its {field} is no text")
    # An id may hold the bytes of a file name that is not UTF-8.
    return value if field == "id" else clean_text(value)


def _texts(record: Mapping[str, object], field: str) -> tuple[str, ...]:
    value = record.get(field, [])
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise SourceError(f"its {field} is no list of texts")
    return tuple(map(clean_text, value))


def _meta(record: Mapping[str, object]) -> dict[str, str]:
    value = record.get("meta", {})
    if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
        raise SourceError("its meta is no object of texts")
    return {clean_text(key): clean_text(text) for key, text in value.items()}
