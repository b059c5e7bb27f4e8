"""Any query tree, with any conditions, gives what the reference engine gives."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jianbao.indexer.engines.base import FACETS, Engine, Search
from jianbao.indexer.engines.embedded import WhooshEngine, WhooshWriter
from jianbao.indexer.engines.memory import MemoryEngine, MemoryWriter
from jianbao.indexer.models import Article, Sort
from jianbao.indexer.query.tree import (
    TEXT_FIELDS,
    VALUE_FIELDS,
    And,
    Dates,
    Everything,
    Leaf,
    Not,
    Or,
    Prefer,
    Query,
    Value,
)
from jianbao.indexer.text.analyzer import Analyzer
from jianbao.indexer.text.fold import fold
from jianbao.indexer.text.segment import open_segmenter
from tests.dictionaries import bulk_analyzer
from tests.engines.words import words_of

ANALYZER = Analyzer(open_segmenter())
BULK = bulk_analyzer()

WORDS = [
    *("长江", "大桥", "南京市", "市长", "产品", "和服", "服务", "國務院", "江", "的"),
    *("5", "5G", "５ga", "Main", "𠮷", "😀", "\ud800", "㍿", "한국", "_"),
]
BREAKS = ["", "", "", "，", "。", "-", " ", "\u2028"]
DAYS = ["", "1949-10-01", "2023-12-31", "2024-01-01", "2024-12-30"]
VALUES = ["", "日报", "张伟", "A1"]
SORTS: tuple[Sort, ...] = ("relevance", "newest", "oldest")

PARTS = st.tuples(st.sampled_from(WORDS), st.sampled_from(BREAKS)).map("".join)
TITLES = st.lists(PARTS, max_size=4).map("".join)
BODIES = st.one_of(
    st.lists(st.one_of(PARTS, st.just("\n")), max_size=12).map("".join),
    st.tuples(PARTS, st.integers(1, 60)).map(lambda pair: pair[0] * pair[1]),
)
MULTIPLE = st.lists(st.sampled_from(VALUES), min_size=1, max_size=3).map(tuple)
SINGLE = st.sampled_from(VALUES)
COLLECTIONS = st.lists(
    st.builds(
        Article,
        id=st.just(""),
        title=TITLES,
        body=BODIES,
        author=MULTIPLE,
        date=st.sampled_from(DAYS),
        source=SINGLE,
        page=SINGLE,
        column=SINGLE,
        tags=MULTIPLE,
        path=st.sampled_from(["", "a", "b"]),
    ),
    min_size=4,
    max_size=12,
).map(lambda found: [_numbered(article, place) for place, article in enumerate(found)])


def _numbered(article: Article, place: int) -> Article:
    values = {name: getattr(article, name) for name in Article.__slots__}
    return Article(**{**values, "id": f"n{place * 7 % 13}"})


def make_leaf(text: str, whole: bool, prefix: bool, fields: tuple[str, ...]) -> Leaf:
    literal = fold(text)
    pieces = ANALYZER.pieces(literal, whole=whole, prefix=prefix)
    return Leaf(literal, tuple(pieces), whole, prefix, fields)


SPELLED = st.one_of(st.sampled_from(WORDS), st.lists(PARTS, min_size=1, max_size=3).map("".join))
FIELDS = st.sampled_from([TEXT_FIELDS, TEXT_FIELDS, ("title",), ("body",)])
LEAVES = st.builds(make_leaf, SPELLED, st.booleans(), st.booleans(), FIELDS)
PHRASES = st.builds(make_leaf, SPELLED, st.booleans(), st.just(False), st.just(("title",)))
CONDITIONS = st.one_of(
    st.builds(Value, st.sampled_from(VALUE_FIELDS), st.sampled_from(["", "报", "张", "a", "无"])),
    st.builds(Dates, st.sampled_from(DAYS), st.sampled_from(DAYS)),
    st.just(Everything()),
)


def _branches(trees: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    parts = st.lists(trees, min_size=1, max_size=4).map(tuple)
    return st.one_of(
        st.builds(And, parts),
        st.builds(Or, parts),
        st.builds(Not, trees),
        st.builds(Prefer, trees, trees),
    )


TREES: st.SearchStrategy[Query] = st.recursive(
    st.one_of(LEAVES, LEAVES, CONDITIONS), _branches, max_leaves=6
)
FILTERS = st.dictionaries(
    st.sampled_from(FACETS),
    st.lists(st.sampled_from([*VALUES, "2024", "1949"]), min_size=1, max_size=2).map(tuple),
    min_size=1,
    max_size=2,
)
SEARCHES = st.builds(
    Search,
    query=TREES,
    phrase=st.none() | PHRASES,
    sort=st.sampled_from(SORTS),
    offset=st.sampled_from([0, 0, 1, 5, 50]),
    limit=st.sampled_from([0, 1, 3, 10, 1000]),
    filters=st.just({}) | FILTERS,
    excluded=st.just({}) | FILTERS,
    date_from=st.sampled_from(["", "", "2024-01-01"]),
    date_to=st.sampled_from(["", "", "2024-01-01"]),
    facets=st.sampled_from([(), ("year",), FACETS]),
    by_date=st.booleans(),
)


def reference(articles: list[Article]) -> MemoryEngine:
    with MemoryWriter(ANALYZER.tokens) as writer:
        for article in articles:
            writer.add(article)
    assert writer.engine is not None
    return writer.engine


def embedded(articles: list[Article], folder: Path, batch: int) -> WhooshEngine:
    with WhooshWriter(folder, lambda: BULK, batch=batch) as writer:
        for article in articles:
            writer.add(article)
    return WhooshEngine(folder)


def assert_same_answer(expected: Engine, engine: Engine, search: Search) -> None:
    wanted, found = expected.search(search), engine.search(search)
    assert found.total == wanted.total
    assert [hit.id for hit in found.hits] == [hit.id for hit in wanted.hits]
    assert [hit.score for hit in found.hits] == pytest.approx(
        [hit.score for hit in wanted.hits], abs=1e-5
    )
    assert found.facets == wanted.facets
    assert found.dates == wanted.dates


def assert_scores_are_explained(engine: Engine, search: Search) -> None:
    """All of these collections are small enough that every hit has its additions."""
    for hit in engine.search(search).hits:
        summands = engine.explain(search, hit.id)
        assert summands is not None
        if search.sort == "relevance":
            assert sum(each.score for each in summands) == pytest.approx(hit.score, abs=1e-5)


@settings(deadline=None, max_examples=60, derandomize=True, database=None)
@given(
    COLLECTIONS,
    st.lists(SEARCHES, min_size=6, max_size=10),
    st.sampled_from([1, 30, 1 << 20]),
    st.integers(0, 4),
)
def test_any_tree_gives_what_the_reference_engine_gives(
    articles: list[Article], searches: list[Search], batch: int, near: int
) -> None:
    expected = reference(articles)
    with TemporaryDirectory() as folder:
        embedded(articles, Path(folder) / "engine", batch).close()
        engine, other = (WhooshEngine(Path(folder) / "engine", native=n) for n in (True, False))
        assert list(engine.articles()) == articles
        assert engine.around(articles[0], near) == expected.around(articles[0], near)
        assert words_of(engine) == words_of(expected)
        for search in searches:
            for each in (engine, other):
                assert_same_answer(expected, each, search)
                assert_scores_are_explained(each, search)


@pytest.mark.parametrize(
    "query",
    [
        Everything(),
        Value("source", "报"),
        Dates("2024-01-01", ""),
        Not(make_leaf("大桥", True, False, TEXT_FIELDS)),
        Or((make_leaf("大桥", True, False, TEXT_FIELDS), Value("source", "报"))),
    ],
    ids=["everything", "value", "dates", "not", "or"],
)
def test_what_matches_without_earning_a_score_is_shown_too(query: Query, tmp_path: Path) -> None:
    articles = [
        Article(f"n{n:04}", "题", "大桥" if n == 700 else "", date=DAYS[n % 2 + 3], source="日报")
        for n in range(900)
    ]
    engine = embedded(articles, tmp_path / "engine", 1 << 20)
    search = Search(query, offset=10, limit=10)
    assert_same_answer(reference(articles), engine, search)


@pytest.mark.parametrize("year", ["2024-05", "20", "2024-05-01", ""])
def test_what_is_no_year_filters_everything_out(year: str, tmp_path: Path) -> None:
    articles = [Article(str(day), "题", "文", date=f"2024-05-{day:02}") for day in range(1, 30)]
    engine = embedded(articles, tmp_path / "engine", 1 << 20)
    assert_same_answer(reference(articles), engine, Search(filters={"year": (year,)}))
