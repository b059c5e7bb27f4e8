"""Long trials of reindexing: kills, failures, damage, encodings, and hours of use.

Each prints what it measured. `JIANBAO_TRIALS=full` runs them at full size, else at a fifth of it.
"""

from __future__ import annotations

import os

IS_FULL = os.environ.get("JIANBAO_TRIALS") == "full"


def sized(full: int) -> int:
    """How many of `full` trials to run."""
    return full if IS_FULL else full // 5
