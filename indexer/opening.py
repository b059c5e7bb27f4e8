"""Settings to the things that both paths need: the analyzer, and its fingerprint."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from indexer.config import Settings
from indexer.errors import ConfigError
from indexer.fingerprint import Fingerprint, fingerprint
from indexer.text.analyzer import Analyzer
from indexer.text.bulk import BulkAnalyzer
from indexer.text.native_division import open_native_divider
from indexer.text.normalize import fold
from indexer.text.segment import UserWord, dictionary_words, open_segmenter


@dataclass(frozen=True, slots=True)
class Analysis:
    """The analyzer of this installation and settings, and what identifies it."""

    analyzer: Analyzer
    fingerprint: Fingerprint
    words: tuple[UserWord, ...]
    """The words added to the dictionary."""
    open_bulk_analyzer: Callable[[], BulkAnalyzer]
    """The same analyzer for whole batches; opening it takes a second, the first time. Can be
    pickled."""


def open_analysis(settings: Settings) -> Analysis:
    """The analyzer with the user dictionary. Raises ConfigError if that cannot be read."""
    words = _user_words(Path(settings.user_dictionary)) if settings.user_dictionary else ()
    segmenter = open_segmenter(words)
    analyzer = Analyzer(segmenter)
    opened = _KeptOpen(words, segmenter.name, segmenter.version)
    return Analysis(analyzer, fingerprint(analyzer, words), words, opened)


def same_words(analysis: Analysis, settings: Settings) -> bool:
    """Whether the user dictionary is as it was. Raises ConfigError."""
    path = settings.user_dictionary
    return analysis.words == (_user_words(Path(path)) if path else ())


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


def _user_words(path: Path) -> tuple[UserWord, ...]:
    """One word a line, then optionally its frequency; further fields are left alone."""
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"the user dictionary {path} cannot be read: {error}") from error
    entries = [line.split() for line in lines if line.strip()]
    return tuple(
        UserWord(fold(entry[0]), int(entry[1]) if entry[1:] and entry[1].isdigit() else None)
        for entry in entries
    )
