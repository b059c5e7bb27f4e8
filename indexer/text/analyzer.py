"""Text to tokens, and query text to the terms that those tokens will match.

Both sides use the same three kinds of term, each of which depends on nothing but the characters it
covers:

- every character (a letter or digit under `character_term`, since it may be part of a run),
- every run of letters and digits, whole,
- every dictionary word of two or more Han characters, wherever it is spelled.

Whatever a query spells out can therefore be covered by terms that are in the index wherever the
same characters stand: segmentation decides the order of results, never whether one is found.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from typing import NamedTuple

from jianbao.indexer.models import Token
from jianbao.indexer.text import fold as normalize
from jianbao.indexer.text.fold import fold
from jianbao.indexer.text.scripts import CONNECTED, HAN_RUN, RUN
from jianbao.indexer.text.segment import Segmenter, installed_segmenter, is_entry

VERSION = 2
"""Raise it whenever `tokens` gives another result for any text: old indexes are then refused."""


class Piece(NamedTuple):
    """A term that must start `offset` characters after the start of what the query spells.

    With `prefix` any run that begins with `term` will do.
    """

    term: str
    offset: int
    prefix: bool = False


class Word(NamedTuple):
    """A word of a query, folded. `whole` asks that its runs of letters and digits are not parts
    of longer runs: AI is not in MAIN. What is `known` is one dictionary word; others may be."""

    text: str
    whole: bool
    known: bool = False


class Analyzer:
    """The one way from text to terms. Total functions: any string in, no exception."""

    def __init__(self, segmenter: Segmenter) -> None:
        self._segmenter = segmenter
        self._function_words = _read_function_words()

    def tokens(self, text: str) -> list[Token]:
        """Every term of `text`, in no particular order. A newline belongs to no token."""
        folded = fold(text)
        boundaries = self._boundaries(folded)
        tokens = list(_characters(folded, boundaries))
        for start, end in self._segmenter.words(folded):
            aligned = _is_aligned(boundaries, start, end)
            tokens.append(Token(folded[start:end], start, end, aligned))
        for run in RUN.finditer(folded):
            tokens.append(Token(run.group(), run.start(), run.end(), True))
        return tokens

    def known_words(self, text: str) -> list[str]:
        """The folded words of a query text of which `words` would make dictionary words alone, and
        leave none out; none of any other text."""
        folded = fold(text)
        words = self._segmenter.entries(folded)
        if self._function_words.isdisjoint(words) or words == folded.split(" "):
            return words
        return []

    def words(self, text: str) -> list[Word]:
        """The words of an unquoted query text, without punctuation and function words.

        Single Han characters next to each other are one word: what the dictionary lacks is mostly
        a name. A text with nothing else in it keeps its function words, or is one literal word.
        """
        folded = fold(text).replace("\n", " ")
        words: list[Word] = []
        done = 0
        for connected in CONNECTED.finditer(folded):
            words += self._han_words(folded[done : connected.start()])
            words.append(Word(connected.group(), True))
            done = connected.end()
        words += self._han_words(folded[done:])
        literal = folded.strip()
        content = [word for word in words if word.text not in self._function_words]
        return content or words or ([Word(literal, False)] if literal else [])

    def pieces(self, literal: str, *, whole: bool = False, prefix: bool = False) -> list[Piece]:
        """Terms that cover the folded `literal`: a text has them all at their offsets from one
        start if and only if it spells `literal` there.

        `whole` and `prefix` say how a run of letters or digits at an edge is meant: as a whole
        run, as the beginning of one, or (neither) as any part of one.
        """
        longest = dict(self._segmenter.words(literal))
        runs = {run.start(): run.end() for run in RUN.finditer(literal)}
        pieces: list[Piece] = []
        at = 0
        while at < len(literal):
            end = runs.get(at)
            if end is not None:
                pieces += _run_pieces(literal, at, end, whole=whole, prefix=prefix)
            else:
                end = longest.get(at, at + 1)
                pieces.append(Piece(literal[at:end], at))
            at = end
        return pieces

    def _han_words(self, text: str) -> Iterator[Word]:
        single = ""
        for word in self._segmenter.parts(text) if text else ():
            if len(word) == 1 and self._may_be_part_of_a_name(word):
                single += word
                continue
            if single:
                yield Word(single, True)
                single = ""
            if is_entry(word):
                yield Word(word, True, True)
            elif any(char.isalnum() for char in word):
                yield Word(word.strip(), True)
        if single:
            yield Word(single, True)

    def _may_be_part_of_a_name(self, char: str) -> bool:
        return char not in self._function_words and HAN_RUN.match(char) is not None

    def _boundaries(self, folded: str) -> bytearray:
        """A 1 at every offset where a word of the segmentation begins or ends."""
        boundaries = bytearray(len(folded) + 1)
        for start, end in self._segmenter.cut(folded):
            boundaries[start] = boundaries[end] = 1
        return boundaries


def identity() -> dict[str, str | int]:
    """What the tokens depend on, for the fingerprint (the user dictionary is added there)."""
    name, version = installed_segmenter()
    return {
        "analyzer": VERSION,
        "folding": normalize.VERSION,
        "segmenter": name,
        "segmenter_version": version,
    }


def character_term(char: str) -> str:
    """The term of one character: marked for letters and digits, which are also (parts of) runs."""
    return f"\x1f{char}" if RUN.match(char) else char


def _read_function_words() -> frozenset[str]:
    text = resources.files("jianbao.indexer.text").joinpath("function_words.txt").read_text("utf-8")
    return frozenset(line for line in text.split("\n") if line and not line.startswith("#"))


def _characters(folded: str, boundaries: bytearray) -> Iterator[Token]:
    for at, char in enumerate(folded):
        if char != "\n":
            aligned = bool(boundaries[at] and boundaries[at + 1])
            yield Token(character_term(char), at, at + 1, aligned)


def _is_aligned(boundaries: bytearray, start: int, end: int) -> bool:
    """A word is aligned when it is made of whole words, or lies within one."""
    if boundaries[start] and boundaries[end]:
        return True
    return boundaries.find(1, start + 1, end) < 0


def _run_pieces(literal: str, start: int, end: int, *, whole: bool, prefix: bool) -> list[Piece]:
    begins = start > 0 or whole
    if end == len(literal) and prefix and begins:
        return [Piece(literal[start:end], start, prefix=True)]
    if begins and (end < len(literal) or whole):
        return [Piece(literal[start:end], start)]
    return [Piece(character_term(literal[at]), at) for at in range(start, end)]
