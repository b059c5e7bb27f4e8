"""Dates in the forms that papers, feeds and spreadsheets use."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao.indexer.sources.cleaning.dates import is_date, iso_date


@pytest.mark.parametrize(
    "written",
    [
        *("2024-12-30", "2024/12/30", "2024.12.30", "20241230", "2024年12月30日", " 2024-12-30 "),
        *("２０２４年１２月３０日", "二〇二四年十二月三十日", "二零二四年十二月三十日"),
        *("民國113年12月30日", "2024年12月30日 星期一", "2024-12-30T23:59:00+08:00"),
        *("20241230083000", "Mon, 30 Dec 2024 08:00:00 GMT", "December 30, 2024", "1735516800"),
        *(20241230, 1735516800, 1735516800000, dt.date(2024, 12, 30)),
        dt.datetime(2024, 12, 30, 23, 59, tzinfo=dt.UTC),
    ],
)
def test_forms(written: object) -> None:
    assert iso_date(written) == "2024-12-30"


@pytest.mark.parametrize(
    "written",
    [
        "2024-02-30",
        "2024年13月1日",
        "二〇二四年十三月一日",
        "昨天",
        "",
        None,
        True,
        [],
        "2024",
        "00010101",
    ],
)
def test_what_is_no_date_stays_empty(written: object) -> None:
    assert iso_date(written) == ""


def test_prose_that_begins_with_a_date_is_no_date() -> None:
    assert is_date("2024年12月30日 星期一 上午9时")
    assert not is_date("2024年12月30日在北京召开")


@given(st.dates(min_value=dt.date(1000, 1, 1)))
def test_every_day_in_chinese_numerals(day: dt.date) -> None:
    year = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(day.year))
    tens = ["", "十", "二十", "三十"]
    month, date = (
        tens[number // 10] + "零一二三四五六七八九"[number % 10] * (number % 10 > 0)
        for number in (day.month, day.day)
    )
    assert iso_date(f"{year}年{month}月{date}日") == day.isoformat()


@given(st.one_of(st.text(), st.integers(), st.floats(), st.binary()))
def test_any_value_gives_a_date_or_nothing(value: object) -> None:
    assert iso_date(value) == "" or dt.date.fromisoformat(iso_date(value))
