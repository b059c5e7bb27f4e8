"""Writes the texts of a segment, from those of its runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jianbao.indexer.engines.embedded.build.inversion import StoredRun
from jianbao.indexer.engines.embedded.format.arrays import ArrayWriter, save, save_narrow
from jianbao.indexer.engines.embedded.format.code_units import (
    converted,
    is_rare,
    largest,
    rare_among,
    to_units,
)
from jianbao.indexer.text.code_table import CODE_POINTS
from jianbao.indexer.text.scripts import in_run

BLOCK = 1 << 22
"""Units copied at a time."""


def write_text(runs: Sequence[StoredRun], folder: Path) -> None:
    """Write the texts of all runs, whose articles follow one another."""
    pairs = _folded_pairs(runs)
    rare = rare_among(pairs.ravel())
    narrow = len(rare) > 0 or not is_rare(pairs.ravel()).any()
    folding = np.arange(largest(narrow=narrow), dtype=np.uint16 if narrow else np.uint32)
    folding[to_units(pairs[:, 0], rare)] = to_units(pairs[:, 1], rare)
    runs_table = np.zeros(len(folding), dtype=np.bool_)
    for column in (0, 1):
        runs_table[to_units(pairs[:, column], rare)] = in_run(pairs[:, 1])
    starts = [np.zeros(1, dtype=np.int64)]
    with ArrayWriter(folder / "text.npy", folding.dtype) as file:
        for run in runs:
            for text in run.parts("text", BLOCK):
                file.append(converted(text, run.array("rare"), rare, narrow=narrow))
            starts.append(run.array("starts")[1:] + starts[-1][-1])
    save(folder / "rare_characters.npy", rare)
    save(folder / "folding.npy", folding)
    save(folder / "in_run.npy", runs_table)
    save_narrow(folder / "text_starts.npy", np.concatenate(starts))


def _folded_pairs(runs: Sequence[StoredRun]) -> NDArray[np.uint32]:
    """Each distinct code point of the texts, sorted, and its folded form."""
    folded = np.full(CODE_POINTS, CODE_POINTS, dtype=np.uint32)
    for run in runs:
        pairs = run.array("folding").reshape(-1, 2)
        folded[pairs[:, 0]] = pairs[:, 1]
    distinct = np.flatnonzero(folded < CODE_POINTS).astype(np.uint32)
    return np.stack([distinct, folded[distinct]], axis=1)
