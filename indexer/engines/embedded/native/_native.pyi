"""The kernel in C (`native/`). Arrays must be contiguous, and of the type that is named."""

from typing import Any

from numpy.typing import NDArray

_Array = NDArray[Any]

_Leaf = tuple[bool, str | None, bytes, bool, bool, str | None, _Array | None, _Array | None]
"""Whether it is required; its text, edges (pairs of 32 bits), and whether it is looked for in
titles, in bodies; its term, or numbers (int64) and scores (float64) of its articles."""

class Segment:
    """The arrays of a segment, kept alive."""

    def __init__(
        self,
        arrays: tuple[_Array, ...],
        ranking: tuple[float, float, float, float, float, float, int],
    ) -> None:
        """Of the ranking: saturation, accidental, near, near_half, what a title earns that contains
        the query, what one that is the query earns, depth."""

    def place(self, term: str) -> int:
        """The place of a term, -1 if there is no such term."""

    def search(
        self,
        leaves: tuple[_Leaf, ...],
        phrase: tuple[str, bytes] | None,
        conditions: tuple[tuple[_Array, _Array], ...],
        best: _Array,
        scores: _Array,
        matching: _Array | None,
    ) -> tuple[int, int, int, int]:
        """Leaves without a text come last; of the phrase: text and edges; of a condition: codes,
        and which of them are wanted (bool). Fills `best` (int64), `scores` and `matching` (int64),
        and returns the total, how many are the best, how many postings were scored, and how many
        texts were looked into."""

    def standing_at(self, text: str, edges: bytes, offsets: _Array) -> int:
        """Moves those of the offsets (int64) where the text stands to the front."""

    def scan(self, text: str, edges: bytes, numbers: _Array, found: _Array) -> int:
        """Fills `found` (int64) with the offsets where the text stands in the articles with these
        numbers (int64), as many as it has room for, and returns how many there are."""

    def scan_together(self, patterns: tuple[tuple[str, bytes], ...]) -> list[bytes]:
        """Looks for texts of two characters or more, each with its edges, in one pass over all
        articles. Of each text: rows of three numbers (int64), an article that spells it, and how
        often its title and its body do."""

def count_codes(codes: _Array, numbers: _Array, totals: _Array) -> None:
    """Adds to `totals` (int64) how often each code (unsigned) stands at the numbers (int64)."""

def strings(text: _Array, ends: _Array, numbers: _Array) -> list[str]:
    """Those of the strings, stored in UTF-8 (uint8) with their ends (unsigned), that have these
    numbers (int64)."""
