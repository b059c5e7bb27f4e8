"""Words to the things that both paths need: the analyzer, and its fingerprint."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from jianbao.indexer.fingerprint import Fingerprint, fingerprint
from jianbao.indexer.text.analyzer import Analyzer
from jianbao.indexer.text.bulk import BulkAnalyzer
from jianbao.indexer.text.native_division import open_native_divider
from jianbao.indexer.text.segment import UserWord, dictionary_words, open_segmenter


@dataclass(frozen=True, slots=True)
class Analysis:
    """The analyzer of this installation with some user words, and what identifies it."""

    analyzer: Analyzer
    fingerprint: Fingerprint
    words: tuple[UserWord, ...]
    """The words added to the dictionary."""
    open_bulk_analyzer: Callable[[], BulkAnalyzer]
    """The same analyzer for whole batches; opening it takes a second, the first time. Can be
    pickled."""


def open_analysis(words: tuple[UserWord, ...], known: Analysis | None = None) -> Analysis:
    """The analyzer with these user words; `known` where it has the same ones. With words it takes
    0.2 s and 25 MB, and changes no other one."""
    if known is not None and known.words == words:
        return known
    segmenter = open_segmenter(words)
    opened = _KeptOpen(words, segmenter.name, segmenter.version)
    return Analysis(Analyzer(segmenter), fingerprint(words), words, opened)


class _KeptOpen:
    """Opens the analyzer when it is first asked for. A copy sent to another process opens its own:
    the segmenter cannot be pickled."""

    def __init__(self, words: tuple[UserWord, ...], name: str, version: str) -> None:
        self._words = words
        self._name = name
        self._version = version
        self._opened: BulkAnalyzer | None = None

    def __call__(self) -> BulkAnalyzer:
        if self._opened is None:
            self._opened = open_bulk_analyzer(self._words, self._name, self._version)
        return self._opened

    def __reduce__(self) -> tuple[type[_KeptOpen], tuple[tuple[UserWord, ...], str, str]]:
        return _KeptOpen, (self._words, self._name, self._version)


def open_bulk_analyzer(
    words: tuple[UserWord, ...], name: str, version: str, *, native: bool = True
) -> BulkAnalyzer:
    """The analyzer for batches, which divides as the segmenter with that name and version does;
    `native` False leaves the functions in C alone, where they were built."""
    # What the segmenters make of user words without a frequency is left to them.
    divider = open_native_divider(name, version) if native and not words else None
    if divider:
        return BulkAnalyzer.dividing(divider)
    return BulkAnalyzer(open_segmenter(words, name=name), dictionary_words(words))
