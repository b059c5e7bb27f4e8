"""What stands around the hits: the pager's numbers, dates in words, the drawn histogram."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao.indexer import Bar, FacetCount, ResultPage, SearchRequest
from jianbao.web.pages import listing, timeline
from jianbao.web.pages.dates import day, period
from jianbao.web.pages.record import newspaper_page
from jianbao.web.state.links import SearchLinks, excluding, toggled

LINKS = SearchLinks("/", 10)


def result(
    total: int = 0,
    page: int = 1,
    size: int = 10,
    bars: tuple[Bar, ...] = (),
    facets: Mapping[str, tuple[FacetCount, ...]] | None = None,
    filters: tuple[tuple[str, str], ...] = (),
) -> ResultPage:
    """A result page with only what the test is about."""
    request = SearchRequest("桥", page=page, size=size, filters=filters)
    return ResultPage(request, total, 1.0, "g", (), facets or {}, bars)


def link(request: SearchRequest) -> str:
    """A link that shows where it leads."""
    return f"{request.page}|{request.date_from}|{request.date_to}|{request.filters}"


@given(st.integers(1, 5000), st.integers(1, 60), st.integers(1, 100))
def test_the_pager_reaches_first_last_and_the_neighbours(total: int, page: int, size: int) -> None:
    pager = listing.pager(result(total, page, size), link)
    pages = -(-total // size)
    numbers = [entry.number for entry in pager.links]
    shown = [number for number in numbers if number]
    assert pager.pages == pages
    assert shown == sorted(set(shown)) and shown[0] == 1 and shown[-1] == pages
    assert len(numbers) <= 9
    assert bool(pager.previous) == (1 < page <= pages + 1)
    assert bool(pager.following) == (page < pages)
    assert [entry.number for entry in pager.links if entry.current] == [page] * (page <= pages)


def test_a_gap_stands_for_two_pages_or_more() -> None:
    numbers = [entry.number for entry in listing.pager(result(200, 5), link).links]
    assert numbers == [1, 2, 3, 4, 5, 6, 7, 0, 20]


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2024-01-01", "2024-12-31", "2024年"),
        ("2020-01-01", "2029-12-31", "2020–2029年"),
        ("2024-02-01", "2024-02-29", "2024年2月"),
        ("2024-02-01", "2024-02-28", "2024年2月1日–2024年2月28日"),
        ("2024-02-03", "2024-02-03", "2024年2月3日"),
        ("二月", "三月", "二月–三月"),
        ("", "", ""),
    ],
)
def test_periods_read_as_a_person_would_say_them(start: str, end: str, words: str) -> None:
    assert period(start, end) == words


def test_a_date_that_is_not_iso_is_shown_as_it_is() -> None:
    assert day("民国二十年") == "民国二十年"


@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=200))
def test_bars_keep_their_order_of_height_inside_the_drawing(counts: list[int]) -> None:
    bars = tuple(Bar(f"{y:04}-01-01", f"{y:04}-12-31", n) for y, n in enumerate(counts, 1000))
    drawn = timeline.timeline(result(1, bars=bars), LINKS)
    assert drawn is not None
    assert [bar.count for bar in drawn.bars] == counts
    for bar in drawn.bars:
        assert bar.x >= 0 and bar.x + bar.width <= drawn.width
        assert bar.y + bar.height == drawn.height
        assert (bar.height > 0) == (bar.count > 0)
    heights = [bar.height for bar in sorted(drawn.bars, key=lambda bar: bar.count)]
    assert heights == sorted(heights)


def test_one_bar_says_nothing_and_is_left_out() -> None:
    bars = (Bar("2024-01-01", "2024-12-31", 3),)
    assert timeline.timeline(result(3, bars=bars), LINKS) is None


@pytest.mark.parametrize(
    ("periods", "places"),
    [
        ((("2015-01-01", "2015-12-31"), ("2017-01-01", "2017-12-31")), [0, 2]),
        ((("2023-11-01", "2023-11-30"), ("2024-02-01", "2024-02-29")), [0, 3]),
        ((("2024-02-28", "2024-02-28"), ("2024-03-01", "2024-03-01")), [0, 2]),
        ((("0099-01-01", "0099-12-31"), ("2024-01-01", "2024-12-31")), [0, 1]),
    ],
)
def test_time_without_articles_is_a_gap(
    periods: tuple[tuple[str, str], ...], places: list[int]
) -> None:
    bars = tuple(Bar(start, end, 1) for start, end in periods)
    drawn = timeline.timeline(result(2, bars=bars), LINKS)
    assert drawn is not None
    assert [bar.x // drawn.step for bar in drawn.bars] == places


def test_facets_that_change_nothing_are_left_out() -> None:
    facets = {
        "source": (FacetCount("城东日报", 5),),
        "year": (FacetCount("2023", 3), FacetCount("2024", 2)),
    }
    groups = listing.facet_groups(result(5, facets=facets), LINKS)
    assert [group.name for group in groups] == ["年份"]


def test_years_and_newspaper_pages_stand_in_their_own_order() -> None:
    facets = {
        "year": (FacetCount("2021", 9), FacetCount("2023", 1), FacetCount("2022", 5)),
        "page": tuple(FacetCount(page, 2) for page in ("头版", "10", "2", "A1", "02")),
    }
    years, pages = listing.facet_groups(result(15, facets=facets), LINKS)
    assert [item.label for item in years.shown] == ["2023年", "2022年", "2021年"]
    assert [item.label for item in pages.shown] == ["第02版", "第2版", "第10版", "第A1版", "头版"]


def test_a_condition_that_all_hits_meet_is_left_to_its_chip() -> None:
    facets = {"year": (FacetCount("2020", 5),)}
    page = result(5, facets=facets, filters=(("year", "2020"),))
    assert listing.facet_groups(page, LINKS) == ()


def test_alternatives_to_a_chosen_value_stay() -> None:
    facets = {"year": (FacetCount("2020", 5), FacetCount("2021", 9))}
    page = result(5, facets=facets, filters=(("year", "2020"),))
    (group,) = listing.facet_groups(page, LINKS)
    assert [(item.label, item.count, item.selected) for item in group.shown] == [
        ("2020年", 5, True),
        ("2021年", 9, False),
    ]


@given(st.lists(st.sampled_from("甲乙丙"), unique=True), st.sampled_from("甲乙丙"))
def test_a_value_is_wanted_or_unwanted_but_not_both(chosen: list[str], value: str) -> None:
    request = SearchRequest("桥", page=3, filters=tuple(("source", each) for each in chosen))
    shut = excluding(request, "source", value)
    assert ("source", value) in shut.excluded and ("source", value) not in shut.filters
    wanted = toggled(shut, "source", value)
    assert ("source", value) in wanted.filters and not wanted.excluded
    assert excluding(shut, "source", value).excluded == () and shut.page == wanted.page == 1


def test_without_words_there_is_no_relevance_to_sort_by() -> None:
    orders = listing.sorts(SearchRequest("", filters=(("year", "2020"),)), link)
    assert [(order.label, order.current) for order in orders] == [
        ("最新在前", True),
        ("最早在前", False),
    ]
    assert [order.current for order in listing.sorts(SearchRequest("桥"), link)] == [
        True,
        False,
        False,
    ]


def test_chosen_values_come_first_and_no_count_is_made_up() -> None:
    facets = {"source": (FacetCount("城东日报", 5), FacetCount("河港晚报", 2))}
    chosen = (("source", "河港晚报"), ("source", "太少而未列出"))
    (group,) = listing.facet_groups(result(7, facets=facets, filters=chosen), LINKS)
    assert [(item.label, item.count, item.selected) for item in group.shown] == [
        ("河港晚报", 2, True),
        ("城东日报", 5, False),
    ]


def test_long_facets_fold_but_lose_nothing() -> None:
    facets = {"author": tuple(FacetCount(f"作者{n}", 30 - n) for n in range(30))}
    (group,) = listing.facet_groups(result(99, facets=facets), LINKS)
    assert len(group.shown) == listing.FACETS_SHOWN
    assert len(group.shown) + len(group.folded) == 30


@pytest.mark.parametrize(("value", "words"), [("1", "第1版"), ("A02", "第A02版"), ("头版", "头版")])
def test_newspaper_pages_carry_their_counter(value: str, words: str) -> None:
    assert newspaper_page(value) == words
