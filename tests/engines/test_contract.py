"""What every engine does; the reference engine is plain enough to be believed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jianbao.indexer.engines.base import FACETS, Engine, Search
from jianbao.indexer.engines.embedded import WhooshEngine, WhooshWriter
from jianbao.indexer.engines.memory import MemoryWriter
from jianbao.indexer.models import Article, Mode, Sort
from jianbao.indexer.query.parse import parse, parse_literally
from jianbao.indexer.query.tree import Leaf
from jianbao.indexer.text.analyzer import Analyzer
from jianbao.indexer.text.fold import fold
from jianbao.indexer.text.segment import open_segmenter
from tests.dictionaries import bulk_analyzer
from tests.engines.words import words_of

MODES: tuple[Mode, ...] = ("all", "any")
Open = Callable[[Sequence[Article], Path], Engine]
ANALYZER = Analyzer(open_segmenter())
BULK = bulk_analyzer()

WORDS = [
    "中国",
    "市长",
    "长江",
    "大桥",
    "南京市",
    "和服",
    "产品",
    "服务",
    "的",
    "國務院",
    "5G",
    "Ａ1",
]
TEXTS = st.lists(st.sampled_from([*WORDS, "，", "。", "\n", " ", "“"]), max_size=14).map("".join)
ARTICLES = st.lists(
    st.builds(
        Article,
        id=st.just(""),
        title=TEXTS.map(lambda text: text.replace("\n", "")),
        body=TEXTS,
        date=st.sampled_from(["", "2023-12-31", "2024-01-01", "2024-12-30"]),
        source=st.sampled_from(["", "晚报", "日报"]),
        author=st.lists(st.sampled_from(["张伟", "李洋"]), max_size=2, unique=True).map(tuple),
        path=st.sampled_from(["a", "b"]),
    ),
    min_size=1,
    max_size=8,
).map(lambda found: [_numbered(article, n) for n, article in enumerate(found)])
QUERIES = st.lists(
    st.sampled_from(
        [
            *WORDS,
            *("AND", "OR", "NOT", "(", ")", "-长江", '"市长江"', "“产品 和服务”", "title:大桥"),
            *("作者:张", "日期:2024", "5*", "日期:..2023", '"，"', "-(", "来源:晚报"),
        ]
    ),
    max_size=6,
).map(" ".join)


def _numbered(article: Article, number: int) -> Article:
    values = {name: getattr(article, name) for name in Article.__slots__}
    return Article(**{**values, "id": f"n{number}"})


def memory(articles: Sequence[Article], folder: Path) -> Engine:
    with MemoryWriter(ANALYZER.tokens) as writer:
        for article in articles:
            writer.add(article)
    assert writer.engine is not None
    return writer.engine


def whoosh(articles: Sequence[Article], folder: Path) -> Engine:
    with WhooshWriter(folder / "engine", lambda: BULK) as writer:
        for article in articles:
            writer.add(article)
    return WhooshEngine(folder / "engine")


@pytest.fixture(params=[memory, whoosh], ids=["memory", "whoosh"])
def open_engine(request: pytest.FixtureRequest) -> Open:
    found: Open = request.param
    return found


def ids(engine: Engine, text: str, sort: Sort = "relevance") -> list[str]:
    search = Search(parse(text, ANALYZER), phrase=_phrase(text), sort=sort)
    return [hit.id for hit in engine.search(search).hits]


def test_an_article_comes_back_as_it_was_added(open_engine: Open, tmp_path: Path) -> None:
    article = Article(
        "a", "题", "文\n二", ("张伟",), "2024-12-30", tags=("x",), meta={"刊号": "CN"}
    )
    engine = open_engine([article], tmp_path)
    assert engine.article("a") == article
    assert engine.article("b") is None
    assert list(engine.articles()) == [article]


def test_what_stands_as_a_word_ranks_above_what_is_spelled_by_accident(
    open_engine: Open, tmp_path: Path
) -> None:
    accident = Article("a", "报道", "这家公司的产品和服务都很好。")
    word = Article("b", "报道", "她穿着一件传统和服走过来啊。")
    assert ids(open_engine([accident, word], tmp_path), "和服") == ["b", "a"]


def test_a_title_that_is_the_query_comes_first(open_engine: Open, tmp_path: Path) -> None:
    longer = Article("a", "长江大桥的长江大桥", "长江大桥长江大桥")
    exact = Article("b", "长江大桥", "")
    assert ids(open_engine([longer, exact], tmp_path), "长江大桥")[0] == "b"


def test_ties_are_newest_first_then_by_id(open_engine: Open, tmp_path: Path) -> None:
    dates = {"c": "2024-01-01", "b": "2024-01-01", "a": "2023-01-01", "d": ""}
    engine = open_engine(
        [Article(id_, "题", "大桥", date=day) for id_, day in dates.items()], tmp_path
    )
    assert ids(engine, "大桥") == ["b", "c", "a", "d"]
    assert ids(engine, "大桥", "newest") == ["b", "c", "a", "d"]
    assert ids(engine, "大桥", "oldest") == ["a", "b", "c", "d"]


def test_neighbours_are_the_nearest_of_the_same_file(open_engine: Open, tmp_path: Path) -> None:
    articles = [Article(f"n{n}", "题", "文", path="ab"[n % 5 == 0]) for n in range(12)]
    engine = open_engine(articles, tmp_path)
    assert [each.id for each in engine.around(articles[7], 2)] == ["n4", "n6", "n8", "n9"]
    assert [each.id for each in engine.around(articles[0], 3)] == ["n5", "n10"]
    assert [each.id for each in engine.around(articles[10], 1)] == ["n5"]


def test_a_facet_keeps_the_alternatives_to_what_is_chosen_in_it(
    open_engine: Open, tmp_path: Path
) -> None:
    articles = [
        Article("a", "题", "大桥", ("张伟", "李洋"), "2024-01-01", "晚报"),
        Article("b", "题", "大桥", ("李洋",), "2023-05-01", "日报"),
        Article("c", "题", "大桥", (), "2024-02-01", "日报"),
        Article("d", "题", "长江", (), "2024-02-01", "画报"),
    ]
    engine = open_engine(articles, tmp_path)
    found = engine.search(
        Search(
            parse("大桥", ANALYZER),
            filters={"source": ("晚报",), "year": ("2024",)},
            facets=("source", "year", "author"),
            by_date=True,
        )
    )
    assert [hit.id for hit in found.hits] == ["a"]
    assert found.facets["source"] == {"晚报": 1, "日报": 1}
    assert found.facets["year"] == {"2024": 1}
    assert found.facets["author"] == {"张伟": 1, "李洋": 1}
    assert found.dates == {"2024-01-01": 1}


def test_what_is_excluded_is_gone_from_hits_and_counts(open_engine: Open, tmp_path: Path) -> None:
    articles = [
        Article("a", "题", "大桥", ("张伟", "李洋"), "2024-01-01", "晚报"),
        Article("b", "题", "大桥", ("李洋",), "2023-05-01", "日报"),
        Article("c", "题", "大桥"),
    ]
    engine = open_engine(articles, tmp_path)
    query = parse("大桥", ANALYZER)
    found = engine.search(Search(query, excluded={"author": ("张伟",)}, facets=("author",)))
    assert [hit.id for hit in found.hits] == ["b", "c"]
    assert found.facets["author"] == {"李洋": 1}
    found = engine.search(Search(query, excluded={"year": ("2023", "2024")}))
    assert [hit.id for hit in found.hits] == ["c"]
    both = Search(query, filters={"author": ("李洋",)}, excluded={"author": ("张伟",)})
    assert [hit.id for hit in engine.search(both).hits] == ["b"]
    assert engine.explain(both, "a") is None


def test_words_are_counted_by_article(open_engine: Open, tmp_path: Path) -> None:
    articles = [Article("a", "大桥", "大桥，5G"), Article("b", "题", "大桥"), Article("c", "", "A")]
    assert words_of(open_engine(articles, tmp_path)) == {"大桥": 2, "5g": 1}


def test_a_failed_writer_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), WhooshWriter(tmp_path / "engine", lambda: BULK) as writer:
        writer.add(Article("a", "题", "文"))
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


@settings(deadline=None, max_examples=60)
@given(ARTICLES, st.lists(QUERIES, min_size=1, max_size=8), st.sampled_from(MODES))
def test_engines_agree(articles: list[Article], queries: list[str], mode: Mode) -> None:
    with TemporaryDirectory() as folder:
        one, two = memory(articles, Path(folder)), whoosh(articles, Path(folder))
        for text in queries:
            search = Search(
                parse(text, ANALYZER, mode),
                phrase=_phrase(text),
                filters={"source": ("晚报",)} if len(text) % 3 == 0 else {},
                excluded={"author": ("张伟",)} if len(text) % 4 == 0 else {},
                date_from="2024-01-01" if len(text) % 5 == 0 else "",
                facets=FACETS,
                by_date=True,
            )
            expected, found = one.search(search), two.search(search)
            assert found.total == expected.total, text
            assert [hit.id for hit in found.hits] == [hit.id for hit in expected.hits], text
            assert [hit.score for hit in found.hits] == pytest.approx(
                [hit.score for hit in expected.hits]
            )
            assert found.facets == expected.facets
            assert found.dates == expected.dates
        two.close()


def _phrase(text: str) -> Leaf | None:
    phrase = parse_literally(text, ANALYZER, ("title",))
    return phrase if isinstance(phrase, Leaf) else None


@settings(deadline=None, max_examples=60)
@given(ARTICLES, st.data())
def test_a_quoted_query_finds_exactly_what_contains_it(
    articles: list[Article], data: st.DataObject
) -> None:
    text = data.draw(
        st.sampled_from([text for each in articles for text in (each.title, each.body)])
    )
    paragraph = fold(data.draw(st.sampled_from(text.split("\n"))))
    start = data.draw(st.integers(0, max(0, len(paragraph) - 1)))
    needle = paragraph[start : start + data.draw(st.integers(1, 12))].strip()
    if not needle:
        return
    expected = {
        each.id for each in articles if needle in fold(each.title) or needle in fold(each.body)
    }
    with TemporaryDirectory() as folder:
        for engine in (memory(articles, Path(folder)), whoosh(articles, Path(folder))):
            found = engine.search(Search(parse(f"「{needle}」", ANALYZER), limit=100))
            assert {hit.id for hit in found.hits} == expected
            engine.close()
