"""ISO dates in the words of a reader."""

from __future__ import annotations

import calendar
import re
from typing import Final

_DAY: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


def day(date: str) -> str:
    """2024-12-30 as 2024年12月30日; anything else as it is."""
    found = _DAY.fullmatch(date)
    return f"{found[1]}年{int(found[2])}月{int(found[3])}日" if found else date


def period(start: str, end: str) -> str:
    """Two dates, both included, as a year, a month, a day or a range."""
    low, high = _DAY.fullmatch(start), _DAY.fullmatch(end)
    if start == end or not low or not high:
        return day(start) if start == end else f"{day(start)}–{day(end)}"
    if low[2] == low[3] == "01" and (high[2], high[3]) == ("12", "31"):
        return f"{low[1]}年" if low[1] == high[1] else f"{low[1]}–{high[1]}年"
    if _whole_month(low, high):
        return f"{low[1]}年{int(low[2])}月"
    return f"{day(start)}–{day(end)}"


def whole_period(date: str) -> tuple[str, str]:
    """The first and last day of `2024` or `2024-12`."""
    if len(date) == 4:
        return f"{date}-01-01", f"{date}-12-31"
    last = calendar.monthrange(int(date[:4]), int(date[5:]))[1]
    return f"{date}-01", f"{date}-{last:02}"


def _whole_month(low: re.Match[str], high: re.Match[str]) -> bool:
    if (low[1], low[2], low[3]) != (high[1], high[2], "01"):
        return False
    month = int(high[2])
    return 1 <= month <= 12 and int(high[3]) == calendar.monthrange(int(high[1]), month)[1]
