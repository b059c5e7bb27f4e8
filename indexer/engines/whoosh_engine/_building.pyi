"""The functions in C of `native/building.h`. Arrays must be contiguous, and of the type that is
named."""

from typing import Any

from numpy.typing import NDArray

_Array = NDArray[Any]

def invert(
    word: int,
    terms: _Array,
    positions: _Array,
    aligned: _Array,
    starts: _Array,
    own: _Array,
    articles_of: _Array,
    occurrences_of: _Array,
    articles: _Array,
    packed: _Array,
    short_positions: _Array,
    exceptions: _Array,
    exception_counts: _Array,
) -> tuple[int, int, int, int]:
    """Tokens (`terms` uint32, `positions` int64, `aligned` uint8, `starts` int64) to the arrays of
    a run, which have room for all tokens; `word` is the first term that is a word. Returns how
    many terms, postings, positions and exceptions there are. Raises ValueError where the positions
    of a term are not in order."""

def scatter(source: _Array, lengths: _Array, targets: _Array, target: _Array, added: int) -> None:
    """Copy pieces of `source`, that lie in a row and have these `lengths` (int64), to the offsets
    `targets` (int64) of an array of the same kind, which are moved behind them; `added` is added
    to each item of uint32."""
