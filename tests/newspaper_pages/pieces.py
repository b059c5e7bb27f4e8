"""The pieces a page is set from, before markup and line breaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal[
    "masthead",
    "paper",
    "kicker",
    "title",
    "subtitle",
    "byline",
    "subhead",
    "text",
    "rest",
    "note",
    "image",
    "caption",
    "credit",
    "guide_title",
    "guide_line",
]
"""What a piece is; `rest` is the other side of a column break inside a `text` or a `rest`."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters with one role."""

    role: Role
    text: str
