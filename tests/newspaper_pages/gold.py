"""What a newspaper page truly holds, and what a reader says it holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["article", "picture", "guide"]
Part = Literal["whole", "head", "tail"]


@dataclass(frozen=True, slots=True)
class GuideEntry:
    """One line of a guide: a headline and the number of the page it stands on."""

    title: str
    page: str


@dataclass(frozen=True, slots=True)
class GoldItem:
    """One story, picture or guide as a careful person would clip it.

    `paragraphs` are whole (column breaks undone) and without headline, kicker and subtitle;
    subheads inside a story are paragraphs of their own. A dateline such as `本报讯(记者 张伟)`
    stays in the paragraph it opens. `margin` lists what is printed with the item but may stand in
    its body or not: bylines and credits on their own line or at the end, continuation notes.
    A picture has no title. `part` is `head` for a story continued elsewhere and `tail` for its
    continuation. `entries` is filled for a guide only.
    """

    kind: Kind
    title: str
    authors: tuple[str, ...] = ()
    paragraphs: tuple[str, ...] = ()
    kicker: str = ""
    subtitle: str = ""
    margin: tuple[str, ...] = ()
    entries: tuple[GuideEntry, ...] = ()
    part: Part = "whole"

    @property
    def body(self) -> str:
        """The paragraphs, one a line."""
        return "\n".join(self.paragraphs)


@dataclass(frozen=True, slots=True)
class GoldPage:
    """A page as text and what is on it, in reading order.

    `date` is ISO `YYYY-MM-DD`, `weekday` reads 星期一 to 星期日, `issue` is as printed, `page` has
    no leading zeros. Each is empty when the page does not print it.
    """

    text: str
    items: tuple[GoldItem, ...]
    newspaper: str
    date: str
    weekday: str
    issue: str
    page: str
    layout: str

    def of_kind(self, kind: Kind) -> tuple[GoldItem, ...]:
        """The items of one kind, in reading order."""
        return tuple(item for item in self.items if item.kind == kind)


@dataclass(frozen=True, slots=True)
class FoundItem:
    """What a reader found. `body` holds paragraphs separated by a single newline."""

    kind: Kind
    title: str
    authors: tuple[str, ...]
    body: str
