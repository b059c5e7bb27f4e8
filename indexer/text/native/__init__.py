"""The division of texts in C, where it was built."""

from __future__ import annotations

from importlib.util import find_spec


def is_built() -> bool:
    """Whether it was built: without a compiler it is not."""
    return find_spec(f"{__name__}._words") is not None
