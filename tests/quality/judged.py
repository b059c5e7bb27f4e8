"""The judged collections: articles, queries, and the grade of each relevant article."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import opencc

from tests.quality.marks import half_of, marked_headlines


@dataclass(frozen=True, slots=True)
class Query:
    """A query and its judgements."""

    text: str
    grades: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Judged:
    """A collection; `articles` are dictionaries as a JSONL source has them. Collections of one
    `corpus` have the same articles."""

    name: str
    corpus: str
    articles: list[dict[str, Any]]
    queries: list[Query]


def _headlines(folder: Path) -> Judged:
    """Find an article by its headline, with titles not indexed."""
    queries = _queries(folder / "headline_queries.jsonl.gz")
    return Judged("headlines", "news", _untitled(_news(folder)), queries)


def _marked(folder: Path) -> Judged:
    """The same for headlines that carry marks, of the half that may be looked at."""
    return _half("marked", folder, 0)


def _marked_held_out(folder: Path) -> Judged:
    """The other half, for which nothing may be tuned."""
    return _half("marked-held-out", folder, 1)


def _half(name: str, folder: Path, half: int) -> Judged:
    news = _news(folder)
    queries = [
        Query(each["title"], {each["id"]: 2})
        for each in marked_headlines(news)
        if half_of(each["id"]) == half
    ]
    return Judged(name, "news", _untitled(news), queries)


def _rgb(folder: Path) -> Judged:
    articles = _lines(folder / "rgb_corpus.jsonl.gz")
    return Judged("rgb", "rgb", articles, _queries(folder / "rgb_queries.jsonl.gz"))


def _drcd(folder: Path) -> Judged:
    articles = _lines(folder / "drcd_corpus.jsonl.gz")
    return Judged("drcd", "drcd", articles, _queries(folder / "drcd_queries.jsonl.gz"))


def _drcd_simplified(folder: Path) -> Judged:
    """The same encyclopedia in traditional characters, asked in simplified ones."""
    judged = _drcd(folder)
    simplify = opencc.OpenCC("t2s").convert
    queries = [Query(simplify(query.text), query.grades) for query in judged.queries]
    return Judged("drcd-simplified", "drcd", judged.articles, queries)


COLLECTIONS: dict[str, Callable[[Path], Judged]] = {
    "rgb": _rgb,
    "drcd": _drcd,
    "drcd-simplified": _drcd_simplified,
    "headlines": _headlines,
    "marked": _marked,
    "marked-held-out": _marked_held_out,
}


def _news(folder: Path) -> list[dict[str, Any]]:
    return _lines(folder.parent / "news.jsonl.gz")


def _untitled(articles: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**each, "title": ""} for each in articles]


def _lines(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _queries(path: Path) -> list[Query]:
    return [Query(each["query"], each["rel"]) for each in _lines(path)]
