"""The functions in C of `native/building.h`. Arrays must be contiguous, and of the type that is
named."""

from typing import Any

from numpy.typing import NDArray

_Array = NDArray[Any]

def carry(
    counts: _Array,
    rows: _Array,
    has_high: _Array,
    has_positions: _Array,
    low: _Array,
    high: _Array,
    bitmaps: _Array,
    packed: _Array,
    positions: _Array,
    totals: _Array,
    exception_totals: _Array,
    renumbered: _Array,
    kept_articles: _Array,
    kept_packed: _Array,
    kept_positions: _Array,
    articles_of: _Array,
    occurrences_of: _Array,
    exceptions: _Array,
    exception_stays: _Array,
    /,
) -> tuple[int, int, int]:
    """The postings of `postings.Stored` (counts, rows, totals int64) to those of the articles that
    `renumbered` (uint32) does not say are gone (0xFFFFFFFF): see `filtering.Kept`. The arrays by
    posting, position and exception have room for all. Returns how many postings, positions and
    exceptions stay. Raises ValueError where the arrays contradict each other."""

def invert(
    word: int,
    codes: _Array,
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
    a run, which have room for all tokens; `word` is the first term that is a word, `codes` what
    `frequencies.codes` gives. Returns how many terms, postings, positions and exceptions there are.
    Raises ValueError where the positions of a term are not in order."""

def scatter(source: _Array, lengths: _Array, targets: _Array, target: _Array, added: int) -> None:
    """Copy pieces of `source`, that lie in a row and have these `lengths` (int64), to the offsets
    `targets` (int64) of an array of the same kind, which are moved behind them; `added` is added
    to each item of uint32."""
