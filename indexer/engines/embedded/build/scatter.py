"""Pieces of arrays to where they belong: with array operations, or in C where that was built."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

from indexer.engines.embedded.format.arrays import Array, ranges

Scatter = Callable[[Array, NDArray[np.int64], NDArray[np.int64], Array, int], None]
"""Source, lengths, targets, target, added: copy the pieces of these lengths, that lie in a row in
the source, to the offsets `targets` of an array of the same kind, which are moved behind them.
`added` is added to each item of 32 bits; it is 0 for others."""


def is_native_built() -> bool:
    """Whether the functions in C that write an index are there: without a compiler they are not."""
    return find_spec("indexer.engines.embedded.native._building") is not None


def open_scatter(*, native: bool) -> Scatter:
    """The function in C if `native` and it was built, else the other; both give the same."""
    if not (native and is_native_built()):
        return scatter
    from indexer.engines.embedded.native import _building

    return _building.scatter


def scatter(
    source: Array,
    lengths: NDArray[np.int64],
    targets: NDArray[np.int64],
    target: Array,
    added: int,
) -> None:
    """See `Scatter`."""
    target[ranges(targets, lengths)] = source + target.dtype.type(added)
    targets += lengths
