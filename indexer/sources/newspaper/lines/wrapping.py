"""How wide the columns of a hard-wrapped page are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from jianbao.indexer.sources.newspaper.lines.blocks import Block
from jianbao.indexer.sources.newspaper.lines.sentences import ends_paragraph, ends_sentence, is_row

WRAP_EVIDENCE = 4
"""Lines cut at one width before a page counts as hard-wrapped: fewer happen by chance."""
WRAP_SLACK = 2
"""Characters by which a wrapped line falls short: punctuation may not begin a line."""


def wrap_width(blocks: Sequence[Block]) -> int:
    """The column width of a hard-wrapped page in characters; 0 where paragraphs are whole lines."""
    cut = Counter(
        len(block.plain)
        for block, after in pairwise(blocks)
        if not block.level
        and not block.hard_break
        and not after.gap
        and not after.level
        and not ends_paragraph(block.plain)
        and not is_row(block.plain)
    )
    total = sum(cut.values())
    if total < WRAP_EVIDENCE:
        return 0
    best = max(cut, key=lambda width: (_around(cut, width), width))
    near = _around(cut, best)
    return best if near >= WRAP_EVIDENCE and near * 2 >= total and best >= 8 else 0


def keeps_paragraphs_apart(blocks: Sequence[Block], width: int) -> bool:
    """Whether a page wrapped at `width` shows where paragraphs start, by blank lines or indents.

    Read off the lines that end a paragraph for sure: those that stop short at a sentence's end.
    """
    ends = [
        bool(after.gap or after.indent > block.indent or after.level)
        for block, after in pairwise(blocks)
        if len(block.text) < width - WRAP_SLACK and ends_sentence(block.plain)
    ]
    return bool(width) and sum(ends) * 5 >= len(ends) * 4


def _around(cut: Counter[int], width: int) -> int:
    return sum(cut[width + step] for step in range(-WRAP_SLACK, 2))
