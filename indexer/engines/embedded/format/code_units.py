"""Units of 16 bits for code points.

A unit is a code point, or, in the range of the surrogates, a number of one of the rarer code
points; texts with more of those than fit are kept in units of 32 bits, which are code points.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from jianbao.indexer.text.code_table import CODE_POINTS

ESCAPES = 0xD800
ESCAPED = 0x800
UNITS = 0x10000

Units = NDArray[np.unsignedinteger]
Codes = NDArray[np.uint32]


def is_rare(codes: Codes) -> NDArray[np.bool_]:
    """Which code points no unit stands for by itself."""
    rare: NDArray[np.bool_] = (codes >= UNITS) | ((codes >= ESCAPES) & (codes < ESCAPES + ESCAPED))
    return rare


def rare_among(codes: Codes) -> Codes:
    """The distinct rarer code points, sorted; none at all where they are more than fit."""
    rare = np.unique(codes[is_rare(codes)])
    return rare if len(rare) <= ESCAPED else rare[:0]


def to_units(codes: Codes, rare: Codes) -> Units:
    """Code points as units, of 32 bits where one is rare and not in `rare`."""
    at = np.flatnonzero(is_rare(codes))
    if len(at) and not len(rare):
        return codes
    units: Units = codes.astype(np.uint16)
    units[at] = np.searchsorted(rare, codes[at]) + ESCAPES
    return units


def to_codes(units: Units, rare: Codes) -> Codes:
    """The code points that the units stand for."""
    codes = units.astype(np.uint32)
    if len(rare):
        escaped = (codes >= ESCAPES) & (codes < ESCAPES + ESCAPED)
        codes[escaped] = rare[codes[escaped] - ESCAPES]
    return codes


def converted(units: Units, rare: Codes, to_rare: Codes, *, narrow: bool) -> Units:
    """Units of a text with other rarer code points, `narrow` in 16 bits; those of `rare` that it
    has must be among `to_rare` then."""
    if units.dtype == np.uint32:
        return to_units(units.astype(np.uint32), to_rare) if narrow else units
    if narrow and np.array_equal(rare, to_rare[: len(rare)]):
        return units
    table: Units = np.arange(UNITS, dtype=np.uint16 if narrow else np.uint32)
    own = slice(ESCAPES, ESCAPES + len(rare))
    table[own] = np.searchsorted(to_rare, rare) + ESCAPES if narrow else rare
    return table[units]


def largest(*, narrow: bool) -> int:
    """How many units there may be."""
    return UNITS if narrow else CODE_POINTS
