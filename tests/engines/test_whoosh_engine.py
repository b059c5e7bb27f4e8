"""The embedded engine where its files take their rarer forms."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jianbao.indexer.engines.base import FACETS, Search
from jianbao.indexer.engines.embedded import Earlier, WhooshEngine, WhooshWriter
from jianbao.indexer.engines.memory import MemoryWriter
from jianbao.indexer.models import Article
from jianbao.indexer.query.parse import parse
from jianbao.indexer.text.analyzer import Analyzer
from jianbao.indexer.text.bulk import BulkAnalyzer, Tokens
from jianbao.indexer.text.segment import open_segmenter
from tests.dictionaries import bulk_analyzer

ANALYZER = Analyzer(open_segmenter())
BULK = bulk_analyzer()


def build(
    articles: Sequence[Article], folder: Path, *, jobs: int = 1, batch: int = 1 << 20
) -> WhooshEngine:
    with WhooshWriter(folder, lambda: BULK, jobs, batch) as writer:
        for article in articles:
            writer.add(article)
    return WhooshEngine(folder)


def found(engine: WhooshEngine, text: str) -> list[str]:
    return [hit.id for hit in engine.search(Search(parse(text, ANALYZER), limit=50)).hits]


TEXTS = st.text(alphabet="中国长江大桥南京市长5Ga 。\n", max_size=60)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=12),
    st.lists(TEXTS, min_size=1, max_size=5),
    st.integers(1, 80),
)
def test_batches_are_merged_into_one_index(
    texts: list[tuple[str, str]], queries: list[str], batch: int
) -> None:
    articles = [
        Article(f"n{number}", title.replace("\n", ""), body, date=f"20{number + 10}-01-01")
        for number, (title, body) in enumerate(texts)
    ]
    with MemoryWriter(ANALYZER.tokens) as writer:
        for article in articles:
            writer.add(article)
    assert writer.engine is not None
    with TemporaryDirectory() as folder:
        engine = build(articles, Path(folder) / "engine", batch=batch)
        assert list(engine.articles()) == articles
        for text in queries:
            search = Search(parse(text, ANALYZER, "any"), facets=FACETS, by_date=True)
            expected, answer = writer.engine.search(search), engine.search(search)
            assert (answer.total, answer.facets, answer.dates) == (
                expected.total,
                expected.facets,
                expected.dates,
            )
            assert [hit.id for hit in answer.hits] == [hit.id for hit in expected.hits]
            assert [hit.score for hit in answer.hits] == pytest.approx(
                [hit.score for hit in expected.hits], abs=1e-5
            )


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=1, max_size=10),
    st.lists(st.tuples(TEXTS, TEXTS, TEXTS), max_size=5),
    st.data(),
)
def test_articles_carried_over_make_the_same_files_as_all_anew(
    old: list[tuple[str, str, str]], new: list[tuple[str, str, str]], data: st.DataObject
) -> None:
    articles = [
        Article(
            f"n{number}",
            title.replace("\n", ""),
            body,
            author=tuple(dict.fromkeys(authors.split("。"))),
            date=f"20{number + 10}-01-01",
            source="晚报" if number % 3 else "",
        )
        for number, (title, body, authors) in enumerate([*old, *new])
    ]
    before, after = articles[: len(old)], articles[len(old) :]
    gone = data.draw(st.sets(st.sampled_from([each.id for each in before])))
    kept = [each for each in before if each.id not in gone]
    if not kept and not after:
        return
    with TemporaryDirectory() as name:
        folder = Path(name)
        build(before, folder / "before")
        with WhooshWriter(folder / "changed", lambda: BULK, 1, 100) as writer:
            writer.carry_over(Earlier(folder / "before"), gone)
            for article in after:
                writer.add(article)
        anew = build([*kept, *after], folder / "anew")
        changed = WhooshEngine(folder / "changed")
        assert list(changed.articles()) == list(anew.articles()) == [*kept, *after]
        for file in (folder / "anew").iterdir():
            if not file.name.startswith("article"):
                assert (folder / "changed" / file.name).read_bytes() == file.read_bytes(), file


def test_worker_processes_make_the_same_files(tmp_path: Path) -> None:
    articles = [Article(str(n), f"第{n}篇", "长江大桥。" * 20) for n in range(60)]
    for jobs in (1, 2):
        build(articles, tmp_path / str(jobs), jobs=jobs, batch=1000)
    files = sorted(path.name for path in (tmp_path / "1").iterdir())
    assert files == sorted(path.name for path in (tmp_path / "2").iterdir())
    for name in files:
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()


class _Failing(BulkAnalyzer):
    def tokens(self, texts: Sequence[str]) -> Tokens:
        if any("毒" in text for text in texts):
            raise RuntimeError("this batch cannot be analysed")
        return super().tokens(texts)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_failing_worker_fails_the_run_and_leaves_nothing(tmp_path: Path, jobs: int) -> None:
    failing = _Failing(open_segmenter(), ["中国"])
    articles = [Article(str(n), "题", "毒" if n == 30 else "文" * 50) for n in range(60)]
    with (
        pytest.raises(RuntimeError, match="cannot be analysed"),
        WhooshWriter(tmp_path / "engine", lambda: failing, jobs, batch=500) as writer,
    ):
        for article in articles:
            writer.add(article)
    assert list(tmp_path.iterdir()) == []


def test_what_stands_far_into_a_long_article_is_found(tmp_path: Path) -> None:
    filling = "春眠不觉晓。" * 12_000
    long = Article("long", "题", f"{filling}长江大桥通车{filling}南京市长致辞")
    engine = build([long, Article("short", "题", "长江大桥。通车")], tmp_path / "engine")
    assert found(engine, '"长江大桥通车"') == ["long"]
    assert found(engine, '"市长致辞"') == ["long"]
    assert found(engine, '"大桥通车春眠"') == ["long"]
    assert engine.article("long") == long


def test_many_occurrences_are_counted_and_found(tmp_path: Path) -> None:
    often = Article("often", "大桥大桥大桥大桥", "大桥，长江大桥。" * 50)
    engine = build([often, Article("once", "题", "大桥。" + "文" * 300)], tmp_path / "engine")
    assert found(engine, "大桥") == ["often", "once"]
    assert found(engine, '"长江大桥"') == ["often"]


def test_counts_are_right_where_few_of_many_postings_are_exceptions(tmp_path: Path) -> None:
    articles = [Article(f"a{n}", f"第{n}桥", "桥" * (n % 40 + 1)) for n in range(130)]
    engine = build(articles, tmp_path / "engine")
    with MemoryWriter(ANALYZER.tokens) as writer:
        for article in articles:
            writer.add(article)
    assert writer.engine is not None
    search = Search(parse("桥", ANALYZER), limit=130)
    expected, answer = writer.engine.search(search), engine.search(search)
    assert [hit.id for hit in answer.hits] == [hit.id for hit in expected.hits]
    assert [hit.score for hit in answer.hits] == pytest.approx([h.score for h in expected.hits])


def test_more_rare_characters_than_fit_in_16_bits(tmp_path: Path) -> None:
    rare = "".join(chr(0x20000 + n) for n in range(3000))
    engine = build([Article("a", rare[:9], rare), Article("b", "题", "大桥")], tmp_path / "engine")
    article = engine.article("a")
    assert article is not None and article.body == rare
    assert found(engine, f'"{rare[2500:2503]}"') == ["a"]
    assert found(engine, "大桥") == ["b"]


def test_lone_surrogates_and_emoji_come_back(tmp_path: Path) -> None:
    odd = Article("\ud800", "😀题\udfff", "𠮷野家\ud83d开业😀")
    engine = build([odd], tmp_path / "engine")
    assert engine.article("\ud800") == odd
    assert found(engine, '"𠮷野家"') == ["\ud800"]


def test_more_articles_than_16_bits_can_number(tmp_path: Path) -> None:
    count = 70_000
    articles = [
        Article(f"a{n}", "", "长江大桥" if n in (5, 66_000, 69_999) else "中国" * (n % 3))
        for n in range(count)
    ]
    engine = build(articles, tmp_path / "engine")
    assert sorted(found(engine, "长江大桥")) == ["a5", "a66000", "a69999"]
    assert sorted(found(engine, '"江大"')) == ["a5", "a66000", "a69999"]
    total = engine.search(Search(parse("中国", ANALYZER))).total
    assert total == sum(n % 3 > 0 and n not in (5, 66_000, 69_999) for n in range(count))
