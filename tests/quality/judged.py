"""The judged collections: articles, queries, and the grade of each relevant article."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import opencc


@dataclass(frozen=True, slots=True)
class Query:
    """A query and its judgements."""

    text: str
    grades: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Judged:
    """A collection; `articles` are dictionaries as a JSONL source has them."""

    name: str
    articles: list[dict[str, Any]]
    queries: list[Query]


def _headlines(folder: Path) -> Judged:
    """Find an article by its headline, with titles not indexed."""
    articles = [{**each, "title": ""} for each in _lines(folder.parent / "news.jsonl.gz")]
    return Judged("headlines", articles, _queries(folder / "headline_queries.jsonl.gz"))


def _rgb(folder: Path) -> Judged:
    articles = _lines(folder / "rgb_corpus.jsonl.gz")
    return Judged("rgb", articles, _queries(folder / "rgb_queries.jsonl.gz"))


def _drcd(folder: Path) -> Judged:
    articles = _lines(folder / "drcd_corpus.jsonl.gz")
    return Judged("drcd", articles, _queries(folder / "drcd_queries.jsonl.gz"))


def _drcd_simplified(folder: Path) -> Judged:
    """The same encyclopedia in traditional characters, asked in simplified ones."""
    judged = _drcd(folder)
    simplify = opencc.OpenCC("t2s").convert
    queries = [Query(simplify(query.text), query.grades) for query in judged.queries]
    return Judged("drcd-simplified", judged.articles, queries)


COLLECTIONS: dict[str, Callable[[Path], Judged]] = {
    "rgb": _rgb,
    "drcd": _drcd,
    "drcd-simplified": _drcd_simplified,
    "headlines": _headlines,
}


def _lines(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _queries(path: Path) -> list[Query]:
    return [Query(each["query"], each["rel"]) for each in _lines(path)]
