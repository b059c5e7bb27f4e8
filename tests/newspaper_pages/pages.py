"""Whole pages and issues, made up from a layout and a source of randomness."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from tests.newspaper_pages.gold import GoldItem, GoldPage, GuideEntry
from tests.newspaper_pages.masthead import Edition, Masthead, draw_edition, draw_masthead, footer
from tests.newspaper_pages.pieces import Piece
from tests.newspaper_pages.setting import set_page
from tests.newspaper_pages.specs import SPECS, LayoutSpec, PageStyle, draw_style
from tests.newspaper_pages.stories import (
    Unit,
    continued_story,
    write_guide,
    write_picture,
    write_stories,
)

_HALF_WIDTH = str.maketrans("，：（）", ",:()")
_LAST_PAGE = 16


def generate_page(layout: str, rng: random.Random) -> GoldPage:
    """A page of one of `LAYOUTS`; the same layout and state of `rng` give the same page.

    Raises KeyError for an unknown layout.
    """
    spec = SPECS[layout]
    edition = draw_edition(rng)
    page = "1" if rng.random() < 0.6 else str(rng.randint(2, _LAST_PAGE))
    stories = write_stories(spec, rng, edition.day, rng.randint(3, 8))
    return _page(layout, draw_style(spec, rng), edition, page, stories, rng)


def generate_issue(layout: str, rng: random.Random) -> tuple[GoldPage, ...]:
    """Pages 1 and 2 of one day's paper; one story begins on the first and ends on the second.

    Raises KeyError for an unknown layout.
    """
    spec = SPECS[layout]
    edition = draw_edition(rng)
    style = draw_style(spec, rng)
    head, tail = continued_story(spec, rng, edition.day)
    pages = []
    for number, part in (("1", head), ("2", tail)):
        stories = write_stories(spec, rng, edition.day, rng.randint(2, 5), part.subject)
        stories.insert(rng.choice(_open_spots(stories)), part)
        pages.append(_page(layout, style, edition, number, stories, rng))
    return tuple(pages)


def _page(
    layout: str,
    style: PageStyle,
    edition: Edition,
    page: str,
    stories: Sequence[Unit],
    rng: random.Random,
) -> GoldPage:
    spec = SPECS[layout]
    units = _with_extras(stories, spec, style, edition, page, rng)
    masthead = draw_masthead(edition, page, rng, thin=spec.noisy)
    top, bottom = _split_masthead(masthead, spec, rng)
    body = [piece for unit in units for piece in unit.pieces]
    if spec.noisy:
        units, body = _interrupt(units, body, rng)
    text = set_page([*top, *body, *bottom], spec, style, rng)
    gold = GoldPage(
        text,
        tuple(unit.item for unit in units),
        masthead.newspaper,
        masthead.date,
        masthead.weekday,
        masthead.issue,
        masthead.page,
        layout,
    )
    return _half_width(gold) if style.half_width else gold


def _with_extras(
    stories: Sequence[Unit],
    spec: LayoutSpec,
    style: PageStyle,
    edition: Edition,
    page: str,
    rng: random.Random,
) -> list[Unit]:
    units = list(stories)
    extras = [write_picture(spec, rng, edition.day) for _ in range(rng.choice((0, 1, 1, 2)))]
    if page == "1" and rng.random() < 0.6:
        titles = {unit.item.title for unit in stories}
        extras.append(write_guide(style.guide, rng, edition.day, titles))
    for extra in extras:
        units.insert(rng.choice(_open_spots(units)), extra)
    return units


def _open_spots(units: Sequence[Unit]) -> list[int]:
    """Where something may stand: not after a late headline, which would seem to head it."""
    return [at for at in range(len(units) + 1) if at == 0 or not units[at - 1].late]


def _split_masthead(
    masthead: Masthead, spec: LayoutSpec, rng: random.Random
) -> tuple[list[Piece], list[Piece]]:
    top, bottom = list(masthead.pieces), []
    if spec.noisy and rng.random() < 0.5:
        at = rng.choice((0, len(top) // 2))
        top, bottom = top[:at], top[at:]
    if rng.random() < (0.5 if spec.noisy else 0.15):
        bottom.append(footer(rng))
    return top, bottom


def _interrupt(
    units: list[Unit], body: list[Piece], rng: random.Random
) -> tuple[list[Unit], list[Piece]]:
    """Sometimes moves the first picture into the first cut paragraph of the page."""
    picture = next((unit for unit in units if unit.item.kind == "picture"), None)
    if picture is None or rng.random() < 0.5:
        return units, body
    rest = [piece for piece in body if piece not in picture.pieces]
    spot = next((at for at, (_, b) in enumerate(pairwise(rest), 1) if b.role == "rest"), None)
    if spot is None:
        return units, body
    owner = next(at for at, unit in enumerate(units) if rest[spot] in unit.pieces)
    host = units[owner]
    units = [unit for unit in units if unit is not picture]
    units.insert(units.index(host) + 1, picture)
    return units, [*rest[:spot], *picture.pieces, *rest[spot:]]


def _half_width(page: GoldPage) -> GoldPage:
    def thin(text: str) -> str:
        return text.translate(_HALF_WIDTH)

    def thin_item(item: GoldItem) -> GoldItem:
        return replace(
            item,
            title=thin(item.title),
            paragraphs=tuple(map(thin, item.paragraphs)),
            kicker=thin(item.kicker),
            subtitle=thin(item.subtitle),
            margin=tuple(map(thin, item.margin)),
            entries=tuple(GuideEntry(thin(e.title), e.page) for e in item.entries),
        )

    return replace(
        page,
        text=thin(page.text),
        items=tuple(map(thin_item, page.items)),
        issue=thin(page.issue),
    )
