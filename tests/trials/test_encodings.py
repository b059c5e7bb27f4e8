"""A thousand files of real text in seven encodings, read without being told which is which."""

from __future__ import annotations

import codecs
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path

import pytest
from opencc import OpenCC

from jianbao.indexer import Article
from jianbao.indexer.models import Problem
from jianbao.indexer.sources import find_sources, read_sources
from tests.test_many_sources import texts
from tests.trials import sized

FILES = 1_000
RIGHT = 0.995
"""Share of the files that are read exactly as they were written."""

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
LATIN = "The library (https://example.org/a?b=1) is open 8:30-17:00, Tel. 010-6552; see ISO 8601."


@cache
def converter() -> OpenCC:
    """Opening it takes a second."""
    return OpenCC("s2tw")


def traditional(text: str) -> str:
    """As it is written where Big5 is used."""
    converted: str = converter().convert(text)
    return converted


ENCODINGS: dict[str, tuple[str, bytes, Callable[[str], str]]] = {
    "UTF-8": ("utf-8", b"", str),
    "UTF-8 with BOM": ("utf-8", codecs.BOM_UTF8, str),
    "UTF-16LE": ("utf-16-le", b"", str),
    "UTF-16BE": ("utf-16-be", b"", str),
    "GBK": ("gbk", b"", str),
    "GB18030": ("gb18030", b"", str),
    "Big5": ("cp950", b"", traditional),
}
"""Codec, what stands before the text, and how the text is written in it."""

LENGTHS = ("short", "long", "mixed")


@dataclass(frozen=True, slots=True)
class File:
    """One file as it was written."""

    encoding: str
    length: str
    text: str


def shaped(title: str, body: str, length: str, chance: random.Random) -> str:
    """A headline alone; a headline and a whole article; or short pieces among Latin ones."""
    if length == "short":
        return title
    if length == "long":
        return f"{title}\n\n{body}"
    at = chance.randrange(max(1, len(body) - 60))
    pieces = [title, "", LATIN, body[at : at + 60].strip(), LATIN]
    return "\n".join(pieces)


def files(root: Path, folder: Path) -> dict[str, File]:
    """Write them; what each is, by name."""
    chance = random.Random(1000)
    usable = [(title, body) for title, body in texts(root) if len(title) >= 6 and len(body) >= 100]
    written: dict[str, File] = {}
    cells = [(encoding, length) for encoding in ENCODINGS for length in LENGTHS]
    for number in count():
        if len(written) == sized(FILES):
            return written
        encoding, length = cells[len(written) % len(cells)]
        codec, start, write_as = ENCODINGS[encoding]
        text = write_as(shaped(*chance.choice(usable), length, chance))
        try:
            data = start + text.encode(codec)
        except UnicodeEncodeError:  # It has a character that this encoding has not.
            continue
        name = f"{number:05}.txt"
        (folder / name).write_bytes(data)
        written[name] = File(encoding, length, text)
    raise AssertionError("unreachable")


def read(folder: Path) -> tuple[dict[str, str], dict[str, list[Problem]]]:
    """The articles' texts and the problems, by file."""
    found: dict[str, str] = {}
    problems: dict[str, list[Problem]] = defaultdict(list)
    sources, _ = find_sources([folder])
    for item in read_sources(sources):
        if isinstance(item, Article):
            found[item.path] = "\n".join((item.title, item.body, *item.author, item.source))
        else:
            problems[item.source].append(item)
    return found, problems


def is_right(text: str, written: str) -> bool:
    """Whether nothing but white space differs, and a headline that was taken for both."""
    characters = Counter("".join(written.split()))
    return not characters - Counter(text) and set(text) <= set(written) | set(" \n0123456789-")


def table(files: dict[str, File], right: set[str]) -> Iterator[str]:
    """Files read right, of how many, by encoding and length."""
    yield f"\n{'':16}" + "".join(f"{length:>12}" for length in LENGTHS)
    for encoding in ENCODINGS:
        cells = []
        for length in LENGTHS:
            names = {
                name
                for name, file in files.items()
                if (file.encoding, file.length) == (encoding, length)
            }
            cells.append(f"{len(names & right)} of {len(names)}")
        yield f"{encoding:16}" + "".join(f"{cell:>12}" for cell in cells)


@pytest.mark.slow
def test_files_of_many_encodings_are_read_right(root: Path, tmp_path: Path) -> None:
    written = files(root, tmp_path)
    found, problems = read(tmp_path)
    right = {name for name, file in written.items() if is_right(found.get(name, ""), file.text)}
    print("\n".join(table(written, right)))
    print(f"{len(right)} of {len(written)} right; doubtful or skipped: {len(problems)}")
    for name in sorted(written.keys() - right):
        told = [problem.reason for problem in problems[name]]
        print(f"wrong: {written[name]!r:.120} as {found.get(name, '')!r:.80}; {told}")
    silent = [name for name, text in found.items() if REPLACEMENT in text and not problems[name]]
    assert not silent
    assert len(right) >= RIGHT * len(written)
