"""Join lines that were one, and set right what machine reading got wrong."""

from __future__ import annotations

import re
from collections.abc import Sequence

_AND = re.compile(r"(?<=[\u4e00-\u9fff”》])\s?\band\b\s?(?=[\u4e00-\u9fff“《])")
_WORD_END = re.compile(r"[A-Za-z][,.;:!?)]?$")
_WORD_START = re.compile(r"[A-Za-z]")


def join_lines(lines: Sequence[str]) -> str:
    """Lines of one paragraph as one line; only words of Latin letters keep a space between."""
    pieces: list[str] = []
    for line in lines:
        if pieces and _WORD_START.match(line) and _WORD_END.search(pieces[-1]):
            pieces.append(" ")
        pieces.append(line)
    return "".join(pieces)


def repair(text: str) -> str:
    """Undo the one known slip of machine reading: `and` between Chinese characters is 和."""
    return _AND.sub("和", text)
