"""The counts of an answer as a reader sees them: facets in order, a histogram of bars."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence

from jianbao.indexer.models import Bar, FacetCount

FACET_VALUES = 20


def all_values(counts: Mapping[str, int]) -> tuple[FacetCount, ...]:
    """Every value, the most frequent first, equal ones by name."""
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(FacetCount(value, count) for value, count in ordered)


def facet(counts: Mapping[str, int], chosen: Sequence[str]) -> tuple[FacetCount, ...]:
    """The `FACET_VALUES` most frequent values, and after them the chosen ones that are rarer."""
    ordered = all_values(counts)
    rarer = (count for count in ordered[FACET_VALUES:] if count.value in chosen)
    return (*ordered[:FACET_VALUES], *rarer)


def histogram(dates: Mapping[str, int]) -> tuple[Bar, ...]:
    """A bar for each of the years, months or days."""
    return tuple(Bar(*_ends(date), dates[date]) for date in sorted(dates))


def _ends(key: str) -> tuple[str, str]:
    """First and last day of `2024`, `2024-12` or `2024-12-30`."""
    if len(key) == 4:
        return f"{key}-01-01", f"{key}-12-31"
    if len(key) == 7:
        last = calendar.monthrange(int(key[:4]), int(key[5:]))[1]
        return f"{key}-01", f"{key}-{last:02}"
    return key, key
