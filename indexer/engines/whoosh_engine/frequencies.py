"""How often a term stands in an article, packed into the one byte of its posting.

Occurrences are of two sorts, aligned and accidental: a word mostly stands aligned, a single
character mostly within a word. The byte has, from the lowest bit: four bits for occurrences of the
usual sort in the body, two for the other sort there, and two for the title: none, one or two of the
usual sort, or one of the other. What does not fit is `EXCEPTION`, and its four counts are listed
apart: about one posting in a hundred.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Packed = NDArray[np.uint8]
Counts = NDArray[np.uint32]
"""Rows of four: of the usual and the other sort in the title, of both in the body."""

EXCEPTION = 255
_TITLE = {(0, 0): 0, (1, 0): 1, (2, 0): 2, (0, 1): 3}


def pack(counts: Counts) -> Packed:
    """The byte of each row of counts."""
    title_usual, title_other, body_usual, body_other = counts.T
    packed = body_usual | (body_other << 4)
    fits = (body_usual < 16) & (body_other < 4)
    known = np.zeros(len(counts), dtype=np.bool_)
    for (usual, other), state in _TITLE.items():
        here = (title_usual == usual) & (title_other == other)
        packed[here] |= state << 6
        known |= here
    return np.where(fits & known, packed, EXCEPTION).astype(np.uint8)


def unpacked() -> Counts:
    """The counts of each of the 256 bytes. `EXCEPTION` counts as nothing at all."""
    codes = np.arange(256, dtype=np.uint32)
    states = {state: title for title, state in _TITLE.items()}
    title = np.array([states[code >> 6] for code in range(256)], dtype=np.uint32)
    table = np.stack([title[:, 0], title[:, 1], codes & 15, (codes >> 4) & 3], axis=1)
    table[EXCEPTION] = 0
    return table
