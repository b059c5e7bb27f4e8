"""What an answer costs beside its search: counted, bounded, and told where it was cut short."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jianbao.indexer import Searcher, SearchRequest, load_settings, open_searcher, reindex
from jianbao.indexer.engines.embedded import WhooshEngine
from jianbao.indexer.models import Mode, ResultHit, Sort, Wider
from jianbao.indexer.query import parsed_query
from jianbao.indexer.query.parse import parse
from jianbao.indexer.query.tree import And, Leaf
from jianbao.indexer.search.broader_queries import WIDER, typed, words
from jianbao.indexer.search.budget import UNLIMITED, Budget, Spending
from jianbao.indexer.search.requests import to_count
from jianbao.indexer.search.searcher import PART
from jianbao.indexer.search.snippets import marked, snippets
from jianbao.indexer.store.generations import Generations
from tests.conftest import ROOT
from tests.engines.test_contract import ANALYZER
from tests.engines.words import WORDS

SMALL = Budget(searches=1, typed=30, characters=4_000, matches=20)
NOBODY = (("source", "无此报"),)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The corpus, indexed."""
    folder = tmp_path_factory.mktemp("budget")
    settings_ = load_settings({"index": folder / "index", "jobs": 1}, {}, folder)
    reindex(settings_, [ROOT / "corpus"], now=lambda: datetime.now(UTC))
    return folder / "index"


def searcher_with(index: Path, budget: Budget) -> Searcher:
    return Searcher(Generations(index), lambda: 0.0, budget)


@pytest.fixture(scope="module")
def searcher(index: Path) -> Iterator[Searcher]:
    opened = open_searcher(load_settings({"index": index}, {}, index), lambda: 0.0)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def unlimited(index: Path) -> Iterator[Searcher]:
    opened = searcher_with(index, UNLIMITED)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def small(index: Path) -> Iterator[Searcher]:
    opened = searcher_with(index, SMALL)
    yield opened
    opened.close()


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Counts what is asked of the engine, and how often a text is parsed."""
    done: Counter[str] = Counter()

    def count(owner: object, name: str) -> None:
        real = getattr(owner, name)

        def counted(*given: Any, **named: Any) -> Any:
            done[name] += 1
            return real(*given, **named)

        monkeypatch.setattr(owner, name, counted)

    for name in ("search", "search_many", "one_less", "get", "article"):
        count(WhooshEngine, name)
    for name in ("parse", "parse_literally"):
        count(parsed_query, name)
    return done


def distinct(count: int) -> str:
    """Words, and so many more that no article has."""
    return " ".join([*WORDS, *(f"a{n}b" for n in range(count))])[:1900]


@pytest.mark.parametrize("count", [3, 30, 300])
def test_a_filtered_query_without_hits_is_one_search_and_one_batch(
    searcher: Searcher, work: Counter[str], count: int
) -> None:
    """Whatever the number of its words: it was two searches for each of them."""
    query = " ".join(["石桥", "图书馆", *(f"a{n}b" for n in range(count))])
    found = searcher.search(SearchRequest(query, mode="all", filters=NOBODY))
    assert found.total == 0 and found.words
    in_batches = min(12, count + 2) + 2  # its first words alone, and any of its words, twice
    assert work["one_less"] == 1 and work["search_many"] == 2
    assert work["search"] == 2 + in_batches, "as it was asked, as it stands, and the batches"
    assert work["parse"] == 2, "all of its words, and any of them"
    assert work["parse_literally"] == 2, "the text as it stands, and as a title"
    assert work["get"] == 1 and work["article"] <= 0


def test_ten_hits_are_one_call(searcher: Searcher, work: Counter[str]) -> None:
    found = searcher.search(SearchRequest("的", mode="all"))
    assert len(found.hits) == 10
    assert (work["search"], work["get"], work["parse"], work["one_less"]) == (1, 1, 1, 0)


def test_an_article_gets_what_is_related_to_it_together(
    searcher: Searcher, work: Counter[str]
) -> None:
    found = searcher.search(SearchRequest("图书馆", mode="all")).hits[0].article.id
    work.clear()
    searcher.article(found, "图书馆")
    assert work["search_many"] == 1 and work["parse"] == 1
    assert work["get"] <= 1, "all that is related at once"


def counted(searcher: Searcher, request: SearchRequest) -> int:
    """What a request finds when it is taken at its word."""
    mode: Mode = "any" if request.mode == "any" else "all"
    engine = searcher._current().engine
    query = parse(request.query, searcher._current().analyzer, mode)
    return engine.search(to_count(request, query)).total


def brute(searcher: Searcher, request: SearchRequest) -> list[Wider]:
    """Every way out in its order, each counted by a search for what a reader would type."""
    query = parse(request.query, ANALYZER, "any" if request.mode == "any" else "all")
    ways = dict.fromkeys(_ways(replace(request, page=1), words(query)))
    found = [Wider(way, counted(searcher, way)) for way in ways]
    return [way for way in found if way.total][:WIDER]


def _ways(request: SearchRequest, leaves: Sequence[Leaf]) -> Iterator[SearchRequest]:
    if request.date_from or request.date_to:
        yield replace(request, date_from="", date_to="")
    for name in dict.fromkeys(name for name, _ in request.filters):
        yield replace(request, filters=tuple(p for p in request.filters if p[0] != name))
    for pair in request.excluded:
        yield replace(request, excluded=tuple(p for p in request.excluded if p != pair))
    yield from _fewer(request, leaves)
    bare = replace(request, filters=(), excluded=(), date_from="", date_to="")
    if bare != request:
        yield bare
        yield from _fewer(bare, leaves)


def _fewer(request: SearchRequest, leaves: Sequence[Leaf]) -> Iterator[SearchRequest]:
    if any(not leaf.whole for leaf in leaves):
        yield replace(request, query=" ".join(leaf.text for leaf in leaves))
    if len(leaves) < 2:
        return
    if request.mode == "all":
        yield replace(request, mode="any")
    if request.mode == "any" and any(leaf.whole for leaf in leaves):
        return
    for dropped in leaves:
        yield replace(
            request, query=" ".join(typed(leaf) for leaf in leaves if leaf is not dropped)
        )


PIECES = st.lists(
    st.sampled_from(
        [
            "石桥",
            "图书馆",
            "“的人”",
            "“长江”",
            "月球车",
            "石",
            "pi*",
            "广播",
            "“不是”",
            "大桥",
            "x9y",
        ]
    ),
    max_size=6,
).map(" ".join)
REQUESTS = st.builds(
    SearchRequest,
    PIECES,
    mode=st.sampled_from(["auto", "all", "any"]),
    filters=st.sampled_from(
        [(), NOBODY, (("year", "2018"),), (*NOBODY, ("year", "2018"), ("year", "2021"))]
    ),
    excluded=st.sampled_from([(), (("kind", "article"),), (("kind", "article"), ("year", "2021"))]),
    date_from=st.sampled_from(["", "2018-06-01", "2031-01-01"]),
)


@settings(deadline=None, max_examples=150)
@given(REQUESTS)
def test_ways_out_are_those_that_a_search_for_each_finds(
    searcher: Searcher, request_: SearchRequest
) -> None:
    page = searcher.search(request_)
    if page.total == 0:
        assert list(page.wider) == brute(searcher, request_)
    assert not page.limited


@settings(deadline=None, max_examples=100)
@given(REQUESTS)
def test_a_small_budget_leaves_out_and_changes_nothing_else(
    small: Searcher, unlimited: Searcher, request_: SearchRequest
) -> None:
    less, all_ = small.search(request_), unlimited.search(request_)
    assert not all_.limited
    same = ("total", "facets", "histogram", "notice", "next_page")
    assert [getattr(less, name) for name in same] == [getattr(all_, name) for name in same]
    assert [hit.article.id for hit in less.hits] == [hit.article.id for hit in all_.hits]
    assert set(less.suggestions) <= set(all_.suggestions)
    assert set(less.wider) <= set(all_.wider) or less.limited
    assert [word.count for word in less.words] == [word.count for word in all_.words]
    if not less.limited:
        assert replace(less, limited=True) == replace(all_, limited=True)


def test_the_same_is_left_out_each_time(small: Searcher) -> None:
    request = SearchRequest(distinct(200), mode="any", size=100)
    first, second = small.search(request), small.search(request)
    assert first.limited and first == second


def by_pages(searcher: Searcher, request: SearchRequest) -> list[ResultHit]:
    """The hits as the pages of a reader have them; larger pages would relax other searches."""
    page: int | None = 1
    hits: list[ResultHit] = []
    while page:
        found = searcher.search(replace(request, page=page))
        hits += found.hits
        page = found.next_page
    return hits


@settings(deadline=None, max_examples=100)
@given(REQUESTS, st.sampled_from(["relevance", "newest"]), st.sampled_from([2, 10]))
def test_a_list_has_the_hits_of_all_pages(
    unlimited: Searcher, request_: SearchRequest, sort: Sort, size: int
) -> None:
    request = replace(request_, sort=sort, size=size)
    if request.mode == "auto":
        first = unlimited.search(request)
        relaxed = first.notice is not None and first.notice.code == "relaxed"
        paged = by_pages(unlimited, replace(request, mode="any" if relaxed else "all"))
    else:
        paged = by_pages(unlimited, request)
    assert list(unlimited.listed(request, 1000)) == paged
    assert list(unlimited.listed(request, 3)) == paged[:3]


def test_a_list_is_one_search_and_reads_articles_as_they_are_taken(
    searcher: Searcher, work: Counter[str]
) -> None:
    request = SearchRequest("的", mode="all")
    hits = searcher.listed(request, 1000)
    assert (work["search"], work["get"]) == (1, 0)
    next(hits)
    assert (work["search"], work["get"]) == (1, 1)
    count = 1 + len(list(hits))
    assert (work["search"], work["get"]) == (1, -(-count // PART))


def test_a_list_shares_one_budget_and_says_where_it_was_spent(
    index: Path, unlimited: Searcher
) -> None:
    request = SearchRequest("的 石桥 图书馆", mode="any")
    small = Searcher(Generations(index), lambda: 0.0, UNLIMITED, Budget(all_matches=60))
    less, all_ = list(small.listed(request, 1000)), list(unlimited.listed(request, 1000))
    assert [hit.article for hit in less] == [hit.article for hit in all_]
    limited = [hit.limited for hit in less]
    assert not limited[0] and limited[-1] and not any(hit.limited for hit in all_)
    assert all(hit == whole for hit, whole in zip(less, all_, strict=True) if not hit.limited)
    assert sum(len(hit.title.marks) for hit in less) <= 60
    assert all(hit.snippets[0].text in hit.article.body for hit in less if hit.article.body.strip())
    small.close()


def test_a_query_that_is_too_large_is_told_so(searcher: Searcher) -> None:
    query = " ".join(f"“石{chr(0x4E00 + n)}”" for n in range(390))
    assert searcher.search(SearchRequest(query, mode="all")).limited
    assert not searcher.search(SearchRequest("石桥 月球车 十桥", mode="all")).limited


@settings(deadline=None)
@given(st.text("石桥的a1 。", max_size=300), st.integers(0, 400), st.integers(0, 30))
def test_marks_within_a_budget_are_some_of_all(text: str, characters: int, matches: int) -> None:
    leaves = [leaf for leaf in parse("石 桥 a1 “的石”", ANALYZER).parts if isinstance(leaf, Leaf)]  # type: ignore[union-attr]
    spending = Spending(Budget(characters=characters, matches=matches))
    some, all_ = marked(text, leaves, "body", spending), marked(text, leaves, "body")
    covered = {at for start, end in all_.marks for at in range(start, end)}
    assert {at for start, end in some.marks for at in range(start, end)} <= covered
    assert some == all_ or spending.is_short
    for passage in snippets(text, leaves, Spending(Budget(characters=characters))):
        assert passage.text in text


@settings(deadline=None, max_examples=200)
@given(
    st.lists(st.sampled_from([*WORDS, "德法俄乌", "“产品 和”", "ai", "5g*", "第一个"]), min_size=2)
)
def test_what_is_typed_again_means_the_same(pieces: list[str]) -> None:
    leaves = words(parse(" ".join(pieces), ANALYZER))
    if len(leaves) > 1:
        for at in range(len(leaves)):
            kept = leaves[:at] + leaves[at + 1 :]
            again = parse(" ".join(map(typed, kept)), ANALYZER)
            assert again == (And(kept) if len(kept) > 1 else kept[0])


def test_an_engine_is_asked_for_no_more_words_by_longer_queries(
    searcher: Searcher, work: Counter[str]
) -> None:
    chance = random.Random(5)
    for count in (5, 500):
        work.clear()
        query = " ".join(f"{chr(0x4E00 + chance.randrange(9000))}a" for _ in range(count))
        searcher.search(SearchRequest(query, filters=NOBODY))
        assert work["search"] <= 30 and work["one_less"] == 1
