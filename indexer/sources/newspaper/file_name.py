"""Read the date and the page out of a file's name: `2024-12-30-第02版.txt`."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from jianbao.indexer.sources.newspaper.lines.bylines import plain_label
from jianbao.indexer.sources.newspaper.lines.folding import fold
from jianbao.indexer.sources.newspaper.lines.page_model import Masthead

_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d\d)(?:年(\d{1,2})月(\d{1,2})日|([-_./]?)(\d\d)\4(\d\d)(?!\d))"
)
_PAGE = re.compile(
    r"第\s*([A-Za-z]?\d{1,3}|[一二三四五六七八九十]{1,3})\s*版|(?<![\w.])([A-Za-z]?\d{1,2})版"
)
"""Without 第 a number of more digits, or one after a point, counts editions (2024版, 2.0版)."""


def complete_from_name(masthead: Masthead, name: str) -> Masthead:
    """`masthead` with the date and page that a file's path says where the page prints none."""
    path = fold(name)
    page = _PAGE.search(path.rpartition("/")[2]) if not masthead.page else None
    return replace(
        masthead,
        date=masthead.date or _date_in(path),
        page=plain_label(page[1] or page[2]) if page else masthead.page,
    )


def _date_in(path: str) -> str:
    """The last whole date in `path` that a calendar has, in ISO form, or empty."""
    for found in reversed(list(_DATE.finditer(path))):
        year, month, day = found[1], found[2] or found[5], found[3] or found[6]
        try:
            return date(int(year), int(month), int(day)).isoformat()
        except ValueError:
            continue
    return ""
