"""Dates in the forms that articles carry them, to ISO `YYYY-MM-DD`."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

CHINA = dt.timezone(dt.timedelta(hours=8))
"""Seconds since 1970 carry no time zone; the articles are Chinese."""

_NUMERIC = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)\s*[日号號]?")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:\d{4}(?:\d\d)?)?(?!\d)")
_REPUBLIC = re.compile(r"民[國国]\s*(\d{1,3})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号號]?")
_HAN = re.compile(
    r"([〇零○一二三四五六七八九]{4})年([元正一二三四五六七八九十]{1,2})月([一二三四五六七八九十廿卅]{1,3})[日号號]"
)
_DAY_FIRST = re.compile(r"(?:[A-Za-z]{3,9},?\s+)?(\d{1,2})\s+([A-Za-z]{3,9})\.?,?\s+(\d{4})")
_MONTH_FIRST = re.compile(
    r"(?:[A-Za-z]{3,9},\s+)?([A-Za-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})"
)
_SECONDS = re.compile(r"\d{10}(?:\.\d+)?|\d{13}")
_REST = re.compile(
    r"[T\s\d:：.,+\-Z()/]*(?:(?:星期|周|週|礼拜|禮拜)[一二三四五六日天])?"
    r"(?:[上下中]午|凌晨|早上|晚上?|[时時分秒点點]|GMT|UTC|[T\s\d:：.,+\-Z()])*"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {
    "零": 0,
    "○": 0,
    "元": 1,
    "正": 1,
}
_MILLISECONDS = 10**11
"""A count of seconds this large would lie after the year 5000."""


def iso_date(value: object) -> str:
    """The ISO date that `value` is or begins with; empty when it has none or an impossible one.

    Takes text, `date`, `datetime` (the date as written, in its own time zone), and seconds or
    milliseconds since 1970.
    """
    if isinstance(value, str) and _is_iso(value):
        return value
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return _match(_folded(str(value)))[0]


def _is_iso(text: str) -> bool:
    """Whether a text is what `iso_date` makes of a date: most are."""
    if len(text) != 10 or text[4] != "-" or text[7] != "-" or text[0] == "0":
        return False
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_date(text: str) -> bool:
    """Whether `text` is a date, perhaps with a weekday and a time, and nothing else."""
    folded = _folded(text)
    iso, length = _match(folded)
    return bool(iso) and _REST.fullmatch(folded, length) is not None


def _folded(text: str) -> str:
    # Only the start can hold a date; NFKC can make a text eighteen times longer.
    return unicodedata.normalize("NFKC", text[:200].replace("〇", "零")).strip()


def _match(text: str) -> tuple[str, int]:
    for pattern in (_NUMERIC, _COMPACT):
        if found := pattern.match(text):
            return _iso(int(found[1]), int(found[2]), int(found[3])), found.end()
    if found := _REPUBLIC.match(text):
        return _iso(int(found[1]) + 1911, int(found[2]), int(found[3])), found.end()
    if found := _HAN.match(text):
        year = int("".join(str(_DIGITS[char]) for char in found[1]))
        return _iso(year, _han_number(found[2]), _han_number(found[3])), found.end()
    return _western(text)


def _western(text: str) -> tuple[str, int]:
    if found := _DAY_FIRST.match(text):
        return _iso(int(found[3]), _month(found[2]), int(found[1])), found.end()
    if found := _MONTH_FIRST.match(text):
        return _iso(int(found[3]), _month(found[1]), int(found[2])), found.end()
    if _SECONDS.fullmatch(text):
        return _from_seconds(float(text)), len(text)
    return "", 0


def _from_seconds(seconds: float) -> str:
    if seconds >= _MILLISECONDS:
        seconds /= 1000
    return dt.datetime.fromtimestamp(seconds, CHINA).date().isoformat()


def _month(name: str) -> int:
    """1 to 12, or 0 for a word that is no month."""
    short = name[:3].lower()
    return _MONTHS.index(short) + 1 if short in _MONTHS else 0


def _han_number(text: str) -> int:
    """The value of a number below 100 such as 三十一, 廿五, 十, 元."""
    text = text.replace("廿", "二十").replace("卅", "三十")
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _DIGITS[text] if len(text) == 1 else 0
    return (_DIGITS.get(tens, 0) if tens else 1) * 10 + (_DIGITS.get(ones, 0) if ones else 0)


def _iso(year: int, month: int, day: int) -> str:
    try:
        return dt.date(year, month, day).isoformat() if year >= 1000 else ""
    except ValueError:
        return ""
