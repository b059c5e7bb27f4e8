"""Printed lines to paragraphs: by where lines begin and end, and how large they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from jianbao.indexer.sources.newspaper.lines.joining import join_lines

SHORT = 2.0
"""A line that ends this many characters before the others ends a paragraph: Chinese lines fall
short of the edge by one character, where a full stop may not begin the next, and by no more."""

LETTER = 0.6
"""Width of a Latin letter, in Chinese characters, at most."""

INDENT = 1.5
"""A line that begins this many characters further in than the one before begins a paragraph."""

RESIZED = 1.15
"""Lines whose sizes differ by more than this factor belong to different paragraphs."""

NARROW = 8
"""A column of fewer characters is a table or a list, where each line stands for itself."""

NEAR = 30
"""Lines before and after that say where a column's edges are."""

OTHER_LINE = 0.5
"""Characters whose bases differ by more than half their size are on different lines; those of
formulas and footnote marks differ by a third."""

BACK = 1.5
"""A line begins at least this many characters before the end of the one above; in vertical print
the next character stands below, and no further back."""

HAIR = 0.4
"""Width in characters of a gap that is no space: programs set a quarter between 2024 and 年."""

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
_WORD = re.compile(r"[!-~\u00c0-\u024f]+")


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character where it is drawn. `made_up` marks a space or line end that the library put in
    where it saw a gap."""

    character: str
    left: float
    right: float
    base: float
    size: float
    made_up: bool

    @property
    def is_drawn(self) -> bool:
        """Whether there is anything to see of it."""
        return not self.made_up and not self.character.isspace() and self.right > self.left


@dataclass(slots=True)
class Line:
    """A line of a page. Sides, base and size are in points; `gap` says that it ends with a space
    that was made up, `split_word` that a hyphen was left out at its end."""

    text: str = ""
    left: float = 0.0
    right: float = 0.0
    base: float = 0.0
    size: float = 0.0
    gap: bool = False
    split_word: bool = False

    def add(self, glyph: Glyph) -> None:
        """Set a character behind the others."""
        if not glyph.is_drawn:
            self.text += glyph.character
            self.gap = glyph.made_up
            return
        size = max(glyph.size, glyph.right - glyph.left, 1.0)
        if self._is_pressed(glyph, size):
            self.text = self.text[:-1]
        if not self.size:
            self.left, self.size, self.base = glyph.left, size, glyph.base
        self.text += glyph.character
        self.right = max(self.right, glyph.right)
        self.gap = False

    def is_left_by(self, glyph: Glyph) -> bool:
        """Whether `glyph` stands on another line: above or below, and back to the left."""
        apart = abs(glyph.base - self.base) > OTHER_LINE * self.size
        back = glyph.left < self.right - BACK * self.size
        return bool(self.size) and glyph.is_drawn and apart and back

    def _is_pressed(self, glyph: Glyph, size: float) -> bool:
        """Whether the space before `glyph` is only the hair's breadth that is set between
        Chinese and other characters."""
        if not self.gap or glyph.left - self.right > HAIR * size:
            return False
        before = self.text[-2:-1]
        return bool(_HAN.match(before) or _HAN.match(glyph.character))

    def overlaps(self, other: Line) -> bool:
        """Whether one of them stands above the other."""
        return self.left < other.right and self.right > other.left


def paragraphs(lines: Iterable[Line]) -> Iterator[str]:
    """The paragraphs of a page."""
    page = [line for line in lines if line.text.strip()]
    begin = 0
    for index in range(1, len(page) + 1):
        if index == len(page) or _begins(page, index):
            yield _joined(page[begin:index])
            begin = index


def _begins(page: Sequence[Line], index: int) -> bool:
    """Whether a paragraph begins with the line at `index`."""
    before, line = page[index - 1], page[index]
    if before.split_word:
        return False
    size = min(before.size, line.size) or 1.0
    if max(before.size, line.size) > RESIZED * size or not line.overlaps(before):
        return True
    if line.left - before.left > INDENT * size or line.text.startswith("\u3000"):
        return True
    near = page[max(0, index - NEAR) : index + NEAR]
    column = [each for each in near if each.size < RESIZED * size and each.overlaps(before)]
    left = min((each.left for each in column), default=before.left)
    right = max((each.right for each in column), default=before.right)
    return right - left < NARROW * size or right - before.right > _needed(line) * size


def _needed(line: Line) -> float:
    """The room, in characters, that the start of `line` would have needed on the line before."""
    word = _WORD.match(line.text.lstrip())
    return max(SHORT, (len(word[0]) + 1) * LETTER) if word else SHORT


def _joined(lines: Sequence[Line]) -> str:
    pieces: list[str] = []
    glued = False
    for line in lines:
        if glued:
            pieces[-1] += line.text.strip()
        else:
            pieces.append(line.text.strip())
        glued = line.split_word
    return join_lines(pieces)
