"""An index in two windows, and questions that take every way through the functions in C."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from jianbao.indexer.engines.base import FACETS, Search
from jianbao.indexer.engines.embedded import Earlier, WhooshEngine, WhooshWriter
from jianbao.indexer.engines.embedded.format.vocabulary import Entries
from jianbao.indexer.models import Article
from jianbao.indexer.query.parse import parse, parse_literally
from jianbao.indexer.query.tree import Leaf
from jianbao.indexer.text.analyzer import Analyzer
from jianbao.indexer.text.bulk import BulkAnalyzer
from jianbao.indexer.text.segment import dictionary_words, open_segmenter

ARTICLES = 2200
"""More than the 2,048 of a window."""

WORDS = (
    "中国",
    "经济",
    "发展",
    "大桥",
    "长江",
    "南京",
    "5G",
    "的",
    "𠮷野家",
    "産業",
    "Kirin9",
    "国",
)

QUERIES = (
    *("中国", "的", "南京", "5G", "没有的词", "𠮷"),  # one leaf: a bitmap, a list, none
    *("中国 经济 大桥", "经济 5G", "长江 𠮷野家"),
    *('"中国。经济"', '"大桥。长江。南京"', '"经济。5G"', '"国。"', '"国。的。国"'),
    *("title:中国", "title:大桥 长江", "大桥*", "Ki*", "长 江"),
    *("中国 -经济", "大桥 OR (长江 AND -南京)", "-的", "source:乙报", "产业"),
)


def articles() -> Iterator[Article]:
    """Word n stands in about one article in 1.6 to the n; some words stand in one very often."""
    chance = random.Random(3)
    for number in range(ARTICLES):
        some = [word for place, word in enumerate(WORDS) if chance.random() < 1.6**-place]
        body = "。".join(chance.choices(some, k=chance.choice([2, 5, 10, 60])))
        yield Article(
            f"a{number}",
            chance.choice(some),
            body,
            author=tuple(chance.sample(["张伟", "李洋", "王芳"], chance.randint(0, 2))),
            date=chance.choice(["", f"20{chance.randint(10, 24)}-0{chance.randint(1, 9)}-01"]),
            source=chance.choice(["甲报", "乙报"]),
            path=f"file{number % 3}",
            tags=("要闻",) if number % 7 == 0 else (),
        )


class Asking:
    """Asks engines; opening it takes a second."""

    def __init__(self) -> None:
        self._analyzer = Analyzer(open_segmenter())
        self._bulk = BulkAnalyzer(open_segmenter(), dictionary_words())
        self._searches = [*self._all_searches()]

    def write(self, folder: Path) -> None:
        """Write the index."""
        with WhooshWriter(folder, lambda: self._bulk) as writer:
            for article in articles():
                writer.add(article)

    def ask(self, folder: Path, *, native: bool, share: float, chance: random.Random) -> None:
        """Ask some of the questions. Raises what an engine raises."""
        engine = WhooshEngine(folder, native=native)
        for search in self._searches:
            if chance.random() < share:
                found = engine.search(search)
                for hit in found.hits[:2]:
                    engine.article(hit.id)
        engine.explain(self._searches[0], f"a{chance.randrange(ARTICLES)}")
        article = engine.article(f"a{chance.randrange(ARTICLES)}")
        if article:
            engine.around(article, 3)
        engine.terms()

    def ask_all(self, folder: Path) -> None:
        """What looks at everything: each article, each word, each title."""
        engine = WhooshEngine(folder)
        for _ in engine.articles():
            pass
        entries = Entries(folder)
        vocabulary = entries.vocabulary(100)
        for _ in entries.texts(vocabulary):
            pass
        entries.title(ARTICLES - 1)

    def carry_over(self, folder: Path, target: Path, *, native: bool) -> None:
        """Take over what stays of the index into a new one, and ask that."""
        with WhooshWriter(target, lambda: self._bulk, native=native) as writer:
            writer.reuse(Article("new", "", "", path="file9"), "a7")
            writer.carry_over(Earlier(folder), ["a1", "a2050"])
        WhooshEngine(target).search(self._searches[0])

    def ask_at_random(self, folder: Path, count: int) -> int:
        """Ask so many questions made at random in C, and each tenth in both ways; how many of
        these are answered alike."""
        chance = random.Random(7)
        native, plain = WhooshEngine(folder), WhooshEngine(folder, native=False)
        alike = 0
        for number in range(count):
            search = self._random_search(chance)
            found = native.search(search)
            alike += number % 10 == 0 and found == plain.search(search)
            if number % 50 == 0:
                native.explain(search, f"a{number % ARTICLES}")
        return alike

    def _random_search(self, chance: random.Random) -> Search:
        words = chance.sample(WORDS, chance.choice([1, 1, 2, 2, 3, 5]))
        marks = ("{}", "{}", "{}", '"{}。{}"', "-{}", "title:{}", "{}*", "{} OR {}", "{}{}")
        text = " ".join(chance.choice(marks).format(word, chance.choice(WORDS)) for word in words)
        phrase = parse_literally(text, self._analyzer, ("title",))
        return Search(
            parse(text, self._analyzer, chance.choice(["all", "any"])),
            phrase=phrase if isinstance(phrase, Leaf) else None,
            sort=chance.choice(["relevance", "relevance", "newest", "oldest"]),
            offset=chance.choice([0, 0, 20, 2100]),
            limit=chance.choice([0, 1, 10, 100]),
            filters=chance.choice([{}, {}, {"source": ("甲报",)}, {"author": ("张伟", "李洋")}]),
            excluded=chance.choice([{}, {}, {"year": ("2015",)}]),
            date_from=chance.choice(["", "", "2014-01-01"]),
            facets=chance.choice([(), FACETS]),
            by_date=chance.random() < 0.3,
        )

    def _all_searches(self) -> Iterator[Search]:
        for text in QUERIES:
            phrase = parse_literally(text, self._analyzer, ("title",))
            for mode in ("all", "any"):
                yield Search(
                    parse(text, self._analyzer, "any" if mode == "any" else "all"),
                    phrase=phrase if isinstance(phrase, Leaf) else None,
                    facets=FACETS if mode == "all" else (),
                    by_date=mode == "all",
                    filters={"source": ("甲报",), "author": ("张伟",)} if text == "长江" else {},
                )
        common = parse("中国 经济", self._analyzer, "any")
        yield Search(common, sort="newest", facets=("tags",))
        yield Search(common, sort="oldest", offset=1500, limit=100)
        yield Search(common, offset=2000, limit=100)
        yield Search(common, filters={"year": ("2011", "2020")}, excluded={"source": ("乙报",)})
        yield Search(common, date_from="2012-01-01", date_to="2015-12-31", limit=0)
        yield Search(sort="newest", facets=FACETS, by_date=True)
