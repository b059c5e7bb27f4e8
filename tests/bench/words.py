"""The words that the peers index and are asked for: those of Jianbao's segmenter, in search mode.

They are joined by spaces, so that any engine's simplest tokenizer finds them again. Queries leave
out the function words that Jianbao leaves out, so that both sides do the same work.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import util
from itertools import islice
from multiprocessing import get_all_start_methods, get_context
from pathlib import Path
from threading import Semaphore

_FUNCTION_WORDS = Path(__file__).parents[2] / "indexer" / "text" / "function_words.txt"
_BETWEEN_WORDS = re.compile(r"\W+")
_LINES_AT_ONCE = 128
_BATCHES_AHEAD = 8

Cut = Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class Words:
    """Text to words. In search mode a long word is preceded by the shorter ones in it."""

    cut: Cut
    cut_for_search: Cut
    function_words: frozenset[str]

    def indexed(self, text: str) -> str:
        """All words of a text in search mode, joined by spaces."""
        return " ".join(self.cut_for_search(_plain(text)))

    def asked(self, text: str) -> list[str]:
        """The words of a query, each once: of a long word not its parts."""
        words = list(dict.fromkeys(" ".join(self.cut(_plain(text))).split()))
        return [word for word in words if word not in self.function_words] or words

    def phrase(self, text: str) -> list[str]:
        """The words that stand one after the other in the index where `text` stands."""
        return self.indexed(text).split()


def open_words() -> Words:
    """The words of rjieba, or of jieba where there is none: the choice that Jianbao makes too."""
    listed = _FUNCTION_WORDS.read_text("utf-8").split("\n")
    function_words = frozenset(line for line in listed if not line.startswith("#"))
    if util.find_spec("rjieba"):
        import rjieba

        rust = rjieba.Jieba()
        return Words(
            lambda text: rust.cut(text, hmm=False),
            lambda text: rust.cut_for_search(text, hmm=False),
            function_words,
        )
    import jieba

    return Words(
        lambda text: jieba.lcut(text, HMM=False),
        lambda text: jieba.lcut_for_search(text, HMM=False),
        function_words,
    )


@dataclass(frozen=True, slots=True)
class Segmented:
    """An article as a peer takes it: `text` is title and body as words joined by spaces."""

    id: str
    text: str
    source: str
    year: str


@contextmanager
def segmented(articles: Path) -> Iterator[Iterator[Segmented]]:
    """The articles of a JSON Lines file in their order, segmented by as many processes as there
    are processors. Enter it before starting threads: the processes are forks where there are any.
    """
    method = "fork" if "fork" in get_all_start_methods() else "spawn"
    with (
        articles.open(encoding="utf-8") as lines,
        get_context(method).Pool(os.cpu_count(), _Worker.start) as pool,
    ):
        # Without it the pool would read the whole file ahead of what the engine has taken.
        ahead = Semaphore(_BATCHES_AHEAD)
        batches = pool.imap(_Worker.segment, _batches(lines, ahead))
        yield (article for batch in batches for article in _taken(batch, ahead))


class _Worker:
    """What a worker process keeps between batches."""

    words: Words

    @classmethod
    def start(cls) -> None:
        cls.words = open_words()

    @classmethod
    def segment(cls, lines: list[str]) -> list[Segmented]:
        return [_segment(line, cls.words) for line in lines]


def _segment(line: str, words: Words) -> Segmented:
    record = json.loads(line)
    text = words.indexed(f"{record['title']}\n{record['body']}")
    return Segmented(record["id"], text, record["source"], record["date"][:4])


def _batches(lines: Iterator[str], ahead: Semaphore) -> Iterator[list[str]]:
    while batch := list(islice(lines, _LINES_AT_ONCE)):
        ahead.acquire()
        yield batch


def _taken(batch: list[Segmented], ahead: Semaphore) -> list[Segmented]:
    ahead.release()
    return batch


def _plain(text: str) -> str:
    return _BETWEEN_WORDS.sub(" ", text.lower())
