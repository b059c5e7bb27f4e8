"""The words that were added to the dictionary when a generation was built, and what a change of
them means for its articles."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from pathlib import Path

from jianbao.indexer.errors import IndexDamagedError
from jianbao.indexer.fingerprint import WORDS, fingerprint, require_same
from jianbao.indexer.store.manifest import Manifest
from jianbao.indexer.text.segment import HIGHEST_FREQUENCY, UserWord, is_user_word

FILE = "user_words.json"

_MUCH = 5_000
"""The segmenter weighs a word against the sum of all frequencies (60 million in jieba's
dictionary): where user words change that by more, any article may be segmented otherwise. Of 10,250
news articles without the word, none was after a word of frequency 5,000 came, 1 after one of
59,000, and 87 after one of 600,000."""


def write_words(folder: Path, words: Sequence[UserWord]) -> None:
    """Write the words into the folder of a generation."""
    rows = [(entry.word, entry.frequency) for entry in words]
    (folder / FILE).write_text(json.dumps(rows, ensure_ascii=False), "utf-8")


def read_words(folder: Path) -> tuple[UserWord, ...]:
    """The words a generation was built with. Raises ValueError where that is not known."""
    try:
        rows = json.loads((folder / FILE).read_text("utf-8"))
        return tuple(_word(*row) for row in rows)
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise ValueError(f"{FILE} is missing or altered: {error}") from error


def generation_words(folder: Path, manifest: Manifest) -> tuple[UserWord, ...]:
    """The user words that the generation in a folder was built with, whatever the settings say now.

    Raises IndexOutdatedError where another analyzer, segmenter or schema built it,
    IndexDamagedError where its words are not known.
    """
    require_same(manifest.fingerprint)
    try:
        words = read_words(folder)
        if fingerprint(words)[WORDS] != manifest.fingerprint.get(WORDS):
            raise ValueError("its user words are not those that its manifest tells")
    except ValueError as error:
        raise IndexDamagedError(
            f"the generation at {folder} cannot be read ({error}): "
            "run `jianbao rollback`, or `jianbao index --full`"
        ) from error
    return words


def _word(word: object, frequency: object) -> UserWord:
    """What was written by nobody knows whom, as one of a dictionary. Raises ValueError."""
    is_known = type(frequency) is int and 0 < frequency <= HIGHEST_FREQUENCY
    if isinstance(word, str) and is_user_word(word) and (is_known or frequency is None):
        return UserWord(word, frequency)  # type: ignore[arg-type]
    raise ValueError(f"{[word, frequency]} is no word")


def affected(before: Sequence[UserWord], after: Sequence[UserWord]) -> frozenset[str] | None:
    """The words in whose articles segmentation may differ; None if in any article.

    They are the words that came, went or got another frequency, and those that contain one of them
    and leave their frequency to the segmenter, which takes it from how it would cut them else.
    """
    changed = set(before) ^ set(after)
    if abs(_sum(before) - _sum(after)) > _MUCH:
        return None
    words = {entry.word for entry in changed}
    open_ones = {entry.word for entry in (*before, *after) if entry.frequency is None}
    return frozenset(words | {word for word in open_ones if _contains_one(word, words)})


def _sum(words: Sequence[UserWord]) -> int:
    return sum(entry.frequency or 0 for entry in words)


def _contains_one(word: str, words: Collection[str]) -> bool:
    return any(
        word[start:end] in words
        for start in range(len(word))
        for end in range(start + 1, len(word) + 1)
    )
