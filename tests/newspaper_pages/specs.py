"""The layouts as settings, and what is drawn once for a page."""

from __future__ import annotations

import random
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Mark = Literal["atx", "bold", "symbol", "none"]
BylineKind = Literal["bracket", "agency", "line", "box", "end", "end_inline", "none"]
GuideStyle = Literal["lines", "dots", "paren", "lead", "see"]

_DATELINES: tuple[BylineKind, ...] = ("bracket", "bracket", "agency")
_ALL_BYLINES: tuple[BylineKind, ...] = (
    *_DATELINES,
    "line",
    "box",
    "end",
    "end_inline",
    "none",
)


@dataclass(frozen=True, slots=True)
class LayoutSpec:
    """How one layout behaves; the numbers are probabilities.

    `late`: a headline stands after its story. `cut`: a column break cuts a paragraph. `kicker` and
    `subtitle`: the headline has one. `subheads`: a longer story has them. `noisy`: OCR slips, stray
    white space, a scattered masthead, photos inside a cut paragraph.
    """

    marks: tuple[Mark, ...]
    bylines: tuple[BylineKind, ...]
    late: float = 0.0
    cut: float = 0.15
    kicker: float = 0.0
    subtitle: float = 0.0
    subheads: float = 0.0
    wrapped: bool = False
    noisy: bool = False


SPECS = MappingProxyType(
    {
        "markdown": LayoutSpec(("atx",), (*_DATELINES, "line", "none"), late=0.2, subheads=0.1),
        "bold": LayoutSpec(("bold",), (*_DATELINES, "line", "end"), late=0.2),
        "symbol": LayoutSpec(("symbol",), (*_DATELINES, "box", "end_inline"), late=0.1),
        "plain": LayoutSpec(("none",), (*_DATELINES, "line", "box", "none"), subtitle=0.15),
        "wrapped": LayoutSpec(("none",), (*_DATELINES, "line", "end"), wrapped=True, cut=0.25),
        "formal": LayoutSpec(("atx", "bold"), _ALL_BYLINES, kicker=0.5, subtitle=0.5, subheads=0.5),
        "mixed": LayoutSpec(
            ("atx", "bold", "symbol"),
            _ALL_BYLINES,
            late=0.2,
            cut=0.3,
            kicker=0.2,
            subtitle=0.2,
            noisy=True,
        ),
    }
)
LAYOUTS: tuple[str, ...] = tuple(SPECS)


@dataclass(frozen=True, slots=True)
class PageStyle:
    """What all items of one page share.

    `half_width`: commas, colons and round brackets are ASCII. `width` counts characters a line of
    a wrapped column. `indent`: paragraphs open with two ideographic spaces. `small_heads`: kickers
    and subtitles are marked as third-level headings. `ranked`: only the first headline is
    first-level. `symbol` wraps a headline, the title standing for `{}`.
    """

    mark: Mark
    half_width: bool
    width: int
    indent: bool
    small_heads: bool
    ranked: bool
    symbol: str
    guide: GuideStyle


def draw_style(spec: LayoutSpec, rng: random.Random) -> PageStyle:
    """The style of one page of this layout."""
    mark = rng.choice(spec.marks)
    guides: tuple[GuideStyle, ...] = ("lines", "dots", "paren", "lead", "see")
    return PageStyle(
        mark=mark,
        half_width=rng.random() < 0.4,
        width=rng.randint(14, 22),
        indent=rng.random() < 0.5 and (spec.wrapped or mark == "none"),
        small_heads=rng.random() < 0.4,
        ranked=rng.random() < 0.5,
        symbol=rng.choice(("■ {}", "●{}", "【{}】", "★ {}", "◆{}")),
        guide=rng.choice(guides),
    )
