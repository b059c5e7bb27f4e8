"""A function of one character, applied to whole texts of code points."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

CODE_POINTS = 0x110000

Value = TypeVar("Value", bound=np.generic)


class CodeTable(Generic[Value]):
    """Remembers the function's value for each character met so far.

    Safe to use from several threads: two that meet a character at the same time store one value.
    """

    def __init__(self, function: Callable[[int], int], dtype: type[Value]) -> None:
        self._function = function
        self._known = np.zeros(CODE_POINTS, dtype=np.bool_)
        self._values = np.zeros(CODE_POINTS, dtype=dtype)

    def get(self, codes: NDArray[np.uint32]) -> NDArray[Value]:
        """The value of each code point."""
        known = self._known[codes]
        if not known.all():
            for code in np.unique(codes[~known]).tolist():
                self._values[code] = self._function(code)
                self._known[code] = True
        return self._values[codes]
