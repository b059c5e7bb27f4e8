"""The functions in C of `native/`. Arrays must be contiguous, and of the type that is named."""

from typing import Any

from numpy.typing import NDArray

_Array = NDArray[Any]

class Trie:
    """Sorted, distinct entries: their code points in a row (uint32), their lengths (uint32), the
    number of each as a word or -1 (int32), and its weight as a part, above 0 for none (float64)."""

    def __init__(self, codes: _Array, lengths: _Array, words: _Array, weights: _Array) -> None: ...
    def divide(
        self,
        codes: _Array,
        in_block: _Array,
        breaks: _Array,
        unknown: float,
        boundaries: _Array,
        starts: _Array,
        words: _Array,
        aligned: _Array,
    ) -> int:
        """Divide a text (uint32). `in_block` (uint8) has an entry for each code point, `breaks`
        (int64) are sorted. Fills `boundaries` (uint8, one more than the text) and, for each word,
        `starts` (int64), `words` (uint32) and `aligned` (uint8). Returns how many words there are,
        which may be more than there was room for."""
