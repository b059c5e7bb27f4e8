"""Decide which headline belongs to which run of text, over the whole page at once.

A headline may stand before its story, after it, or inside it as a subhead. Every choice has a
price; the cheapest reading of the page wins. Prices are in units of one missing headline (3.0).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from jianbao.indexer.sources.newspaper.lines.blocks import Block
from jianbao.indexer.sources.newspaper.stories.heading import (
    PLAIN,
    glued,
    heads_notice,
    is_label,
    opens_subtitle,
)
from jianbao.indexer.sources.newspaper.stories.story_groups import Gap, Parts, Run

UNTITLED = 3.0
"""A story that opens as one (lead, byline) has a headline somewhere."""
UNTITLED_PLAIN = 1.5
"""Text that does not open as a story may be a notice without a headline."""
EMPTY = 2.5
"""A headline without a story happens (a slogan, a teaser), but rarely."""
AFTER = 0.5
"""Before its story is where a headline stands unless something speaks against it."""
EXTRA_LINE = 0.25
"""Kicker, headline and subtitle make three lines; each further one is less likely."""
FIT = 3.0
"""A headline repeats words of its story: worth as much as having one, if all its words do."""
SUBHEAD = 0.8
"""A subhead is rarer than a headline, on a page that does not tell them apart by markup."""
SUBHEADS_TOGETHER = 1.5
"""A subhead stands over text: two in a row are two headlines, one of them after its story."""
USUAL_SUBHEAD = 10
"""Characters: of two unmarked lines, the shorter than this is likelier to be a subhead."""
SHORTNESS = 0.15
"""A subhead's price for each character more."""
NOTICE = 1.5
"""A notice is never a part of a story: more than shortness speaks for a subhead (更正 has two
characters)."""
PLAIN_OPENING = 1.2
"""Where the page's stories open with a dateline or byline, text that does not is less one."""
SUBTITLE_FIRST = 2.0
"""A line with the dash of a subtitle has its headline before it."""
NO_HEADLINE = 2.0
"""A heading without a line marked as the page's headlines are."""
TWO_HEADLINES = 1.5
"""Two lines marked as headlines over one story: the second is another's."""
SPLIT_LIMIT = 6
"""Headlines in one gap beyond which only the first few and the last few splits are weighed."""

_NUMBERED = re.compile(r"[(]?[一二三四五六七八九十\d]{1,3}[))、..]")
_WORDS = re.compile(r"[\u4e00-\u9fff]+|[A-Za-z0-9.%]+")


@dataclass
class Story:
    """Blocks of one story: its headlines, and its text with the subheads in it."""

    heads: list[int] = field(default_factory=list)
    text: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Choice:
    """How the headlines of a gap are dealt out: so many to the left, then pictures, the right.

    `inside` makes them all subheads of one story that goes on across the gap.
    """

    left: int
    right: int
    inside: bool = False


@dataclass(frozen=True, slots=True)
class _Path:
    price: float
    choices: tuple[Choice, object] | None


def bigrams(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters in `text`, punctuation apart."""
    return frozenset(
        word[place : place + 2]
        for word in _WORDS.findall(text)
        for place in range(max(1, len(word) - 1))
    )


class Matcher:
    """Weighs the readings of one page."""

    def __init__(
        self, blocks: Sequence[Block], parts: Parts, levels: frozenset[int], width: int
    ) -> None:
        self._blocks = blocks
        self._levels = levels
        self._width = width
        self._parts = parts
        self._words = [
            frozenset().union(*(bigrams(blocks[number].plain) for number in run.blocks))
            for run in parts.runs
        ]
        self._opening = self._share_of_openings()

    def choose(self) -> tuple[Choice, ...]:
        """The cheapest choice for every gap, in order."""
        paths: dict[bool, _Path] = {True: _Path(0.0, None)}
        for place, gap in enumerate(self._parts.gaps):
            following: dict[bool, _Path] = {}
            for titled, path in paths.items():
                for choice in self._choices(place, gap):
                    price, after = self._price(place, gap, choice, titled)
                    total = path.price + price
                    if after not in following or total < following[after].price:
                        following[after] = _Path(total, (choice, path))
            paths = following
        return _unwind(min(paths.values(), key=lambda path: path.price))

    def _share_of_openings(self) -> float:
        """How usual it is on the page that stories open as such; likely subheads do not count."""
        pairs = zip(self._parts.gaps, self._parts.runs, strict=False)
        opens = [
            run.opens for gap, run in pairs if gap.heads and (run.opens or self._is_long(gap.heads))
        ]
        return sum(opens) / len(opens) if opens else 0.0

    def _is_long(self, heads: Sequence[int]) -> bool:
        return max(len(self._blocks[number].plain) for number in heads) >= USUAL_SUBHEAD

    def _choices(self, place: int, gap: Gap) -> Iterator[Choice]:
        count = len(gap.heads)
        first, last = place == 0, place == len(self._parts.runs)
        edge = range(count + 1)
        if count > SPLIT_LIMIT:
            edge = range(0, count + 1, count)
        for left in (0,) if first else edge:
            for right in (count,) if last else edge:
                if left <= right:
                    yield Choice(left, right)
        if not first and not last and not self._parts.runs[place].opens:
            yield Choice(0, 0, inside=True)

    def _price(self, place: int, gap: Gap, choice: Choice, titled: bool) -> tuple[float, bool]:
        """The price of a choice, and whether the run after the gap has its headline by it."""
        heads = gap.heads
        if choice.inside:
            return self._inside(place, heads), titled
        price = self._leave(place, heads[: choice.left], titled) + self._cuts(heads, choice)
        for number in heads[choice.left : choice.right]:
            price += 0.6 if number in gap.before_picture else EMPTY
        if place == len(self._parts.runs):
            return price, True
        right = heads[choice.right :]
        return price + self._fit(right, place), bool(right)

    def _leave(self, place: int, heads: Sequence[int], titled: bool) -> float:
        """The price of ending the run before the gap with these headlines after it."""
        if not place:
            return 0.0
        if not heads:
            return 0.0 if titled else self._untitled(self._parts.runs[place - 1])
        if titled:
            return UNTITLED + EMPTY
        return AFTER + self._fit(heads, place - 1)

    def _cuts(self, heads: Sequence[int], choice: Choice) -> float:
        """The price of dealing one headline's two lines to different places."""
        lines = [self._blocks[number] for number in heads]
        return TWO_HEADLINES * sum(
            glued(lines[at - 1], lines[at], self._width)
            for at in {choice.left, choice.right}
            if 0 < at < len(lines)
        )

    def _untitled(self, run: Run) -> float:
        return UNTITLED if run.opens else UNTITLED_PLAIN

    def _fit(self, heads: Sequence[int], run: int) -> float:
        """Negative for headlines whose words are in the text."""
        if not heads:
            return 0.0
        price = EXTRA_LINE * (len(heads) - 1) * (1 + max(0, len(heads) - 3))
        price += self._shape(heads) - FIT * self._shared(heads, run)
        notice = heads_notice(self._blocks[heads[-1]])
        if not self._parts.runs[run].opens and not notice:
            price += PLAIN_OPENING * self._opening
        return price

    def _shared(self, heads: Sequence[int], run: int) -> float:
        """The share of the headlines' character pairs that the text has too."""
        lines = [self._blocks[number] for number in heads]
        titles = [line for line in lines if self._is_headline(line)] or lines
        words = bigrams("\n".join(line.plain for line in titles))
        return len(words & self._words[run]) / max(1, len(words))

    def _shape(self, heads: Sequence[int]) -> float:
        """The price of lines that do not look like the heading of one story."""
        lines = [self._blocks[number] for number in heads]
        price = SUBTITLE_FIRST if opens_subtitle(lines[0]) else 0.0
        if len(lines) > 1 and is_label(lines[0], lines[1], self._levels):
            lines = lines[1:]
        titles = 0
        before: Block | None = None
        for line in lines:
            if self._is_headline(line) and not opens_subtitle(line):
                titles += not (before and glued(before, line, self._width))
            before = line
        if not titles:
            return price + (NO_HEADLINE if self._marked() else 0.0)
        return price + (TWO_HEADLINES if self._marked() else 0.2) * (titles - 1)

    def _marked(self) -> bool:
        """Whether this page sets its headlines off by markup."""
        return PLAIN not in self._levels

    def _is_headline(self, line: Block) -> bool:
        return (line.level or PLAIN) in self._levels

    def _inside(self, place: int, heads: Sequence[int]) -> float:
        """The price of a story that goes on across the gap."""
        price = 3.0 if self._parts.runs[place - 1].closes else 0.0
        if not heads:
            return price
        price += SUBHEAD * len(heads)
        lines = [self._blocks[number] for number in heads]
        together = sum(not glued(line, after, self._width) for line, after in pairwise(lines))
        price += SUBHEADS_TOGETHER * together
        for number in heads:
            block = self._blocks[number]
            price += NOTICE if heads_notice(block) else 0.0
            if _NUMBERED.match(block.plain):
                price -= 0.8
            if self._marked():
                price += 2.0 if self._is_headline(block) else -1.0
            else:
                price += SHORTNESS * (len(block.plain) - USUAL_SUBHEAD)
        return price - 0.3 * FIT * self._shared(heads, place)


def _unwind(path: _Path) -> tuple[Choice, ...]:
    choices: list[Choice] = []
    current: object = path
    while isinstance(current, _Path) and current.choices:
        choice, current = current.choices
        choices.append(choice)
    return tuple(reversed(choices))
