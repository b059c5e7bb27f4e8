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
    names = postings.terms.all()
    counts = postings.counts[postings.term_places]
    words = np.array([name for name, found in enumerate(names) if _is_word(found)], dtype=np.int64)
    # The names are sorted, so that a stable sort leaves equal counts in their order.
    order = np.argsort(-counts[words], kind="stable")[:count]
    return [names[number] for number in words[order].tolist()]


def _is_word(term: str) -> bool:
    return len(term) > 1 and HAN_RUN.fullmatch(term) is not None


def _titles(folder: Path, columns: Columns) -> list[tuple[str, str]]:
    titles, ids = StoredText(folder).titles(), columns.ids.all()
    numbers: dict[str, int] = {}
    newest = np.empty(columns.count, dtype=np.int64)
    newest[columns.newest] = np.arange(columns.count)
    for number in newest.tolist():
        numbers.setdefault(titles[number], number)
    return [(ids[number], title) for title, number in numbers.items() if title.strip()]
