"""Pieces of arrays to where they belong: with array operations, or in C where that was built."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from jianbao.indexer.engines.embedded.format.arrays import Array, ranges
from jianbao.indexer.engines.embedded.native import is_built

Scatter = Callable[[Array, NDArray[np.int64], NDArray[np.int64], Array, int], None]
"""Source, lengths, targets, target, added: copy the pieces of these lengths, that lie in a row in
the source, to the offsets `targets` of an array of the same kind, which are moved behind them.
`added` is added to each item of 32 bits; it is 0 for others."""


def open_scatter(*, native: bool) -> Scatter:
    """The function in C if `native` and it was built, else the other; both give the same."""
    if not (native and is_built("_building")):
        return scatter
    from jianbao.indexer.engines.embedded.native import _building

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
