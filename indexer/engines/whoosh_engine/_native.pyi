"""The kernel in C (`native/`). Arrays must be contiguous, and of the type that is named."""

from typing import Any

from numpy.typing import NDArray

_Array = NDArray[Any]

_Pattern = tuple[bytes, bytes, bool, bool, float]
"""Units and edges (pairs), 32 bits each; whether it is looked for in titles, in bodies; idf."""

class Segment:
    """The arrays of a segment, kept alive."""

    def __init__(
        self, arrays: tuple[_Array, ...], saturation: float, accidental: float
    ) -> None: ...
    def place(self, term: bytes) -> int:
        """The place of a term in UTF-8, -1 if there is no such term."""

    def search(
        self,
        leaves: tuple[tuple[bool, float, int] | tuple[bool, float, _Array, _Array], ...],
        conditions: tuple[tuple[_Array, _Array], ...],
        best: _Array,
        scores: _Array,
        matching: _Array | None,
    ) -> tuple[int, int, int]:
        """Required, idf and place of a term, or required, idf, numbers (int64) and scores (float64)
        of articles; codes and which of them are wanted (bool). Fills `best` (int64), `scores` and
        `matching` (int64), and returns the total, how many are the best, and
        how many postings were scored."""

    def near(
        self, patterns: tuple[_Pattern, ...], half: float, numbers: _Array, sums: _Array
    ) -> None:
        """Fills `sums` (float64), two for each of the numbers (int64)."""

    def in_titles(self, pattern: _Pattern, numbers: _Array, found: _Array) -> None:
        """Fills `found` (uint8)."""

    def standing_at(self, pattern: _Pattern, offsets: _Array) -> int:
        """Moves those of the offsets (int64) where the pattern stands to the front."""

def count_codes(codes: _Array, numbers: _Array, totals: _Array) -> None:
    """Adds to `totals` (int64) how often each code (unsigned) stands at the numbers (int64)."""
