"""How well what a reader found agrees with the gold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from difflib import SequenceMatcher

from tests.newspaper_pages.gold import FoundItem, GoldItem, GoldPage, GuideEntry, Kind

KEPT = 0.95
"""The least share of a story's characters that its clipping must hold."""

FOREIGN = 0.05
"""The most foreign characters in a clipping, as a share of the story's own."""

_SLIP = re.compile(r"(?<=[\u4e00-\u9fff”》])and(?=[\u4e00-\u9fff“《])")


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of one kind of item; tallies add up."""

    gold: int = 0
    found: int = 0
    right: int = 0
    authors_right: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    @property
    def precision(self) -> float:
        """Share of the found items that are right; 1.0 when nothing was found."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Share of the gold items that were found; 1.0 when there were none."""
        return self.right / self.gold if self.gold else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.right / (self.gold + self.found) if self.gold + self.found else 1.0

    @property
    def author_accuracy(self) -> float:
        """Share of the right items whose set of authors is exact; 1.0 when none is right."""
        return self.authors_right / self.right if self.right else 1.0


@dataclass(frozen=True, slots=True)
class Score:
    """Agreement over one page or, added up, over many.

    `paragraphs` counts the gold paragraphs of the stories found, and `paragraphs_right` those that
    stand whole on a line of their own. Guide entries count as right when both headline and page
    number stand in a found guide.
    """

    stories: Tally = Tally()
    pictures: Tally = Tally()
    paragraphs: int = 0
    paragraphs_right: int = 0
    guide_entries: int = 0
    guide_entries_right: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(
            self.stories + other.stories,
            self.pictures + other.pictures,
            self.paragraphs + other.paragraphs,
            self.paragraphs_right + other.paragraphs_right,
            self.guide_entries + other.guide_entries,
            self.guide_entries_right + other.guide_entries_right,
        )


def squeeze(text: str) -> str:
    """`text` without white space and with the OCR slip `and` between Chinese words set right."""
    return _SLIP.sub("和", "".join(text.split()))


def score(gold: GoldPage, found: Sequence[FoundItem]) -> Score:
    """Compare a page's gold with what a reader found on it.

    A story is right when its title is equal (white space aside) and its body holds at least `KEPT`
    of the gold characters in order and at most `FOREIGN` others; the title of a picture is not
    compared. Kicker, subtitle and `margin` count neither way. Each found item serves one gold item.
    """
    stories, pairs = _tally(gold, found, "article")
    pictures, _ = _tally(gold, found, "picture")
    entries = [entry for item in gold.of_kind("guide") for entry in item.entries]
    guide = "\n".join(item.title + "\n" + item.body for item in found if item.kind == "guide")
    return Score(
        stories=stories,
        pictures=pictures,
        paragraphs=sum(len(item.paragraphs) for item, _ in pairs),
        paragraphs_right=sum(_whole_paragraphs(item, clip) for item, clip in pairs),
        guide_entries=len(entries),
        guide_entries_right=sum(_guides_to(guide, entry) for entry in entries),
    )


def _guides_to(guide: str, entry: GuideEntry) -> bool:
    number = re.search(rf"(?<!\d){re.escape(entry.page)}(?!\d)", guide)
    return squeeze(entry.title) in squeeze(guide) and number is not None


def _tally(
    gold: GoldPage, found: Sequence[FoundItem], kind: Kind
) -> tuple[Tally, list[tuple[GoldItem, FoundItem]]]:
    items = gold.of_kind(kind)
    left = [clip for clip in found if clip.kind == kind]
    total = len(left)
    pairs: list[tuple[GoldItem, FoundItem]] = []
    for item in items:
        clip = next((clip for clip in left if matches(item, clip)), None)
        if clip is not None:
            left.remove(clip)
            pairs.append((item, clip))
    authors = sum(_names(item.authors) == _names(clip.authors) for item, clip in pairs)
    return Tally(len(items), total, len(pairs), authors), pairs


def matches(item: GoldItem, clip: FoundItem) -> bool:
    """Whether `clip` is the item, by the measure of `score`."""
    if item.kind == "article" and squeeze(item.title) != squeeze(clip.title):
        return False
    wanted = "".join(_own_lines(item, item.paragraphs))
    got = "".join(_own_lines(item, clip.body.split("\n")))
    if wanted == got:
        return True
    if not len(wanted) * KEPT <= len(got) <= len(wanted) * (1 + FOREIGN):
        return False
    blocks = SequenceMatcher(None, wanted, got, autojunk=False).get_matching_blocks()
    common = sum(block.size for block in blocks)
    return common >= len(wanted) * KEPT and len(got) - common <= len(wanted) * FOREIGN


def _own_lines(item: GoldItem, lines: Iterable[str]) -> list[str]:
    extras = [squeeze(text) for text in (item.kicker, item.subtitle, *item.margin) if text]
    kept = []
    for line in map(squeeze, lines):
        for extra in extras:
            line = line.removeprefix(extra).removesuffix(extra)
        if line:
            kept.append(line)
    return kept


def _whole_paragraphs(item: GoldItem, clip: FoundItem) -> int:
    lines = set(_own_lines(item, clip.body.split("\n")))
    return sum(line in lines for line in _own_lines(item, item.paragraphs))


def _names(authors: Iterable[str]) -> set[str]:
    return {squeeze(name) for name in authors}
