"""Which articles a search is restricted to, by a code that each article has."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from jianbao.indexer.engines.embedded.format.postings_lists import Numbers

Mask = NDArray[np.bool_]
"""For each article, whether it is meant."""

_MARKED = np.array([False, True])


@dataclass(frozen=True, slots=True)
class Condition:
    """The articles whose code `wanted` marks; `codes` are those of all articles."""

    codes: NDArray[np.unsignedinteger]
    wanted: Mask

    @classmethod
    def of(cls, mask: Mask) -> Condition:
        """The articles that `mask` marks."""
        return cls(mask.view(np.uint8), _MARKED)

    def among(self, numbers: Numbers) -> Numbers:
        """Those of the articles that it admits."""
        admitted: Numbers = numbers[self.wanted[self.codes[numbers]]]
        return admitted

    def mask(self) -> Mask:
        """All articles that it admits."""
        admitted: Mask = self.wanted[self.codes]
        return admitted


def admitted(numbers: Numbers, conditions: tuple[Condition, ...]) -> Numbers:
    """Those of the articles that all conditions admit."""
    return reduce(lambda left, condition: condition.among(left), conditions, numbers)
