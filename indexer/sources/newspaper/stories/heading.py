"""Tell headline, kicker (引题), subtitle (副题) and column label (栏目) apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from jianbao.indexer.sources.newspaper.lines.blocks import Block
from jianbao.indexer.sources.newspaper.lines.joining import join_lines
from jianbao.indexer.sources.newspaper.lines.sentences import LABEL_LIMIT

PLAIN = 9
"""How weak a line without markup is, beside heading levels 1 to 6 bold (7) and signs (8)."""

_LABEL = re.compile(
    r"[【\[〔『「](.{1,12})[】\]〕』」]|[■●▲◆□◇★☆]\s*(.{1,10})|(.{1,12})[■●▲◆□◇★☆]"
    r"|[·•]\s*(.{1,12}?)\s*[·•]"
)
_NOTICE = re.compile(
    r".{0,30}(?:更正|声明|公告|启事|通知|通告|公示|讣告|致歉信?|招领|來函|来函|聲明|啟事|訃告)"
)
_DASH = re.compile(r"[—–―─]{1,3}|--")


@dataclass(frozen=True, slots=True)
class Heading:
    """The lines over a story by their part; each is empty where there is none."""

    title: str = ""
    kicker: str = ""
    subtitle: str = ""
    column: str = ""


def arrange_heading(lines: Sequence[Block], levels: frozenset[int], width: int) -> Heading:
    """The heading that these headline blocks make together, in page order.

    `levels` are the levels that the page's headlines have. On a page hard-wrapped at `width` two
    lines without a blank between them, neither wider than a column, are one headline cut in two.
    """
    column = ""
    if len(lines) > 1 and is_label(lines[0], lines[1], levels):
        column = lines[0].text
        lines = lines[1:]
    if not lines:
        return Heading(column=column)
    first, last = _title_lines(lines, levels, width)
    return Heading(
        title=_join(lines[first:last], width),
        kicker=_join(lines[:first], width),
        subtitle=_join(lines[last:], width),
        column=column,
    )


def name_rubric(heading: Heading, caption: str) -> Heading:
    """A picture's heading; a short one without a word of its caption is a column's label (影像)."""
    title = heading.title
    if heading.column or not title or len(title) > LABEL_LIMIT:
        return heading
    if any(title[at : at + 2] in caption for at in range(len(title) - 1)):
        return heading
    return replace(heading, title="", column=title)


def opens_subtitle(line: Block) -> bool:
    """Whether a line starts with the dash of a subtitle (`——来自…的报告`)."""
    return bool(_DASH.match(line.plain))


def heads_notice(line: Block) -> bool:
    """Whether a line is the headline of a notice: those end in the name of their kind (公告)."""
    return bool(_NOTICE.fullmatch(line.plain))


def glued(line: Block, after: Block, width: int) -> bool:
    """Whether two lines are one headline: cut by a narrow column, or by a kept line break."""
    if after.gap or line.level != after.level:
        return False
    return line.hard_break or max(len(line.plain), len(after.plain)) <= width


def is_label(line: Block, after: Block, levels: frozenset[int]) -> bool:
    """Whether a line is the label of a column (栏目) over the headline `after`."""
    if _LABEL.fullmatch(line.plain):
        return True
    plainer = (line.level or PLAIN) >= (after.level or PLAIN)
    fits = plainer or (after.level or PLAIN) in levels
    return len(line.plain) <= LABEL_LIMIT and fits and bool(after.gap)


def _title_lines(lines: Sequence[Block], levels: frozenset[int], width: int) -> tuple[int, int]:
    """The range of lines that are the headline: those marked like one, or the likeliest."""
    ranks = [0 if (line.level or PLAIN) in levels else line.level or PLAIN for line in lines]
    first = ranks.index(min(ranks))
    last = first + 1
    while last < len(lines) and ranks[last] == ranks[first]:
        if opens_subtitle(lines[last]):
            break
        last += 1
    groups = [first]
    for place in range(first + 1, last):
        if not glued(lines[place - 1], lines[place], width):
            groups.append(place)
    groups.append(last)
    return _likeliest(lines, groups)


def _likeliest(lines: Sequence[Block], groups: Sequence[int]) -> tuple[int, int]:
    """Of equals: the middle of three, the second of two unless the first is much shorter.

    A subtitle says more than its headline, so a much shorter third line belongs to the second.
    """
    sizes = [sum(len(line.plain) for line in lines[a:b]) for a, b in pairwise(groups)]
    if len(sizes) == 2:
        chosen = 0 if sizes[0] * 4 < sizes[1] * 3 else 1
        return groups[chosen], groups[chosen + 1]
    if len(sizes) == 3:
        return groups[1], groups[3] if sizes[2] * 4 < sizes[1] * 3 else groups[2]
    return groups[0], groups[-1]


def _join(lines: Sequence[Block], width: int) -> str:
    """One line; what a column cut is closed up, other lines stay apart by a space."""
    groups: list[list[str]] = []
    for place, line in enumerate(lines):
        if place and width and glued(lines[place - 1], line, width):
            groups[-1].append(line.text)
        else:
            groups.append([line.text])
    return " ".join(map(join_lines, groups))
