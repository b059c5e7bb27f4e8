"""Where a column ends: cutting a paragraph, setting it in short lines."""

from __future__ import annotations

import random

ENDERS = "。！？…”"
NO_LINE_START = "。，、；：！？”’）》】%.,)"
NO_LINE_END = "“‘（《【("
LEAST_LEFT = 30
LEAST_RIGHT = 6


def cut(text: str, rng: random.Random) -> tuple[str, str] | None:
    """`text` in two at a random character inside a sentence, or None when it is too short."""
    spots = [
        at
        for at in range(LEAST_LEFT, len(text) - LEAST_RIGHT + 1)
        if inside_sentence(text[at - 1], text[at])
    ]
    if not spots:
        return None
    at = rng.choice(spots)
    return text[:at], text[at:]


def inside_sentence(left: str, right: str) -> bool:
    """Whether a break between these two characters shows that the sentence goes on."""
    return not (
        left in ENDERS
        or left in NO_LINE_END
        or right in NO_LINE_START
        or left.isspace()
        or right.isspace()
    )


def wrap(text: str, width: int) -> list[str]:
    """`text` in lines of `width` characters; closing marks hang, opening ones move on."""
    lines: list[str] = []
    while text:
        end = min(width, len(text))
        while end < len(text) and text[end] in NO_LINE_START:
            end += 1
        while end < len(text) and text[end - 1] in NO_LINE_END and end > 1:
            end -= 1
        lines.append(text[:end])
        text = text[end:]
    return lines
