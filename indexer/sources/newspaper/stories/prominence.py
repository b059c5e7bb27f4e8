"""Learn from the page itself which markup its headlines have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from jianbao.indexer.sources.newspaper.lines.blocks import BOLD, SIGN, Block
from jianbao.indexer.sources.newspaper.lines.sentences import LABEL_LIMIT
from jianbao.indexer.sources.newspaper.stories.heading import PLAIN, opens_subtitle
from jianbao.indexer.sources.newspaper.stories.story_groups import Parts


def headline_levels(blocks: Sequence[Block], parts: Parts) -> frozenset[int]:
    """The levels that count as headlines here: the one that stories have that open
    with a dateline or byline or have a subtitle, and stronger ones.

    A `#` heading of the third level or below is no stronger than bold or a sign.
    """
    opening: Counter[int] = Counter()
    other: Counter[int] = Counter()
    for gap, run in zip(parts.gaps, parts.runs, strict=False):
        if gap.heads:
            lines = [blocks[number] for number in gap.heads]
            sure = run.opens or any(map(opens_subtitle, lines))
            (opening if sure else other)[_strongest(lines)] += 1
    votes = opening or other
    if not votes:
        return frozenset({PLAIN})
    usual = _usual(votes, sure=bool(opening))
    stronger = range(1, usual) if usual < BOLD else range(1, 3)
    levels = {usual, *stronger}
    if usual == PLAIN:
        levels |= {BOLD, SIGN}
    return frozenset(levels)


def _strongest(lines: Sequence[Block]) -> int:
    """The level of a heading's headline: a first or second level, or that of the last line."""
    lines = [line for line in lines if not opens_subtitle(line)] or list(lines)
    longer = (at for at, line in enumerate(lines) if len(line.plain) > LABEL_LIMIT)
    levels = [line.level or PLAIN for line in lines[next(longer, len(lines) - 1) :]]
    return min(levels) if min(levels) <= 2 else levels[-1]


def _usual(votes: Counter[int], *, sure: bool) -> int:
    """The strongest level that is common; a single lead story may be set off from the rest.

    One story more is enough to say so if it is `sure` to be one: subheads open no story.
    """
    common = [level for level in sorted(votes) if votes[level] * 4 >= max(votes.values())]
    if len(common) > 1 and votes[common[0]] == 1 and (sure or votes[common[1]] > 1):
        return common[1]
    return common[0]
