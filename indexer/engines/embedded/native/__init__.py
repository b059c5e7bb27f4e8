"""The kernels in C, where they were built."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Literal


def is_built(part: Literal["_native", "_building"] = "_native") -> bool:
    """Whether the functions that search, or those that write a segment, were built: without a
    compiler they are not."""
    return find_spec(f"{__name__}.{part}") is not None
