"""Find the page's masthead and other furniture, and read the fields in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from jianbao.indexer.sources.newspaper.furniture.fields import FieldLine, read_fields
from jianbao.indexer.sources.newspaper.lines.blocks import Block
from jianbao.indexer.sources.newspaper.lines.bylines import is_lead, plain_label
from jianbao.indexer.sources.newspaper.lines.folding import fold
from jianbao.indexer.sources.newspaper.lines.page_model import Masthead
from jianbao.indexer.sources.newspaper.lines.sentences import LABEL_LIMIT, ends_sentence

NAME_LIMIT = 14
"""Characters: the longest newspaper names (中国人口与健康报, 中国知识产权报) stay below."""
LATIN_LIMIT = 40
"""Characters of the name's spelling or translation in Latin letters under it."""
TOP_LIMIT = 40
"""Lines: how far from the first line a masthead printed one field to a line can reach."""
MOST_PEOPLE = 100
"""Editors and sponsors of a page, each told with each of its stories; a page names under twenty."""

_NAME = re.compile(r"《?([\u4e00-\u9fff·A-Za-z]{1,11}(?:报|网|周刊|导刊|在线))》?")
_PUBLISHER = re.compile(r"([\u4e00-\u9fff]{2,10}报)社")
_LATIN = re.compile(r"[A-Za-z][A-Za-z .&'-]+")
_NOT_NAMES = ("公众号", "晴", "通报", "预报", "简报", "快报社")


@dataclass(frozen=True, slots=True)
class Furniture:
    """The masthead's fields and the numbers of the blocks that are furniture, not stories."""

    masthead: Masthead
    blocks: frozenset[int]


def find_masthead(blocks: Sequence[Block], guides: frozenset[int]) -> Furniture:
    """The furniture of a page, wherever it stands and in whatever order.

    Blocks of `guides` are none: their page labels look like fields.
    """
    lines = [
        FieldLine(rest=block.text) if number in guides else _fields_of(block)
        for number, block in enumerate(blocks)
    ]
    taken = {number for number, line in enumerate(lines) if _is_furniture(line)}
    named = 1 if blocks and _is_name(blocks[0].plain) else 0
    taken |= _weak_neighbours(blocks, lines, taken, named)
    taken |= _top(blocks, lines, taken)
    taken |= _names_nearby(blocks, taken)
    found = [lines[number] for number in sorted(taken)]
    texts = [blocks[number].text for number in sorted(taken)]
    return Furniture(_compose(found, texts), frozenset(taken))


def sure_furniture(blocks: Sequence[Block]) -> frozenset[int]:
    """Blocks that their own words show to be furniture."""
    return frozenset(
        number for number, block in enumerate(blocks) if _is_furniture(_fields_of(block))
    )


def _fields_of(block: Block) -> FieldLine:
    """A line's fields; a dateline has none, though 新华社长春 holds the word for a publisher."""
    return FieldLine(rest=block.text) if is_lead(block.plain) else read_fields(block.text)


def _is_furniture(line: FieldLine) -> bool:
    """Enough fields, and hardly anything besides them."""
    if not line.count or len(line.rest) > max(NAME_LIMIT, line.covered // 2):
        return False
    return line.strong > 0 or line.count >= 2


def _weak_neighbours(
    blocks: Sequence[Block], lines: Sequence[FieldLine], taken: set[int], top: int
) -> set[int]:
    """Lines of one weak field (a date, a page) in a row with furniture, or from block `top` on.

    So are several at the page's end; a single date there may be a notice's.

    The newspaper's name does not break the row.
    """
    found: set[int] = set()
    row: list[int] = []
    for number, line in enumerate([*lines, FieldLine()]):
        named = row and number < len(blocks) and _is_name(blocks[number].plain)
        if number in taken or named or (line.count and len(line.rest) <= NAME_LIMIT):
            row.append(number)
            continue
        last = number == len(lines) and len(row) > 1
        if row and (row[0] <= top or last or not taken.isdisjoint(row)):
            found.update(row)
        row = []
    return found


def _top(blocks: Sequence[Block], lines: Sequence[FieldLine], taken: set[int]) -> set[int]:
    """Short plain lines at the top that have a field after them and no story before it.

    One strong field must be among them: a headline over a bare date is an article's, not a page's.
    """
    last = -1
    strong = 0
    for number, block in enumerate(blocks[:TOP_LIMIT]):
        strong += _is_name(block.plain)
        if number in taken:
            last = number
            strong += lines[number].strong + (lines[number].count >= 3)
        elif not _could_stand_in_masthead(block):
            break
    return set(range(last + 1)) if strong else set()


def _could_stand_in_masthead(block: Block) -> bool:
    if _is_name(block.plain) or (block.level == 1 and len(block.plain) <= LABEL_LIMIT):
        return True
    if _LATIN.fullmatch(block.plain):
        return len(block.plain) <= LATIN_LIMIT
    return not block.level and len(block.plain) <= NAME_LIMIT and not ends_sentence(block.plain)


def _names_nearby(blocks: Sequence[Block], taken: set[int]) -> set[int]:
    """The newspaper's name on a line of its own, first on the page or beside furniture."""
    beside = {0} | {number + step for number in taken for step in (-1, 1)}
    return {
        number for number in beside if 0 <= number < len(blocks) and _is_name(blocks[number].plain)
    }


def _is_name(text: str) -> bool:
    return newspaper_name(text) != "" and len(_close_up(text).strip("《》")) <= NAME_LIMIT


def _close_up(text: str) -> str:
    """Names are often letter-spaced: `中 国 高 新 报`."""
    if re.fullmatch(r"(?:[\u4e00-\u9fff]\s+)+[\u4e00-\u9fff]", text):
        return "".join(text.split())
    return text


def newspaper_name(text: str) -> str:
    """The newspaper's name if `text` is one, else empty."""
    closed = _close_up(text.strip())
    found = _NAME.fullmatch(fold(closed))
    if not found or found[1].endswith(_NOT_NAMES):
        return ""
    return closed[found.start(1) : found.end(1)]


def _compose(lines: Sequence[FieldLine], texts: Sequence[str]) -> Masthead:
    values: dict[str, str] = {}
    people: list[tuple[str, str]] = []
    for line in lines:
        for key, value in line.values:
            values.setdefault(key, value)
        people.extend(line.people)
    page = values.get("page", "")
    name = _find_name(lines, texts)
    return replace(
        Masthead(),
        **{**values, "page": plain_label(page) if page else ""},
        newspaper=name,
        section=_find_section(lines, name) if page else "",
        people=tuple(dict.fromkeys(people))[:MOST_PEOPLE],
    )


def _find_name(lines: Sequence[FieldLine], texts: Sequence[str]) -> str:
    """A line of its own first, then a word among fields, then what a publisher is called after."""
    candidates = [*texts, *(word for line in lines for word in line.words)]
    for text in candidates:
        name = newspaper_name(text)
        if name:
            return name
    found = _PUBLISHER.search("\n".join(texts))
    if found:
        return found[1]
    first = lines[0].words[:1] if lines and lines[0].count >= 2 and len(lines[0].words) > 1 else ()
    if first and texts[0].startswith(first[0]) and len(first[0]) <= NAME_LIMIT:
        return first[0]
    bare = [text for text in texts[:1] if re.fullmatch(r"[\u4e00-\u9fff]{2,8}", text)]
    return bare[0] if bare and not read_fields(bare[0]).count else ""


def _find_section(lines: Sequence[FieldLine], name: str) -> str:
    for line in lines:
        for word in line.words:
            if 2 <= len(word) <= 6 and word != name and not newspaper_name(word):
                return word
    return ""
