"""The value of a cell as a reader sees it."""

from __future__ import annotations

import datetime as dt


def cell_text(value: object) -> str:
    """`value` as text: a day as `2024-12-30`, a whole number without a point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    return str(value)
