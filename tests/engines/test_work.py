"""How much work a search is: counted, so that a noisy machine cannot fool it."""

from __future__ import annotations

import random
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao.indexer.engines.base import FACETS, Engine, Search
from jianbao.indexer.engines.embedded import WhooshEngine, WhooshWriter
from jianbao.indexer.engines.embedded.format import doc_values as columns_module
from jianbao.indexer.engines.embedded.format.doc_values import FoldedNames
from jianbao.indexer.engines.embedded.format.postings import Postings
from jianbao.indexer.engines.embedded.format.stored_fields import StoredArticles
from jianbao.indexer.engines.embedded.native import is_built
from jianbao.indexer.engines.embedded.search.kernel import Kernel, Ranked
from jianbao.indexer.engines.embedded.search.matching import Matcher
from jianbao.indexer.engines.embedded.search.numpy_kernel import NumpyKernel
from jianbao.indexer.engines.memory import MemoryWriter
from jianbao.indexer.models import Article
from jianbao.indexer.query.parse import parse
from jianbao.indexer.ranking import Ranking
from jianbao.indexer.text.analyzer import Analyzer
from jianbao.indexer.text.fold import fold
from jianbao.indexer.text.segment import open_segmenter
from tests.dictionaries import bulk_analyzer
from tests.engines.words import WORDS

ANALYZER = Analyzer(open_segmenter())
COUNT = 800


def make_articles() -> list[Article]:
    """Word n stands in about one article in n + 1."""
    chance = random.Random(7)
    articles = []
    for number in range(COUNT):
        words = [word for place, word in enumerate(WORDS) if chance.random() < 1 / (place + 1)]
        body = "。".join(chance.choices(words, k=60))
        articles.append(Article(f"a{number:04}", chance.choice(WORDS), body, date="2024-01-01"))
    return articles


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("work") / "engine"
    bulk = bulk_analyzer()
    with WhooshWriter(folder, lambda: bulk) as writer:
        for article in make_articles():
            writer.add(article)
    return folder


NATIVE = [True, False] if is_built() else [False]
"""With the functions in C where they were built, and without."""


@pytest.fixture(params=NATIVE, ids=lambda native: "c" if native else "numpy")
def engine(request: pytest.FixtureRequest, folder: Path) -> WhooshEngine:
    return WhooshEngine(folder, native=request.param)


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Counts postings scored, articles read, and articles whose text was looked at."""
    done: Counter[str] = Counter()
    for kernel in _kernels():
        _count(kernel, done, monkeypatch)
    read = StoredArticles.read

    def counted_read(self: StoredArticles, *given: Any) -> Article:
        done["articles"] += 1
        return read(self, *given)

    monkeypatch.setattr(StoredArticles, "read", counted_read)
    return done


def _kernels() -> list[type[Kernel]]:
    if not is_built():
        return [NumpyKernel]
    from jianbao.indexer.engines.embedded.search.native_kernel import NativeKernel

    return [NativeKernel, NumpyKernel]


def _count(kernel: type[Kernel], done: Counter[str], monkeypatch: pytest.MonkeyPatch) -> None:
    ranked = kernel.ranked

    def counted_ranked(self: Kernel, *given: Any, **named: Any) -> Ranked:
        found = ranked(self, *given, **named)
        done["postings"] += found.scored
        if found.looked_into:
            done["texts"] += found.looked_into
        return found

    monkeypatch.setattr(kernel, "ranked", counted_ranked)


def having(*words: str) -> int:
    """How many articles have a word, summed over the words."""
    return sum(
        word in article.title or word in article.body
        for article in make_articles()
        for word in words
    )


def search(engine: Engine, text: str, mode: str = "all") -> None:
    engine.search(
        Search(
            parse(text, ANALYZER, "any" if mode == "any" else "all"), facets=FACETS, by_date=True
        )
    )


def test_a_word_costs_its_postings_once(engine: WhooshEngine, work: Counter[str]) -> None:
    search(engine, "经济")
    assert work == {"postings": having("经济")}


@pytest.mark.parametrize("mode", ["all", "any"])
def test_several_words_look_at_the_texts_of_the_best_only(
    engine: WhooshEngine, work: Counter[str], mode: str
) -> None:
    search(engine, "中国 经济 大桥", mode)
    assert work["postings"] <= having("中国", "经济", "大桥")
    assert work["texts"] <= Ranking().depth
    assert work["articles"] == 0, "a search reads no stored article"


@pytest.mark.skipif(not is_built(), reason="the functions in C were not built")
def test_only_articles_with_all_words_are_scored(folder: Path, work: Counter[str]) -> None:
    engine = WhooshEngine(folder)
    search(engine, "中国 经济 报纸")
    matching = engine.search(Search(parse("中国 经济 报纸", ANALYZER))).total
    assert 0 < matching < having("报纸")
    assert work["postings"] == 2 * 3 * matching, "in each of the two searches"


def test_a_phrase_scores_the_articles_that_have_it(
    engine: WhooshEngine, work: Counter[str]
) -> None:
    search(engine, '"中国。经济"')
    assert work == {"postings": having("中国。经济")}


def test_all_terms_of_a_beginning_are_read_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was one read for each of its terms, and a query has hundreds of beginnings."""
    bulk = bulk_analyzer()
    with WhooshWriter(tmp_path / "engine", lambda: bulk) as writer:
        for number in range(300):
            writer.add(Article(f"n{number}", f"r{number}", f"r{number}x r{number % 7}", meta={}))
    reads: Counter[str] = Counter()
    for name in ("positions", "positions_of"):
        real = getattr(Postings, name)

        def counted(
            self: Postings, given: Any, real: Any = real, name: str = name
        ) -> tuple[Any, Any]:
            reads[name] += 1
            return real(self, given)  # type: ignore[no-any-return]

        monkeypatch.setattr(Postings, name, counted)
    for native in NATIVE:
        reads.clear()
        engine = WhooshEngine(tmp_path / "engine", native=native)
        found = engine.search(Search(parse("r* r1*", ANALYZER, "any"), limit=0))
        assert found.total == 300 and reads == {"positions_of": 2}


@given(
    st.lists(st.text("aA张張\n ", min_size=1, max_size=4), max_size=6),
    st.text("a张\n ", max_size=3),
)
def test_values_that_contain_a_text_are_those_of_a_look_at_each(
    values: list[str], text: str
) -> None:
    found = FoldedNames.of(values).containing(text)
    assert found.tolist() == [text in fold(value) for value in values]


def test_values_are_folded_once_and_looked_for_once_a_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They were folded one by one for each mention of a field, three times a request."""
    bulk = bulk_analyzer()
    with WhooshWriter(tmp_path / "engine", lambda: bulk) as writer:
        for number in range(200):
            writer.add(Article(f"n{number}", "题", "文", author=(f"王{number}", f"李{number}")))
    done: Counter[str] = Counter()
    real_containing = FoldedNames.containing

    def counted_fold(text: str) -> str:
        done["folded"] += 1
        return fold(text)

    def counted_containing(self: FoldedNames, text: str) -> Any:
        done["looked for"] += 1
        return real_containing(self, text)

    monkeypatch.setattr(columns_module, "fold", counted_fold)
    monkeypatch.setattr(FoldedNames, "containing", counted_containing)
    query = parse(" ".join(f"作者:{number}" for number in range(50)), ANALYZER, "any")
    engine = WhooshEngine(tmp_path / "engine").for_request()
    totals = {engine.search(Search(query, limit=0)).total for _ in range(3)}
    assert len(totals) == 1 and done == {"folded": 1, "looked for": 50}


def test_a_score_is_explained_with_one_look_at_the_texts(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = 0
    real = Matcher.together

    def counted(self: Matcher, leaves: Any) -> Any:
        nonlocal together
        together += 1
        return real(self, leaves)

    monkeypatch.setattr(Matcher, "together", counted)
    query = parse('"国经" "桥中" "纸中" "国大" "济中"', ANALYZER, "any")
    WhooshEngine(folder).explain(Search(query), "a0001")
    assert together == 1


def test_it_is_many_times_as_fast_as_looking_at_every_article(folder: Path) -> None:
    """A thousand times, where measured, although the other looks at an eighth of them only."""
    with MemoryWriter(ANALYZER.tokens) as writer:
        for article in make_articles()[::8]:
            writer.add(article)
    assert writer.engine is not None
    times = []
    for engine in (WhooshEngine(folder), writer.engine):
        search(engine, "中国 大桥", "any")
        started = time.process_time()
        for _ in range(3):
            search(engine, "中国 大桥", "any")
        times.append(time.process_time() - started)
    assert times[0] * 10 < times[1]
