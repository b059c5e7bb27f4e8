"""Where words begin and end: the only file that imports a segmenter."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import metadata, util
from itertools import accumulate, chain, pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from jianbao.indexer.text.fold import fold
from jianbao.indexer.text.scripts import HAN, HAN_RUN

Span = tuple[int, int]

LONGEST_RUN = 400
"""Han characters handed to a segmenter in one piece: jieba's time grows with the square of an
unpunctuated run (10,000 characters take 0.8 s, 50,000 take 17.7 s); sentences stay below 200."""

LONGEST_WORD = 32
"""No dictionary word is longer; windows over a long run overlap by this much."""

HIGHEST_FREQUENCY = 1_000_000_000
"""Of a user word. All words of jieba's dictionary together have 60 million; rjieba takes no number
of more than 64 bits, and the two disagree about 0."""

_WORD = re.compile("[\u4e00-\u9fd5]{2,}")
"""What may be a dictionary word: jieba hands back rarer Han characters in whole runs as they stand,
which depends on their surroundings."""

_WORDS = re.compile("[\u4e00-\u9fd5]+(?: [\u4e00-\u9fd5]+)*")

_USER_WORD = re.compile(f"[{HAN}a-z0-9+#&._%-]{{1,{LONGEST_WORD}}}")
"""Both segmenters split a text at all other characters before they look words up."""

_LONG_HAN_RUN = re.compile(f"[{HAN}]{{{LONGEST_RUN + 1}}}")


@dataclass(frozen=True, slots=True)
class UserWord:
    """A word to add to the dictionary; `frequency` None lets the segmenter choose one."""

    word: str
    frequency: int | None = None


class Segmenter(Protocol):
    """Folded text to words. Total: any string, linear time, spans inside the text.

    `name` and `version` say which implementation this is, for the fingerprint.
    """

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    def cut(self, text: str) -> list[Span]:
        """The words as disjoint spans that cover the text."""
        ...

    def parts(self, text: str) -> list[str]:
        """The same as strings."""
        ...

    def ends(self, text: str) -> NDArray[np.int64]:
        """The ends of the words of `cut`, in order."""
        ...

    def words(self, text: str) -> list[Span]:
        """Every occurrence of every dictionary word of two or more Han characters.

        Whether a span is listed depends on its own characters only, never on its surroundings:
        that makes a word findable wherever it stands.
        """
        ...

    def entries(self, text: str) -> list[str]:
        """The words that `cut` makes of a text of Han characters and single spaces, if all are
        dictionary words of two or more characters; none of any other text."""
        ...


def open_segmenter(user_words: Sequence[UserWord] = (), *, name: str = "auto") -> Segmenter:
    """Return the segmenter `name`: `jieba`, `rjieba`, or whichever is there and faster (`auto`)."""
    if name == "auto":
        name, _ = installed_segmenter()
    cut, cut_all = _FUNCTIONS[name](user_words)
    return _JiebaSegmenter(name, metadata.version(name), cut, cut_all)


def installed_segmenter() -> tuple[str, str]:
    """Name and version of the segmenter that `open_segmenter` opens."""
    name = "rjieba" if util.find_spec("rjieba") else "jieba"
    return name, metadata.version(name)


def is_user_word(word: str) -> bool:
    """Whether a folded text can be a word of the dictionary."""
    return _USER_WORD.fullmatch(word) is not None


def is_entry(part: str) -> bool:
    """Whether a part that `Segmenter.cut` left whole is a dictionary word of two or more Han
    characters: a part of several is nothing else."""
    return len(part) <= LONGEST_WORD and _WORD.fullmatch(part) is not None


def dictionary_words(user_words: Sequence[UserWord] = ()) -> list[str]:
    """The words that `Segmenter.words` finds in a folded text, sorted. Both segmenters have the
    dictionary that comes with jieba."""
    import jieba

    with jieba.Tokenizer().get_dict_file() as lines:
        words = {line.split(" ", 1)[0] for line in lines.read().decode().splitlines()}
    words.update(entry.word for entry in user_words)
    joined = "\n".join(words)
    return sorted(
        word
        for word, folded in zip(joined.split("\n"), fold(joined).split("\n"), strict=True)
        if word == folded and _WORD.fullmatch(word)
    )


Cut = Callable[[str], Sequence[str]]


def _rjieba(user_words: Sequence[UserWord]) -> tuple[Cut, Cut]:
    import rjieba

    if not user_words:
        # Its import made one with the same words; another takes 0.13 s and 25 MB.
        return partial(rjieba.cut, hmm=False), rjieba.cut_all
    segmenter = rjieba.Jieba()
    for entry in user_words:
        segmenter.add_word(entry.word, entry.frequency, None)
    return partial(segmenter.cut, hmm=False), segmenter.cut_all


def _jieba(user_words: Sequence[UserWord]) -> tuple[Cut, Cut]:
    import jieba

    segmenter = jieba.Tokenizer()
    # The shared cache file in the temporary folder is trusted whoever wrote it, so the dictionary
    # is built in memory instead; that takes no longer.
    segmenter.FREQ, segmenter.total = segmenter.gen_pfdict(segmenter.get_dict_file())
    segmenter.initialized = True
    for entry in user_words:
        segmenter.add_word(entry.word, entry.frequency)
    return partial(segmenter.lcut, HMM=False), partial(segmenter.lcut, cut_all=True)


_FUNCTIONS = {"rjieba": _rjieba, "jieba": _jieba}


class _JiebaSegmenter:
    def __init__(self, name: str, version: str, cut: Cut, cut_all: Cut) -> None:
        self.name = name
        self.version = version
        self._cut = cut
        self._cut_all = cut_all

    def cut(self, text: str) -> list[Span]:
        return list(pairwise(accumulate(map(len, self.parts(text)), initial=0)))

    def parts(self, text: str) -> list[str]:
        pieces = (text,) if len(text) <= LONGEST_RUN else _pieces(text)
        return list(chain.from_iterable(map(self._cut, pieces)))

    def ends(self, text: str) -> NDArray[np.int64]:
        cut = [self._cut(piece) for piece in _pieces(text)]
        lengths = [np.fromiter(map(len, words), np.int64, len(words)) for words in cut]
        return np.cumsum(np.concatenate(lengths)) if lengths else np.empty(0, dtype=np.int64)

    def words(self, text: str) -> list[Span]:
        if not _has_long_run(text):
            return list(self._words_in(text))
        spans: list[Span] = []
        for start, end in _windows(text):
            window = text[start : min(end + LONGEST_WORD, len(text))]
            spans += ((start + a, start + b) for a, b in self._words_in(window) if start + a < end)
        return spans

    def entries(self, text: str) -> list[str]:
        if len(text) > LONGEST_RUN or _WORDS.fullmatch(text) is None:
            return []
        words = [part for part in self._cut(text) if part != " "]
        lengths = tuple(map(len, words))
        return words if min(lengths) > 1 and max(lengths) <= LONGEST_WORD else []

    def _words_in(self, text: str) -> Iterator[Span]:
        """Offsets for the full mode, which lists words by start, then length, without them.

        The next word stands at its first occurrence that comes after the previous word in this
        order: an earlier one would have been listed earlier.
        """
        at = length = 0
        for word in self._cut_all(text):
            if _WORD.fullmatch(word):
                at = text.find(word, at if len(word) > length else at + 1)
                length = len(word)
                yield at, at + length


def _has_long_run(text: str) -> bool:
    return len(text) > LONGEST_RUN and _LONG_HAN_RUN.search(text) is not None


def _pieces(text: str) -> Iterator[str]:
    if not _has_long_run(text):
        yield text
        return
    for start, end in _windows(text):
        yield text[start:end]


def _windows(text: str) -> Iterator[Span]:
    """Disjoint spans that cover the text; a Han run is cut only where it is too long."""
    done = 0
    for run in HAN_RUN.finditer(text):
        start, end = run.span()
        if end - start <= LONGEST_RUN:
            continue
        if done < start:
            yield done, start
        for at in range(start, end, LONGEST_RUN):
            yield at, min(at + LONGEST_RUN, end)
        done = end
    if done < len(text):
        yield done, len(text)
