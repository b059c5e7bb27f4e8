"""What a reader may write into the address of a search, and what he is told when it is wrong."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from jianbao.indexer import QueryError, SearchRequest
from jianbao.web.state.links import arguments, between, toggled, unfiltered
from jianbao.web.state.params import (
    FILTERS,
    KINDS,
    MODES,
    NAMES,
    SORTS,
    check_names,
    is_blank,
    read_request,
)

VALUES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8).map(str.strip).filter(bool)
DAYS = st.dates(date(1, 1, 1), date(9999, 12, 31)).map(date.isoformat)


@st.composite
def requests(draw: st.DrawFn) -> SearchRequest:
    """Any request that a page could have been asked for."""
    kinds = st.sampled_from(KINDS)
    years = st.integers(0, 9999).map("{:04}".format)
    by_field = {"kind": kinds, "year": years}
    pairs = [
        (field, value)
        for field in FILTERS.values()
        for value in draw(st.lists(by_field.get(field, VALUES), max_size=3, unique=True))
    ]
    dates = sorted([draw(DAYS), draw(DAYS)])
    return SearchRequest(
        query=draw(st.text(max_size=20)),
        page=draw(st.integers(1, 1_000_000)),
        size=draw(st.integers(1, 100)),
        sort=draw(st.sampled_from(["relevance", "newest", "oldest"])),
        mode=draw(st.sampled_from(["auto", "all", "any"])),
        date_from=draw(st.sampled_from(["", dates[0]])),
        date_to=draw(st.sampled_from(["", dates[1]])),
        filters=tuple(pairs),
    )


@given(requests(), st.integers(1, 100))
def test_a_link_leads_back_to_the_search_it_was_made_from(asked: SearchRequest, size: int) -> None:
    assert read_request(MultiDict(arguments(asked, size)), size) == asked


@given(requests())
def test_a_facet_value_switched_twice_is_as_before(asked: SearchRequest) -> None:
    once = toggled(asked, "source", "城东日报")
    twice = toggled(once, "source", "城东日报")
    assert set(twice.filters) == set(asked.filters)
    assert once.page == 1
    assert (("source", "城东日报") in once.filters) != (("source", "城东日报") in asked.filters)


def test_no_arguments_ask_for_nothing() -> None:
    asked = read_request(MultiDict(), 20)
    assert asked == SearchRequest(query="", size=20)
    assert is_blank(asked)


def test_empty_form_fields_count_as_absent() -> None:
    typed = MultiDict({"q": "桥", "from": "", "to": " ", "sort": "", "mode": "", "year": ""})
    assert read_request(typed, 10) == SearchRequest(query="桥")


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-2", "2024-02-01", "2024-02-29"),
        ("2023-02", "2023-02-01", "2023-02-28"),
        ("202312", "2023-12-01", "2023-12-31"),
        ("2024-12-30", "2024-12-30", "2024-12-30"),
        ("2024/12/5", "2024-12-05", "2024-12-05"),
        ("20241230", "2024-12-30", "2024-12-30"),
        ("0001", "0001-01-01", "0001-12-31"),
    ],
)
def test_partial_dates_are_widened(typed: str, first: str, last: str) -> None:
    asked = read_request(MultiDict({"from": typed, "to": typed}), 10)
    assert (asked.date_from, asked.date_to) == (first, last)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_a_month_ends_the_day_before_the_next_begins(day: date) -> None:
    asked = read_request(MultiDict({"to": f"{day:%Y-%m}"}), 10)
    end = date.fromisoformat(asked.date_to)
    assert (end.year, end.month) == (day.year, day.month)
    assert (end + timedelta(days=1)).day == 1


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("page", "0", "1 到 1000000"),
        ("page", "-1", "1 到 1000000"),
        ("page", "x", "「x」"),
        ("page", "9" * 5000, "1 到 1000000"),
        ("size", "101", "1 到 100"),
        ("size", "1.5", "1 到 100"),
        ("size", "²", "1 到 100"),
        ("sort", "date", "relevance、newest、oldest"),
        ("mode", "exact", "auto、all、any"),
        ("kind", "photo", "article、picture、guide"),
        ("year", "24", "四位数字"),
        ("from", "2024-13", "2024-12-30"),
        ("from", "2023-02-29", "2024-12-30"),
        ("to", "0000", "2024-12-30"),
        ("to", "昨天", "「昨天」"),
    ],
)
def test_a_wrong_value_is_refused_with_what_is_allowed(name: str, value: str, hint: str) -> None:
    with pytest.raises(QueryError, match=hint) as caught:
        read_request(MultiDict({name: value}), 10)
    assert len(str(caught.value)) < 150


def test_a_range_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(QueryError, match="2024-05-01 晚于截止日期 2023-12-31"):
        read_request(MultiDict({"from": "2024-05", "to": "2023"}), 10)


def test_too_many_filters_are_refused() -> None:
    with pytest.raises(QueryError, match="最多 50 个"):
        read_request(MultiDict([("source", str(n)) for n in range(51)]), 10)


@given(st.text(max_size=10))
def test_only_known_names_pass(name: str) -> None:
    if name in NAMES:
        check_names(MultiDict({name: "1"}))
    else:
        with pytest.raises(QueryError, match="可用的有"):
            check_names(MultiDict({name: "1"}))


@given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=12)))
def test_any_values_give_a_request_or_a_refusal(values: dict[str, str]) -> None:
    try:
        asked = read_request(MultiDict(values), 10)
    except QueryError as refusal:
        assert str(refusal)
    else:
        assert asked.sort in SORTS and asked.mode in MODES
        assert 1 <= asked.size <= 100 and asked.page >= 1


def test_conditions_are_lifted_together_and_dates_alone() -> None:
    asked = SearchRequest("桥", 3, date_from="2024-01-01", filters=(("page", "2"),))
    assert unfiltered(asked) == SearchRequest("桥")
    assert between(asked, "", "") == SearchRequest("桥", filters=(("page", "2"),))


def test_the_newspaper_page_and_the_result_page_do_not_collide() -> None:
    asked = read_request(MultiDict({"page": "2", "paper_page": "7"}), 10)
    assert (asked.page, asked.filters) == (2, (("page", "7"),))
