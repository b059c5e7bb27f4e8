"""Gather lines into the parts a page is made of: headlines and runs of text, in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from jianbao.indexer.sources.newspaper.lines.blocks import Block
from jianbao.indexer.sources.newspaper.lines.bylines import continues_to, tail_names
from jianbao.indexer.sources.newspaper.stories.roles import Role


@dataclass
class Run:
    """Text that belongs to one story: block numbers, whether it opens or closes one, and whether
    there is anything in it but bylines."""

    blocks: list[int] = field(default_factory=list)
    opens: bool = False
    closes: bool = False
    has_text: bool = False


@dataclass
class Gap:
    """What stands between two runs: headline blocks, and which of them a picture follows."""

    heads: list[int] = field(default_factory=list)
    before_picture: dict[int, int] = field(default_factory=dict)


@dataclass
class Parts:
    """`gaps[i]` stands before `runs[i]`; there is one more gap than there are runs."""

    gaps: list[Gap]
    runs: list[Run]


def gather_parts(blocks: Sequence[Block], roles: Sequence[Role], pictures: Sequence[int]) -> Parts:
    """`pictures` gives for each block the number of the picture it is in, or -1."""
    parts = Parts([Gap()], [])
    rows = _byline_rows(blocks, roles)
    fresh = True
    for number, role in enumerate(roles):
        gap = parts.gaps[-1]
        if role is Role.OTHER:
            picture = pictures[number]
            if picture >= 0 and fresh and gap.heads and gap.heads[-1] == number - 1:
                gap.before_picture[number - 1] = picture
            continue
        if role is Role.HEAD:
            if not fresh:
                parts.gaps.append(Gap())
                fresh = True
            parts.gaps[-1].heads.append(number)
            continue
        if not fresh and _starts_story(blocks, roles, parts.runs[-1], number, rows):
            parts.gaps.append(Gap())
            fresh = True
        if fresh:
            parts.runs.append(Run(opens=role in (Role.LEAD, Role.BYLINE)))
            fresh = False
        _add(parts.runs[-1], blocks, roles, number)
    if not fresh:
        parts.gaps.append(Gap())
    return parts


def _add(run: Run, blocks: Sequence[Block], roles: Sequence[Role], number: int) -> None:
    run.blocks.append(number)
    text = blocks[number].plain
    run.has_text = run.has_text or roles[number] is not Role.BYLINE
    tail = roles[number] is not Role.LEAD and bool(tail_names(text))
    run.closes = bool(continues_to(text)) or tail or (roles[number] is Role.BYLINE and run.has_text)


def _byline_rows(blocks: Sequence[Block], roles: Sequence[Role]) -> list[int]:
    """For each byline, the number of the block after the row of bylines that it is in: a row ends
    at a blank line. Counted once from the end, since a page may be nothing but bylines."""
    after = list(range(1, len(roles) + 1))
    for number in range(len(roles) - 2, -1, -1):
        if roles[number + 1] is Role.BYLINE and not blocks[number + 1].gap:
            after[number] = after[number + 1]
    return after


def _starts_story(
    blocks: Sequence[Block],
    roles: Sequence[Role],
    run: Run,
    number: int,
    rows: Sequence[int],
) -> bool:
    """Whether a run of text stops before block `number` although no headline stands there."""
    role = roles[number]
    has_text = any(roles[block] is not Role.BYLINE for block in run.blocks[:3])
    if role is Role.LEAD:
        return has_text
    if role is Role.BYLINE:
        after = rows[number]
        if blocks[number].plain.startswith("("):
            return False
        return has_text and after < len(roles) and roles[after] in (Role.TEXT, Role.MORE)
    return run.closes and role is Role.TEXT
