"""How Chinese is read aloud: the only file that opens a pinyin dictionary.

It serves suggestions alone. Homophones never match in a search.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from jianbao.indexer.text.scripts import HAN_RUN

Readings = Callable[[str], list[str]]
"""Folded text to the syllable of each of its characters, empty for what is not Han or not known."""


def plain_letters(text: str) -> str:
    """Pinyin as it is typed: without tone marks, `v` for ü."""
    decomposed = unicodedata.normalize("NFD", text).replace("u\u0308", "v")
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def open_readings() -> Readings:
    """A character is read as in the longest known phrase from it on (重庆 chong qing, 银行 yin
    hang), else in its most usual way."""
    phrases: dict[str, list[list[str]]] = read_table("phrases_dict")
    characters: dict[str, str] = read_table("pinyin_dict")
    return _Dictionary(phrases, {int(code): usual for code, usual in characters.items()}).read


def readings_when_needed() -> Readings:
    """The same, opened when it is first asked for: that takes half a second."""
    opened: list[Readings] = []

    def read(text: str) -> list[str]:
        if not opened:
            opened.append(open_readings())
        return opened[0](text)

    return read


def read_table(name: str) -> Any:
    """One of pypinyin's tables as it is stored. The package is not imported: that loads all of
    them and trains a segmenter, a third of a second and 60 MB."""
    spec = find_spec("pypinyin")
    folders = spec.submodule_search_locations if spec else None
    if not folders:
        raise ModuleNotFoundError("pypinyin is not installed: run `pip install pypinyin`")
    return json.loads((Path(folders[0]) / f"{name}.json").read_text("utf-8"))


class _Usual(dict[str, str]):
    """The usual syllable of a character, filled as characters are met."""

    def __init__(self, characters: Mapping[int, str]) -> None:
        super().__init__()
        self._characters = characters

    def __missing__(self, character: str) -> str:
        usual = self._characters.get(ord(character), "").split(",")[0]
        self[character] = plain_letters(usual)
        return self[character]


class _Dictionary:
    """Every character is first read in its usual way. Only around the phrases that are read
    otherwise, 3,400 of 47,000, is the text divided into phrases."""

    def __init__(
        self, phrases: Mapping[str, list[list[str]]], characters: Mapping[int, str]
    ) -> None:
        self._usual = _Usual(characters)
        plain = cache(plain_letters)
        self._phrases = {
            phrase: [plain(options[0]) for options in each] for phrase, each in phrases.items()
        }
        unusual = {
            phrase[:2]
            for phrase, syllables in self._phrases.items()
            if any(map(str.__ne__, syllables, map(self._usual.__getitem__, phrase)))
        }
        self._unusual = unusual
        first, second = (re.escape("".join({pair[at] for pair in unusual})) for at in (0, 1))
        self._may_be_unusual = re.compile(f"(?=[{first}][{second}])")
        self._lengths: dict[str, list[int]] = defaultdict(list)
        """By the first two characters of phrases, the lengths of those, the longest first."""
        for length, pair in sorted({(len(phrase), phrase[:2]) for phrase in phrases}, reverse=True):
            self._lengths[pair].append(length)

    def read(self, text: str) -> list[str]:
        syllables = list(map(self._usual.__getitem__, text))
        done = 0
        for match in self._may_be_unusual.finditer(text):
            start = match.start()
            if start < done or text[start : start + 2] not in self._unusual:
                continue
            while start > done and syllables[start - 1]:
                start -= 1
            run = HAN_RUN.match(text, start)
            done = run.end() if run else start
            syllables[start:done] = self._run(text[start:done])
        return syllables

    def _run(self, run: str) -> list[str]:
        syllables: list[str] = []
        at = 0
        while at < len(run):
            read = self._phrase(run, at) or [self._usual[run[at]]]
            syllables += read
            at += len(read)
        return syllables

    def _phrase(self, run: str, at: int) -> list[str] | None:
        """How the longest phrase from there on is read."""
        for length in self._lengths.get(run[at : at + 2], ()):
            read = self._phrases.get(run[at : at + length])
            if read:
                return read
        return None
