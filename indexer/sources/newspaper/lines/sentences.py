"""Where sentences and paragraphs end, which lines are short enough for headlines, and rows."""

from __future__ import annotations

import re

HEAD_LIMIT = 40
"""Characters: headlines of Chinese newspapers have 8 to 30; a subtitle in full has up to 40."""

LABEL_LIMIT = 6
"""Characters: column labels (要闻, 创新故事, 一线调研) are shorter than any headline."""

_CLOSERS = "”’」』)】]》〉\"'"
_STOPS = "。!?…"
_PAUSES = ";:"
ROW_CELLS = 30
"""Columns: more fit on no page; a longer line of figures need not be weighed."""
_FIGURE = re.compile(r"[-+]?\d[\d.,/:]*%?|[-—]")
_COMMAS = re.compile(r"[,;。]")
"""A headline has one comma at most: its clauses stand apart by spaces or lines."""


def ends_sentence(text: str) -> bool:
    """Whether `text` ends where a sentence does: 。 ! ? …, closing quotes aside."""
    return text.rstrip(_CLOSERS + " ")[-1:] in tuple(_STOPS) or text[-1:] in tuple(_STOPS)


def ends_paragraph(text: str) -> bool:
    """Whether a paragraph may end here: at a sentence, or before a list."""
    return ends_sentence(text) or text[-1:] in tuple(_PAUSES)


def is_row(text: str) -> bool:
    """Whether `text` is a row of a table: `| a | b |`, or a name with figures in columns."""
    if text.startswith("|"):
        return text.count("|") > 1
    cells = text.split()
    return (
        2 < len(cells) <= ROW_CELLS
        and not _FIGURE.fullmatch(cells[0])
        and all(map(_FIGURE.fullmatch, cells[1:]))
    )


def is_short(text: str) -> bool:
    """Whether `text` could be a headline by its length and punctuation alone."""
    return (
        0 < len(text) <= HEAD_LIMIT
        and "。" not in text
        and text[-1] not in ",、;:。"
        and len(_COMMAS.findall(text)) < 2
        and not re.match(r"[,、;:。)”」』》]", text)
    )
