"""Say what each line of a page is, from its length, punctuation, markup and neighbours."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from jianbao.indexer.sources.newspaper.furniture.fields import is_date
from jianbao.indexer.sources.newspaper.lines.blocks import Block
from jianbao.indexer.sources.newspaper.lines.bylines import (
    byline_names,
    continues_to,
    is_lead,
    tail_names,
)
from jianbao.indexer.sources.newspaper.lines.names import ROLE
from jianbao.indexer.sources.newspaper.lines.sentences import (
    HEAD_LIMIT,
    ends_paragraph,
    ends_sentence,
    is_row,
    is_short,
)
from jianbao.indexer.sources.newspaper.lines.wrapping import WRAP_SLACK, keeps_paragraphs_apart
from jianbao.indexer.sources.newspaper.stories.heading import opens_subtitle

_SPEAKER = re.compile(r"[\u4e00-\u9fff·]{1,6}:")
_BULLET = re.compile(r"[-*+•] ")
_COMMA = re.compile(r"[,;]")
_CONTINUES = re.compile(r"[(),.;:、。”’》]")

PARAGRAPH_INDENT = 2
"""Characters by which a paragraph's first line is set in; further in, a line is centred."""
SIGNATURE_LIMIT = 20
"""Characters: the office that signs a notice, over the date."""

LOOK_AHEAD = 4
"""Lines between a headline and its story's lead: kicker, headline and a subtitle of two lines."""


SUBHEAD_LIMIT = 14
"""Characters: a subhead is a phrase of 4 to 12."""
MARKED_LINES = 2
"""Lines set off by markup from which on a page is held to mark its headlines."""


class Role(Enum):
    """What a line is in its story. `OTHER` lines belong to no story."""

    HEAD = "head"
    LEAD = "lead"
    BYLINE = "byline"
    TEXT = "text"
    MORE = "more"
    OTHER = "other"


@dataclass
class _State:
    """Whether the running text stopped in mid-sentence, where, and the last byline."""

    open: bool = False
    last: int = -1
    signed: int = -2


class RoleReader:
    """Reads the roles of a page's blocks; `taken` ones are no part of any story."""

    def __init__(self, blocks: Sequence[Block], taken: frozenset[int], width: int) -> None:
        plain = [block for number, block in enumerate(blocks) if number not in taken]
        self._apart = keeps_paragraphs_apart(plain, width)
        marked = [block for block in plain if block.level and block.plain]
        self._marks = len(marked) >= MARKED_LINES
        self._blocks = blocks
        self._taken = taken
        self._width = width

    def read(self) -> tuple[Role, ...]:
        """One role for each block. `MORE` goes on with the sentence before it."""
        state = _State()
        roles: list[Role] = []
        for number in range(len(self._blocks)):
            role = self._role(number, state)
            roles.append(role)
            if role in (Role.TEXT, Role.MORE, Role.LEAD):
                state.open = self._stays_open(number)
                state.last = number
            elif role is not Role.OTHER:
                state.open = False
                over = roles[-2:-1] == [Role.HEAD]
                state.signed = number if role is Role.BYLINE and over else state.signed
        return tuple(roles)

    def _role(self, number: int, state: _State) -> Role:
        block = self._blocks[number]
        if number in self._taken or not block.plain:
            return Role.OTHER
        if is_lead(block.plain):
            return Role.LEAD
        if is_row(block.plain):
            return Role.TEXT
        direct = state.last == number - 1
        if continues_to(block.plain) and not block.level and is_short(block.plain):
            return Role.MORE if state.last >= 0 else Role.TEXT
        if direct and self._cut_lead(number):
            return Role.MORE
        if self._signs(block) and not (state.open and direct and self._fills(state.last)):
            return Role.BYLINE
        if block.level:
            return self._marked(block)
        return self._plain(number, state, direct)

    def _signs(self, block: Block) -> bool:
        """Whether a line is a byline; under a heading's markup only a role word makes it one."""
        return bool(byline_names(block.plain)) and (
            not block.level or bool(ROLE.search(block.plain))
        )

    def _cut_lead(self, number: int) -> bool:
        """Whether a narrow column cut a dateline from the bracket with its reporters."""
        before = self._blocks[number - 1].plain
        bracket = self._blocks[number].plain.startswith("(")
        return bracket and is_lead(before) and before.endswith(("电", "讯"))

    def _plain(self, number: int, state: _State, direct: bool) -> Role:
        """The role of a line without markup that is neither a lead nor a byline."""
        block = self._blocks[number]
        if direct and not block.gap and self._blocks[number - 1].hard_break:
            return Role.TEXT
        if direct and self._closes_notice(number):
            return Role.TEXT
        if direct and self._apart and not block.gap and not self._indented(number):
            return Role.MORE
        if state.open and self._goes_on(number, direct):
            return Role.MORE
        if state.signed == number - 1 and not opens_subtitle(block):
            return Role.TEXT
        return Role.HEAD if self._is_head(number) else Role.TEXT

    def _closes_notice(self, number: int) -> bool:
        """Whether a line is the date under a notice, or the signature over that date."""
        text = self._blocks[number].plain
        if is_date(text):
            return True
        after = self._after(number)
        return (
            after is not None
            and is_date(after.plain)
            and len(text) <= SIGNATURE_LIMIT
            and not ends_sentence(text)
        )

    def _indented(self, number: int) -> bool:
        return self._blocks[number].indent > self._blocks[number - 1].indent

    def _marked(self, block: Block) -> Role:
        """A heading, unless it is a whole paragraph that happens to be set in bold."""
        prose = len(block.plain) > HEAD_LIMIT and ends_sentence(block.plain)
        return Role.TEXT if prose or len(block.plain) > 2 * HEAD_LIMIT else Role.HEAD

    def _stays_open(self, number: int) -> bool:
        text = self._blocks[number].plain
        if is_row(text) or is_date(text) or continues_to(text):
            return False
        if tail_names(text) and not is_lead(text):
            return False
        return not (ends_sentence(text) if self._fills(number) else ends_paragraph(text))

    def _fills(self, number: int) -> bool:
        """Whether a line is as long as its hard-wrapped column is wide."""
        block = self._blocks[number]
        taken = len(block.plain) + min(block.indent, PARAGRAPH_INDENT)
        return bool(self._width) and taken >= self._width - WRAP_SLACK

    def _goes_on(self, number: int, direct: bool) -> bool:
        """Whether a plain line takes up the sentence that stopped before it."""
        block = self._blocks[number]
        if not is_short(block.plain):
            return True
        if direct and not block.gap and self._width:
            return True
        return not self._leads_to_story(number)

    def _is_head(self, number: int) -> bool:
        block = self._blocks[number]
        if _BULLET.match(block.plain):
            return False
        if not is_short(block.plain):
            return self._is_cut_head(number)
        if self._leads_to_story(number):
            return True
        if ends_sentence(block.plain) and (
            len(block.plain) > HEAD_LIMIT // 2 or _SPEAKER.match(block.plain)
        ):
            return False
        after = self._after(number)
        if _COMMA.search(block.plain) and (self._fills(number) or self._is_cut_text(block, after)):
            return False
        if after and _CONTINUES.match(after.plain):
            return False
        if after is None or after.gap or after.level or not self._width:
            return True
        return not self._fills(number) or self._stops_short(number + 1)

    def _is_cut_head(self, number: int) -> bool:
        """Whether a narrow column cut a headline after its colon (`某某委员会:`)."""
        text = self._blocks[number].plain
        after = self._after(number)
        if not self._width or not text.endswith(":") or after is None or after.gap:
            return False
        return is_short(text[:-1]) and self._leads_to_story(number)

    def _is_cut_text(self, block: Block, after: Block | None) -> bool:
        """Whether a plain line is too long for a subhead where headlines are marked otherwise."""
        longer = len(block.plain) > SUBHEAD_LIMIT
        return self._marks and longer and not (after and after.level)

    def _stops_short(self, number: int) -> bool:
        """Whether a line ends a headline's second line: short, no sentence, a blank after it."""
        text = self._blocks[number].plain
        after = self._after(number)
        apart = after is None or after.gap > 0
        return apart and is_short(text) and not self._fills(number) and not ends_paragraph(text)

    def _leads_to_story(self, number: int) -> bool:
        """Whether a lead or a byline comes after this line and a few more like it."""
        for ahead in range(number + 1, min(number + LOOK_AHEAD, len(self._blocks))):
            text = self._blocks[ahead].plain
            if ahead in self._taken or not text:
                return False
            if is_lead(text) or byline_names(text):
                return True
            if not is_short(text):
                return False
        return False

    def _after(self, number: int) -> Block | None:
        return self._blocks[number + 1] if number + 1 < len(self._blocks) else None
