"""Where sentences and paragraphs end, and which lines are short enough for headlines."""

from __future__ import annotations

import re

HEAD_LIMIT = 40
"""Characters: headlines of Chinese newspapers have 8 to 30; a subtitle in full has up to 40."""

_CLOSERS = "”’」』)】]》〉\"'"
_STOPS = "。!?…"
_PAUSES = ";:"
_COMMAS = re.compile(r"[,;。]")
"""A headline has one comma at most: its clauses stand apart by spaces or lines."""


def ends_sentence(text: str) -> bool:
    """Whether `text` ends where a sentence does: 。 ! ? …, closing quotes aside."""
    return text.rstrip(_CLOSERS + " ")[-1:] in tuple(_STOPS) or text[-1:] in tuple(_STOPS)


def ends_paragraph(text: str) -> bool:
    """Whether a paragraph may end here: at a sentence, or before a list."""
    return ends_sentence(text) or text[-1:] in tuple(_PAUSES)


def is_short(text: str) -> bool:
    """Whether `text` could be a headline by its length and punctuation alone."""
    return (
        0 < len(text) <= HEAD_LIMIT
        and "。" not in text
        and text[-1] not in ",、;:。"
        and len(_COMMAS.findall(text)) < 2
        and not re.match(r"[,、;:。)”」』》]", text)
    )
