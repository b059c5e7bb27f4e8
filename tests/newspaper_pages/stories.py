"""Items of a page: the gold of each together with the pieces that print it."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tests.newspaper_pages import prose, templates
from tests.newspaper_pages.breaks import cut
from tests.newspaper_pages.bylines import credit, draw_byline
from tests.newspaper_pages.gold import GoldItem, GuideEntry
from tests.newspaper_pages.pieces import Piece
from tests.newspaper_pages.specs import BylineKind, GuideStyle, LayoutSpec

DATELINES: tuple[BylineKind, ...] = ("bracket", "agency")
SUBHEADS_FROM = 4
"""Stories of fewer paragraphs have no subheads."""


@dataclass(frozen=True, slots=True)
class Unit:
    """An item and its pieces; `late` says that the headline stands after the story.

    `subject` is what a story is about; no two stories of a page share it.
    """

    item: GoldItem
    head: tuple[Piece, ...]
    body: tuple[Piece, ...]
    late: bool = False
    subject: str = ""

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The pieces in the order printed."""
        return self.body + self.head if self.late else self.head + self.body


def write_stories(
    spec: LayoutSpec, rng: random.Random, day: date, count: int, taken: str = ""
) -> list[Unit]:
    """`count` stories about different things other than `taken`; late ones never in a row.

    A late story opens with a dateline, so that a person sees where it begins.
    """
    units: list[Unit] = []
    used = {taken}
    while len(units) < count:
        late = rng.random() < spec.late and not (units and units[-1].late)
        unit = _story(prose.Facts(rng, day), spec, rng, day, late)
        if used.isdisjoint((unit.subject, unit.item.title)):
            used |= {unit.subject, unit.item.title}
            units.append(unit)
    return units


def continued_story(spec: LayoutSpec, rng: random.Random, day: date) -> tuple[Unit, Unit]:
    """A story begun on page 1 and ended on page 2, cut at a paragraph or inside one."""
    facts = prose.Facts(rng, day)
    texts = prose.paragraphs(facts, rng, rng.randint(4, 8))
    byline = draw_byline(rng.choice(DATELINES), rng, day)
    texts[0] = byline.opening + texts[0]
    first, second = _split(texts, rng)
    to = rng.choice(("（下转第2版）", "（下转2版）", "（下转第二版）"))
    back = rng.choice(("（上接第1版）", "（上接1版）", "（上接第一版）"))
    title, subject = facts.headline(), facts["object"]
    head = GoldItem("article", title, byline.authors, tuple(first), margin=(to,), part="head")
    tail = GoldItem("article", title, (), tuple(second), margin=(back,), part="tail")
    front, behind = list(_text_pieces(first, spec, rng)), list(_text_pieces(second, spec, rng))
    if rng.random() < 0.5:
        front[-1] = replace(front[-1], text=front[-1].text + to)
        behind[0] = replace(behind[0], text=back + behind[0].text)
    else:
        front.append(Piece("note", to))
        behind.insert(0, Piece("note", back))
    return (
        Unit(head, _head(head), tuple(front), subject=subject),
        Unit(tail, _head(tail), tuple(behind), subject=subject),
    )


def _split(texts: Sequence[str], rng: random.Random) -> tuple[list[str], list[str]]:
    at = rng.randint(2, len(texts) - 2)
    first, second = list(texts[:at]), list(texts[at:])
    halves = cut(second[0], rng) if rng.random() < 0.5 else None
    if halves is None:
        return first, second
    return [*first, halves[0]], [halves[1], *second[1:]]


def write_picture(spec: LayoutSpec, rng: random.Random, day: date) -> Unit:
    """A photo's caption and credit, on a line of its own or at the caption's end."""
    caption = prose.caption(prose.Facts(rng, day), rng)
    names, line = credit(rng)
    item = GoldItem("picture", "", names, (caption,), margin=(line,))
    image: tuple[Piece, ...] = ()
    if spec.noisy and rng.random() < 0.4:
        image = (Piece("image", f"![](images/img_{rng.randrange(90)}.jpg)"),)
    if rng.random() < 0.6:
        return Unit(item, image, (Piece("caption", caption), Piece("credit", line)))
    return Unit(item, image, (Piece("caption", caption + line),))


def write_guide(
    style: GuideStyle, rng: random.Random, day: date, taken: Collection[str] = ()
) -> Unit:
    """A guide to two to six stories of inner pages, none with a headline in `taken`."""
    title = rng.choice(("本期导读", "今日导读", "导读", "今日要目", "内页导读"))
    pages = sorted(rng.sample(range(2, 16), rng.randint(2, 6)))
    headlines: list[str] = []
    while len(headlines) < len(pages):
        headline = prose.Facts(rng, day).headline()
        if headline not in taken and headline not in headlines:
            headlines.append(headline)
    entries = tuple(map(GuideEntry, headlines, map(str, pages)))
    lines = tuple(line for entry in entries for line in _entry_lines(entry, style))
    head = (Piece("guide_title", title),)
    body = tuple(Piece("guide_line", line) for line in lines)
    return Unit(GoldItem("guide", title, (), lines, entries=entries), head, body)


def _entry_lines(entry: GuideEntry, style: GuideStyle) -> tuple[str, ...]:
    match style:
        case "lines":
            return (entry.title.replace(" ", "  \n"), f"{entry.page}版")
        case "dots":
            return (f"{entry.title}……{entry.page}版",)
        case "paren":
            return (f"{entry.title}（{entry.page}版）",)
        case "lead":
            return (f"{entry.page}版 {entry.title}",)
        case "see":
            return (f"▶ {entry.title} 详见第{entry.page}版",)


def _story(facts: prose.Facts, spec: LayoutSpec, rng: random.Random, day: date, late: bool) -> Unit:
    byline = draw_byline(rng.choice(DATELINES if late else spec.bylines), rng, day)
    texts = _story_texts(facts, rng)
    texts[0] = byline.opening + texts[0]
    texts[-1] += byline.ending
    subheads: set[str] = set()
    if len(texts) >= SUBHEADS_FROM and rng.random() < spec.subheads:
        subheads = _add_subheads(texts, facts, rng)
    item = GoldItem(
        "article",
        facts.headline(),
        byline.authors,
        tuple(texts),
        # A stack is read from above: under its story it would seem to belong to the next one.
        kicker="" if late else _sometimes(spec.kicker, templates.KICKERS, facts, rng),
        subtitle="" if late else _sometimes(spec.subtitle, templates.SUBTITLES, facts, rng),
        margin=tuple(text for text in (byline.before, byline.after, byline.ending) if text),
    )
    body = (
        *_byline_piece(byline.before),
        *_text_pieces(texts, spec, rng, frozenset(subheads)),
        *_byline_piece(byline.after),
    )
    return Unit(item, _head(item), body, late, facts["object"])


def _story_texts(facts: prose.Facts, rng: random.Random) -> list[str]:
    if rng.random() < 0.15:
        return [prose.brief(facts, rng)]
    return prose.paragraphs(facts, rng, rng.choice((1, 2, 3, 3, 4, 4, 5, 6, 7, 9)))


def _byline_piece(line: str) -> tuple[Piece, ...]:
    return (Piece("byline", line),) if line else ()


def _add_subheads(texts: list[str], facts: prose.Facts, rng: random.Random) -> set[str]:
    chosen = [facts.fill(text) for text in rng.sample(templates.SUBHEADS, 2)]
    middle = len(texts) // 2 + 1
    texts.insert(middle, chosen[1])
    texts.insert(1, chosen[0])
    return set(chosen)


def _sometimes(
    chance: float, choices: Sequence[str], facts: prose.Facts, rng: random.Random
) -> str:
    return facts.fill(rng.choice(choices)) if rng.random() < chance else ""


def _head(item: GoldItem) -> tuple[Piece, ...]:
    stack = (
        Piece("kicker", item.kicker),
        Piece("title", item.title),
        Piece("subtitle", item.subtitle),
    )
    return tuple(piece for piece in stack if piece.text)


def _text_pieces(
    texts: Sequence[str],
    spec: LayoutSpec,
    rng: random.Random,
    subheads: frozenset[str] = frozenset(),
) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    for text in texts:
        if text in subheads:
            pieces.append(Piece("subhead", text))
            continue
        # A wrapped column breaks at the end of a line, which only the setting knows.
        halves = cut(text, rng) if not spec.wrapped and rng.random() < spec.cut else None
        if halves:
            pieces += [Piece("text", halves[0]), Piece("rest", halves[1])]
        else:
            pieces.append(Piece("text", text))
    return tuple(pieces)
