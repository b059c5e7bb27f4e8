"""The dictionary words and the titles of a whole index, for suggestions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from indexer.engines.whoosh_engine.columns import Columns
from indexer.engines.whoosh_engine.postings import Postings
from indexer.engines.whoosh_engine.stored_text import StoredText
from indexer.text.scripts import HAN_RUN


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`words` are folded, those in most articles first. `titles` are (article id, title), the
    newest first; a title that several articles have stands there once, for the newest."""

    words: list[str]
    titles: list[tuple[str, str]]


def read_vocabulary(folder: Path, words: int) -> Vocabulary:
    """What the index in `folder` holds, with `words` words at most."""
    columns = Columns(folder)
    return Vocabulary(_words(folder, columns.count, words), _titles(folder, columns))


def _words(folder: Path, articles: int, count: int) -> list[str]:
    postings = Postings(folder, articles, accidental=0.0)
    counts = [postings.articles_of(place) for place in range(len(postings.terms))]
    names = postings.names()
    found: list[str] = []
    for place in sorted(range(len(names)), key=lambda place: (-counts[place], names[place])):
        if len(found) == count:
            break
        if len(names[place]) > 1 and HAN_RUN.fullmatch(names[place]):
            found.append(names[place])
    return found


def _titles(folder: Path, columns: Columns) -> list[tuple[str, str]]:
    text = StoredText(folder)
    numbers: dict[str, int] = {}
    newest = np.empty(columns.count, dtype=np.int64)
    newest[columns.newest] = np.arange(columns.count)
    for number in newest.tolist():
        numbers.setdefault(text.title(number), number)
    return [(columns.ids[number], title) for title, number in numbers.items() if title.strip()]
