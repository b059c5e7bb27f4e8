"""Find photos: a caption with its credit, the name of the photographer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from jianbao.indexer.sources.newspaper.lines.blocks import Block
from jianbao.indexer.sources.newspaper.lines.bylines import byline_names, is_lead
from jianbao.indexer.sources.newspaper.lines.names import read_names
from jianbao.indexer.sources.newspaper.lines.sentences import ends_sentence, is_short
from jianbao.indexer.sources.newspaper.lines.wrapping import WRAP_SLACK

CREDIT_LIMIT = 40
"""Characters: an agency, a role, up to three names and 摄."""
NAME_END = 6
"""Characters of a name, or two, that a column's width left over."""
CAPTION_LINES = 40
"""Lines: a caption in the narrowest column; further back it is a story."""

_WHO = r"(?:[\u4e00-\u9fff]{0,10}(?:记者|通讯员|特约))?\s*[\u4e00-\u9fff·、\s]{2,16}?"
_SHOT = r"\s*/?\s*(?:摄影报道|摄影|摄|供图)"
_CREDIT = re.compile(
    rf"[(]?\s*(?:(?:{_WHO}){_SHOT}|(?:本报)?(?:摄影|图片?|摄)(?:来源|提供|报道)?\s*[:/]\s*(?:{_WHO})"
    rf"|(?:新华社|中新社|本报)(?:发|供)(?:照片|图)?\s*[(](?:{_WHO})(?:摄影|摄)?[)]"
    rf"|图\s*[/:]\s*(?:{_WHO})|(?:图片来源|资料图片?|图据)\s*:?\s*[\u4e00-\u9fff]{{0,10}})\s*[)]?。?"
)
_INLINE = re.compile(
    r"(?<=[。!?)\s])\s*[(]?\s*"
    r"((?:[\u4e00-\u9fff]{0,10}(?:记者|通讯员|特约))?\s*[\u4e00-\u9fff·]{1,4}(?:[、\s]+[\u4e00-\u9fff·]{1,4}){0,3}?)"
    r"\s*/?\s*(?:摄影报道|摄影|摄|供图)\s*[)]?。?$"
    r"|(?:新华社|中新社|本报)(?:发|供)(?:照片|图)?\s*[(]([^()]{2,16}?)\s*(?:摄影|摄)?[)]。?$"
    r"|(?<=[。!?)\s])\s*[(]?图\s*[/:]\s*((?:[\u4e00-\u9fff]{0,10}(?:记者|通讯员))?\s*[\u4e00-\u9fff·、\s]{2,12})[)]?。?$"
)
_CREDIT_WORDS = re.compile(
    r"图片来源|资料图片?|图据|(?:新华社|中新社|本报)(?:发|供)"
    r"|摄影报道|摄影|摄|供图|提供|[图文]\s*(?=[/:])|[(:)/。]"
)
_CAPTION = re.compile(
    r"[(▲▼◀▶△↑↓←→]?\s*(?:上|下|左|右|本|题|大|小|组)?图[①-⑨一二三四1-4]?\s*(?:为|是|:|[(])|[▲▼▲△↑↓]|这是\d{1,2}月\d{1,2}日"
)


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo on the page: its caption's blocks in order, and who took it.

    `credit_apart` says that the last block is the credit alone.
    """

    blocks: tuple[int, ...]
    photographers: tuple[str, ...]
    credit_apart: bool = False


def credit_names(text: str) -> tuple[str, ...]:
    """The photographers named by a line that is a credit, or by the end of a caption."""
    found = _INLINE.search(text[-CREDIT_LIMIT - 1 :])
    credit = (found[1] or found[2] or found[3]) if found else text
    if not found and not is_credit(text):
        return ()
    return read_names(_CREDIT_WORDS.sub(" ", credit))[0]


def is_credit(text: str) -> bool:
    """Whether a line is a credit and nothing else: `新华社记者 徐昱/摄`."""
    return len(text) <= CREDIT_LIMIT and bool(_CREDIT.fullmatch(text))


def ends_in_credit(text: str) -> bool:
    """Whether a caption's last line ends in its credit: `… 徐昱 摄`."""
    return bool(_INLINE.search(text[-CREDIT_LIMIT - 1 :]))


def find_pictures(
    blocks: Sequence[Block], taken: frozenset[int], width: int
) -> tuple[Picture, ...]:
    """Every photo on the page, in order; `taken` blocks belong to something else."""
    pictures: list[Picture] = []
    used = set(taken)
    for find in (_credited, _open_caption):
        for number, block in enumerate(blocks):
            if number in used or not block.plain or is_lead(block.plain):
                continue
            found = find(blocks, used, number, width)
            if found:
                pictures.append(found)
                used.update(found.blocks)
    return tuple(sorted(pictures, key=lambda picture: picture.blocks))


def _credited(blocks: Sequence[Block], used: set[int], number: int, width: int) -> Picture | None:
    """The caption whose credit stands at, or at the end of, block `number`."""
    text = blocks[number].plain
    if number and width and not blocks[number].gap and number - 1 not in used:
        before = blocks[number - 1].plain
        if len(before) >= width - WRAP_SLACK and not ends_sentence(before):
            text = before + text
    if is_credit(text):
        first = _first_of_paragraph(blocks, used, number - 1, width)
    elif ends_in_credit(text):
        first = _first_of_paragraph(blocks, used, number, width)
    else:
        return None
    if first is None or is_lead(blocks[first].plain):
        return None
    last = _end_of_credit(blocks, used, number, width)
    apart = is_credit(blocks[number].plain) and text == blocks[number].plain and last == number
    text += "".join(block.plain for block in blocks[number + 1 : last + 1])
    return Picture(tuple(range(first, last + 1)), credit_names(text), apart)


def _end_of_credit(blocks: Sequence[Block], used: set[int], number: int, width: int) -> int:
    """The line after `number` where a narrow column cut a name of the credit, else `number`."""
    after = number + 1
    if not width or len(blocks[number].plain) < width - WRAP_SLACK:
        return number
    if after >= len(blocks) or after in used or blocks[after].gap or blocks[after].level:
        return number
    rest = blocks[after].plain
    whole = blocks[number].plain + rest
    return (
        after if len(rest) <= NAME_END and (ends_in_credit(whole) or is_credit(whole)) else number
    )


def _open_caption(
    blocks: Sequence[Block], used: set[int], number: int, width: int
) -> Picture | None:
    """A caption that says it is one (`图为…`), to the end of its sentence or to its credit."""
    if not _CAPTION.match(blocks[number].plain):
        return None
    last = number
    while not ends_sentence(blocks[last].plain) and not ends_in_credit(blocks[last].plain):
        after = last + 1
        if after >= len(blocks) or after in used or blocks[after].gap or blocks[after].level:
            break
        if last - number >= CAPTION_LINES:
            break
        last = after
    after = last + 1
    apart = after < len(blocks) and after not in used and is_credit(blocks[after].plain)
    last = last + 1 if apart else _end_of_credit(blocks, used, last, width)
    credit = blocks[last : last + 1] if apart else blocks[number : last + 1]
    names = credit_names("".join(block.plain for block in credit))
    return Picture(tuple(range(number, last + 1)), names, apart)


def _first_of_paragraph(
    blocks: Sequence[Block], used: set[int], last: int, width: int
) -> int | None:
    """The first line of the paragraph that ends at `last`; None if that is not running text."""
    if last < 0 or last in used or not blocks[last].plain:
        return None
    across = _story_ends(blocks, last + 1, width)
    first = last
    while first and width and last - first < CAPTION_LINES and first - 1 not in used:
        before = blocks[first - 1]
        if before.level or len(before.plain) < width - WRAP_SLACK or is_lead(before.plain):
            break
        if byline_names(before.plain):
            break
        broken = bool(blocks[first].gap) or blocks[first].indent > before.indent
        if broken and (not across or ends_sentence(before.plain)):
            break
        first -= 1
    return first


def _story_ends(blocks: Sequence[Block], after: int, width: int) -> bool:
    """Whether no text goes on after a photo: then a column break before it cut the caption."""
    after += after < len(blocks) and is_credit(blocks[after].plain)
    if after >= len(blocks):
        return True
    block = blocks[after]
    if block.level or is_lead(block.plain) or _CAPTION.match(block.plain):
        return True
    if len(block.plain) < width - WRAP_SLACK:
        return True
    follower = blocks[after + 1 : after + 2]
    return is_short(block.plain) and all(line.gap > 0 for line in follower)
