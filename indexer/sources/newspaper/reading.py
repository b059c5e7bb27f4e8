"""Read a page: from its text to its items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from jianbao.indexer.sources.newspaper.furniture.captions import Picture, find_pictures
from jianbao.indexer.sources.newspaper.furniture.guide import Guide, find_guides
from jianbao.indexer.sources.newspaper.furniture.masthead import find_masthead, sure_furniture
from jianbao.indexer.sources.newspaper.lines.blocks import Block, cut_blocks
from jianbao.indexer.sources.newspaper.lines.bylines import (
    byline_names,
    continued_from,
    continues_to,
    lead_names,
    tail_names,
)
from jianbao.indexer.sources.newspaper.lines.folding import fold
from jianbao.indexer.sources.newspaper.lines.joining import join_lines, repair
from jianbao.indexer.sources.newspaper.lines.page_model import Item, Page, merge_spans
from jianbao.indexer.sources.newspaper.lines.wrapping import wrap_width
from jianbao.indexer.sources.newspaper.stories.composing import compose_paragraphs
from jianbao.indexer.sources.newspaper.stories.heading import Heading, arrange_heading, name_rubric
from jianbao.indexer.sources.newspaper.stories.matching import Choice, Matcher, Story
from jianbao.indexer.sources.newspaper.stories.prominence import headline_levels
from jianbao.indexer.sources.newspaper.stories.roles import RoleReader
from jianbao.indexer.sources.newspaper.stories.story_groups import Parts, gather_parts

MOST_AUTHORS = 100
"""Of one story; each is looked for in all of its paragraphs. What a byline beyond them says stays
in the text."""


def split_page(text: str) -> Page:
    """The page's masthead and items. Any string is a page; every character is in one item."""
    blocks = cut_blocks(text)
    if not blocks:
        return Page(items=(Item("masthead", ((0, len(text)),)),) if text else ())
    headed = [guide for guide in find_guides(blocks, sure_furniture(blocks)) if guide.title]
    guided = frozenset(number for guide in headed for number in guide.blocks)
    furniture = find_masthead(blocks, guided)
    reader = _PageReader(blocks, furniture.blocks)
    return Page(furniture.masthead, reader.items())


@dataclass
class _Draft:
    """An item before its words are put together."""

    item: Item
    blocks: list[int] = field(default_factory=list)


class _PageReader:
    """Deals out every block of a page to exactly one item."""

    def __init__(self, blocks: Sequence[Block], furniture: frozenset[int]) -> None:
        self._blocks = blocks
        self._furniture = furniture
        self._guides = find_guides(blocks, furniture)
        taken = furniture | {number for guide in self._guides for number in guide.blocks}
        width = wrap_width([block for number, block in enumerate(blocks) if number not in taken])
        self._width = width
        self._levels: frozenset[int] = frozenset()
        self._pictures = find_pictures(blocks, taken, width)
        self._picture_of = [-1] * len(blocks)
        for place, picture in enumerate(self._pictures):
            for number in picture.blocks:
                self._picture_of[number] = place
        taken |= {number for picture in self._pictures for number in picture.blocks}
        self._roles = RoleReader(blocks, taken, width).read()

    def items(self) -> tuple[Item, ...]:
        """All items in page order."""
        parts = gather_parts(self._blocks, self._roles, self._picture_of)
        self._levels = headline_levels(self._blocks, parts)
        choices = Matcher(self._blocks, parts, self._levels, self._width).choose()
        stories, titles = _deal(parts, choices)
        drafts = [self._story(story) for story in stories]
        drafts += [
            self._picture(picture, titles.get(place, []))
            for place, picture in enumerate(self._pictures)
        ]
        drafts += [self._guide(guide) for guide in self._guides]
        if self._furniture:
            drafts.append(self._masthead())
        return self._with_spans(drafts)

    def _with_spans(self, drafts: list[_Draft]) -> tuple[Item, ...]:
        """Gives blocks without words (rules, bare images) to the item before them."""
        owner = [-1] * len(self._blocks)
        for place, draft in enumerate(drafts):
            for number in draft.blocks:
                owner[number] = place
        if all(place < 0 for place in owner):
            drafts = [_Draft(Item("masthead", ()))]
            owner[0] = 0
        current = next(place for place in owner if place >= 0)
        spans: list[list[tuple[int, int]]] = [[] for _ in drafts]
        for number, block in enumerate(self._blocks):
            current = owner[number] if owner[number] >= 0 else current
            spans[current].append((block.start, block.end))
        items = [
            replace(draft.item, spans=merge_spans(places))
            for draft, places in zip(drafts, spans, strict=True)
        ]
        return tuple(sorted(items, key=lambda item: item.spans))

    def _heading(self, heads: Sequence[int]) -> Heading:
        lines = [self._blocks[number] for number in heads]
        return arrange_heading(lines, self._levels, self._width)

    def _story(self, story: Story) -> _Draft:
        heading = self._heading(story.heads)
        paragraphs = compose_paragraphs(self._blocks, sorted(story.text), self._roles)
        item = Item(
            "article",
            (),
            title=repair(heading.title),
            kicker=repair(heading.kicker),
            subtitle=repair(heading.subtitle),
            authors=self._authors(paragraphs),
            paragraphs=paragraphs,
            column=heading.column,
            continues_to=next(filter(None, map(continues_to, map(fold, reversed(paragraphs)))), ""),
            continued_from=next(filter(None, map(continued_from, map(fold, paragraphs))), ""),
        )
        return _Draft(item, [*story.heads, *story.text])

    def _authors(self, paragraphs: Sequence[str]) -> tuple[str, ...]:
        folded = [fold(paragraph) for paragraph in paragraphs]
        names: list[str] = []
        for paragraph in folded:
            names.extend(byline_names(paragraph))
        for paragraph in folded[:3]:
            names.extend(lead_names(paragraph))
        for paragraph in folded[-1:]:
            names.extend(tail_names(paragraph))
        distinct = list(dict.fromkeys(names))[:MOST_AUTHORS]
        shown = (_as_printed(name, folded, paragraphs) for name in distinct)
        return tuple(dict.fromkeys(shown))

    def _picture(self, picture: Picture, heads: list[int]) -> _Draft:
        lines = [self._blocks[number] for number in picture.blocks]
        heading = name_rubric(self._heading(heads), "".join(line.plain for line in lines))
        body, credit = lines, lines[:0]
        if len(lines) > 1 and picture.credit_apart:
            body, credit = lines[:-1], lines[-1:]
        paragraphs = tuple(
            repair(join_lines([line.text for line in group])) for group in (body, credit) if group
        )
        item = Item(
            "picture",
            (),
            title=repair(heading.title),
            kicker=repair(heading.kicker),
            subtitle=repair(heading.subtitle),
            authors=picture.photographers,
            paragraphs=paragraphs,
            column=heading.column,
        )
        return _Draft(item, [*heads, *picture.blocks])

    def _guide(self, guide: Guide) -> _Draft:
        entries = tuple(f"{repair(title)}\t{page}" for title, page in guide.entries)
        return _Draft(Item("guide", (), title=guide.title, paragraphs=entries), list(guide.blocks))

    def _masthead(self) -> _Draft:
        numbers = sorted(self._furniture)
        lines = tuple(self._blocks[number].text for number in numbers)
        return _Draft(Item("masthead", (), paragraphs=tuple(filter(None, lines))), numbers)


def _as_printed(name: str, folded: Sequence[str], paragraphs: Sequence[str]) -> str:
    """A name found in folded text, in the characters of the page."""
    for plain, paragraph in zip(folded, paragraphs, strict=True):
        place = plain.find(name)
        if place >= 0:
            return paragraph[place : place + len(name)]
    return name


def _deal(parts: Parts, choices: Sequence[Choice]) -> tuple[list[Story], dict[int, list[int]]]:
    """Stories by the chosen reading, and the headlines of pictures by the pictures' numbers."""
    stories: list[Story] = []
    titles: dict[int, list[int]] = {}
    for place, (gap, choice) in enumerate(zip(parts.gaps, choices, strict=True)):
        if choice.inside:
            stories[-1].text += gap.heads
        else:
            if choice.left:
                stories[-1].heads += gap.heads[: choice.left]
            stories += _orphans(gap.heads[choice.left : choice.right], gap.before_picture, titles)
            if place < len(parts.runs):
                stories.append(Story(heads=gap.heads[choice.right :]))
        if place < len(parts.runs):
            stories[-1].text += parts.runs[place].blocks
    return stories, titles


def _orphans(
    heads: Sequence[int], before_picture: dict[int, int], titles: dict[int, list[int]]
) -> list[Story]:
    """Headlines that have no text: a picture's, or items of their own."""
    orphans: list[Story] = []
    for number in heads:
        if number in before_picture:
            titles.setdefault(before_picture[number], []).append(number)
        else:
            orphans.append(Story(heads=[number]))
    return orphans
