"""ISO dates in the words of a reader, whatever his language."""

from __future__ import annotations

import calendar
import re
from typing import Final

from jianbao.web.languages.strings import STRINGS

_DAY: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


def day(date: str) -> str:
    """2024-12-30 as 2024年12月30日 or 30 Dec 2024; anything else as it is."""
    found = _DAY.fullmatch(date)
    if not found or not 1 <= int(found[2]) <= 12:
        return date
    return STRINGS["date_day"].format(
        year=found[1], month=month_name(int(found[2])), day=int(found[3])
    )


def month_name(number: int) -> str:
    """A month, counted from 1, as dates name it: 12 or Dec."""
    return STRINGS["months"].split()[number - 1]


def year_name(year: str) -> str:
    """2024 as 2024年 or 2024."""
    return STRINGS["date_year"].format(year=year)


def period(start: str, end: str) -> str:
    """Two dates, both included, as a year, a month, a day or a range."""
    if start == end:
        return day(start)
    low, high = _DAY.fullmatch(start), _DAY.fullmatch(end)
    if not low or not high:
        return _range(start, end)
    if low[2] == low[3] == "01" and (high[2], high[3]) == ("12", "31"):
        if low[1] == high[1]:
            return year_name(low[1])
        return STRINGS["date_years"].format(start=low[1], end=high[1])
    if _whole_month(low, high):
        return STRINGS["date_month"].format(year=low[1], month=month_name(int(low[2])))
    return _range(start, end)


def whole_period(date: str) -> tuple[str, str]:
    """The first and last day of `2024` or `2024-12`."""
    if len(date) == 4:
        return f"{date}-01-01", f"{date}-12-31"
    last = calendar.monthrange(int(date[:4]), int(date[5:]))[1]
    return f"{date}-01", f"{date}-{last:02}"


def _range(start: str, end: str) -> str:
    return STRINGS["date_range"].format(start=day(start), end=day(end))


def _whole_month(low: re.Match[str], high: re.Match[str]) -> bool:
    if (low[1], low[2], low[3]) != (high[1], high[2], "01"):
        return False
    month = int(high[2])
    return 1 <= month <= 12 and int(high[3]) == calendar.monthrange(int(high[1]), month)[1]
