"""Looks a generation over: its checksums, its counts, and whether its articles can be found."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar

from jianbao.indexer.analysis import open_analysis
from jianbao.indexer.engines.base import Engine, Search
from jianbao.indexer.errors import IndexDamagedError
from jianbao.indexer.models import Article
from jianbao.indexer.query.parse import parse_literally
from jianbao.indexer.search.suggestions import open_suggestions
from jianbao.indexer.store.generations import Generations, Manifest
from jianbao.indexer.store.ledger import FILE as LEDGER
from jianbao.indexer.store.ledger import read_ledger
from jianbao.indexer.store.user_words import generation_words
from jianbao.indexer.text.analyzer import Analyzer

PIECE = 12
"""Characters of an article's own text that it is searched by."""

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Findings:
    """What was looked at of a whole generation: files compared with their checksums, articles
    counted, sources in its ledger, articles that were read and found by their own text."""

    generation: str
    files: int
    articles: int
    sources: int
    sample: int


def examine(generations: Generations, sample: int) -> Findings:
    """Look the live generation over; `sample` is how many articles to read and search for.

    Raises IndexDamagedError naming the file or the article, IndexMissingError, and
    IndexOutdatedError where only checksums can be compared.
    """
    pointer = generations.pointer()
    name = pointer.current
    manifest = generations.manifest(name)
    generations.check(name)
    if pointer.previous:
        generations.manifest(pointer.previous)
    folder = generations.path(name)
    sources = require_readable(generations, manifest)
    analyzer = open_analysis(generation_words(folder, manifest)).analyzer
    with closing(_read(generations, name, generations.backend.open)) as engine:
        read = _sample(engine, analyzer, sample)
    return Findings(name, len(manifest.files), manifest.articles, sources, read)


def require_readable(generations: Generations, manifest: Manifest) -> int:
    """Open all parts of a generation, and compare what they count with its manifest; the number of
    its sources. Raises IndexDamagedError, IndexOutdatedError."""
    name = manifest.generation
    folder = generations.path(name)
    generation_words(folder, manifest)
    with closing(_read(generations, name, generations.backend.open)) as engine:
        _same("the index", engine.count(), manifest.articles)
        found = engine.search(Search(limit=0, sort="newest")).total
        _same("a search for all", found, manifest.articles)
    ledger = read_ledger(folder)
    ids = list(chain.from_iterable(entry.ids for entry in ledger.values()))
    _same(LEDGER, len(ids), manifest.articles)
    _same(f"{LEDGER}, counted once,", len(set(ids)), manifest.articles)
    suggestions = _read(generations, name, lambda _: open_suggestions(folder))
    if suggestions:
        _read(generations, name, lambda _: suggestions.find("a", 1))
    return len(ledger)


def _sample(engine: Engine, analyzer: Analyzer, size: int) -> int:
    """Read articles evenly spread over the index, and find each by its own text."""
    step = max(1, engine.count() // size) if size else 0
    looked_at = range(0, engine.count(), step)[:size] if step else range(0)
    for number in looked_at:
        hits = engine.search(Search(sort="newest", offset=number, limit=1)).hits
        article = engine.article(hits[0].id) if hits else None
        if article is None:
            raise IndexDamagedError(
                f"the article at place {number} cannot be read: run `jianbao index --full`"
            )
        for text in _pieces(article):
            if engine.explain(Search(parse_literally(text, analyzer)), article.id) is None:
                raise IndexDamagedError(
                    f"article {article.id!r} is not found by its own words {text!r}: "
                    "run `jianbao index --full`"
                )
    return len(looked_at)


def _pieces(article: Article) -> list[str]:
    """A piece of the title and one from the middle of the longest paragraph."""
    longest = max(article.body.split("\n"), key=len)
    middle = max(0, (len(longest) - PIECE) // 2)
    pieces = (article.title[:PIECE], longest[middle : middle + PIECE])
    return [piece for piece in pieces if any(character.isalnum() for character in piece)]


def _same(where: str, counted: int, told: int) -> None:
    if counted != told:
        raise IndexDamagedError(
            f"{where} has {counted} articles, the manifest {told}: "
            "run `jianbao rollback`, or `jianbao index --full`"
        )


def _read(generations: Generations, name: str, open_: Callable[[str], Read]) -> Read:
    try:
        return open_(name)
    except Exception as error:
        raise IndexDamagedError(
            f"the generation at {generations.path(name)} cannot be read "
            f"({type(error).__name__}: {error}): run `jianbao rollback`, or `jianbao index --full`"
        ) from error
