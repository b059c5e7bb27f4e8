"""Accepted requests that cost much: how much processor time the dearest of each kind takes.

    python -m tests.trials.queries --index FOLDER

Makes requests of many kinds from the words of an index, asks the app for them, and climbs from the
dearest to dearer ones. Prints a line for each kind; exits 1 where one took longer than the bound.
A request's time is the processor's, of this process, whatever else the machine does; the least of
three counts. Each time the index is opened anew and asked for something small, since whoever means
harm asks for nothing that was asked before.
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlencode

from jianbao.indexer import Article, Searcher, SearchRequest, load_settings, open_searcher
from jianbao.web import create_app

BOUND = 0.5
"""Seconds of processor time for any accepted request over 50,000 articles."""

LONGEST = 2000
FILTERS = 50
ROUNDS = 2
"""Steps that are climbed from the dearest of the first requests."""

WIDTH = 2
"""Requests that are made at first, and from the dearest in each step."""

WARM_UP = ("/?q=石乔&mode=all", "/?q=中国", "/api/v1/suggest?q=zhong")
"""What opens the words for corrections and for suggestions, once in a server's life."""

FIELDS = ("标题", "正文", "作者", "来源", "栏目", "版次", "期号", "标签", "类型")
HAN = re.compile("[\u4e00-\u9fff]+")

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Words:
    """What an index has, the most frequent first: words, single characters, runs of letters,
    pieces of two characters that stand in texts; and some articles."""

    words: tuple[str, ...]
    characters: tuple[str, ...]
    runs: tuple[str, ...]
    pairs: tuple[str, ...]
    articles: tuple[Article, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: its path, the parts of its query with what stands between them, the rest."""

    path: str
    parts: tuple[str, ...]
    glue: str
    others: Pairs

    @property
    def query(self) -> str:
        """As many parts as a query may have characters for."""
        return cut(self.parts, self.glue)

    @property
    def address(self) -> str:
        """The address with all arguments."""
        return f"{self.path}?{urlencode([('q', self.query), *self.others])}"


Make = Callable[[random.Random, Words], Asked]


def cut(parts: Sequence[str], glue: str) -> str:
    """The first of the parts that have room in a query; a part is never cut in two."""
    length = -len(glue)
    for count, part in enumerate(parts):
        length += len(part) + len(glue)
        if length > LONGEST:
            return glue.join(parts[:count])
    return glue.join(parts)


def vocabulary(searcher: Searcher, folder: Path) -> Words:
    """The words of an index."""
    from jianbao.indexer.engines.embedded import WhooshEngine
    from jianbao.indexer.store.generations import Generations

    generations = Generations(folder)
    engine = WhooshEngine(generations.path(generations.pointer().current))
    joined, counts = engine.terms()
    terms = joined.split("\n")[:-1]
    ranked = [terms[at] for at in (-counts).argsort(kind="stable").tolist()]
    some = [article for _, article in zip(range(3000), engine.articles(), strict=False)]
    text = "".join(article.body for article in some)
    often = Counter(text)
    characters = [character for character, _ in often.most_common()]
    pairs = {run[at : at + 2] for run in HAN.findall(text[:400_000]) for at in range(len(run) - 1)}
    known = set(terms)
    unknown = sorted(pairs - known, key=lambda pair: -min(map(often.__getitem__, pair)))[:4000]
    engine.close()
    return Words(
        words=tuple(term for term in ranked if HAN.fullmatch(term)),
        characters=tuple(each for each in characters if HAN.match(each)),
        runs=tuple(term for term in ranked if term.isascii() and term.isalnum()),
        pairs=tuple(unknown),
        articles=tuple(sorted(some, key=lambda each: -len(each.body))[:50]),
        sources=tuple(each.value for each in searcher.values(SearchRequest(""), "source")),
    )


def filters(chance: random.Random, words: Words) -> Pairs:
    """Conditions, up to as many as are accepted; some of them no article meets."""
    names = ("source", "year", "paper_page", "column", "author", "tags")
    made: list[tuple[str, str]] = []
    count = chance.choice((0, 1, 6, FILTERS))
    for _ in range(count):
        name = chance.choice(names)
        value = f"{chance.randrange(2010, 2024)}" if name == "year" else chance.choice(words.words)
        if name == "source" and words.sources and chance.random() < 0.8:
            value = chance.choice(words.sources)
        made.append((chance.choice(("", "not_")) + name, value))
    if chance.random() < 0.3:
        made.append(("from", f"20{chance.randrange(10, 30)}-01"))
    return tuple(made)


def nothing(chance: random.Random, words: Words) -> Pairs:
    """A condition that no article meets, and others."""
    return (("source", "无此报"), *filters(chance, words)[: FILTERS - 2])


def options(chance: random.Random) -> Pairs:
    """The way of a search, its page and its order."""
    return (
        ("mode", chance.choice(("auto", "all", "any"))),
        ("page", chance.choice(("1", "1", "2", "400", "1000000"))),
        ("size", chance.choice(("10", "100"))),
        ("sort", chance.choice(("relevance", "relevance", "newest", "oldest"))),
    )


def near_top(chance: random.Random, ranked: Sequence[str], count: int) -> list[str]:
    """Distinct ones, mostly from among the most frequent."""
    top = ranked[: chance.choice((count, 2 * count, 8 * count, len(ranked)))] or ("x",)
    return chance.sample(top, min(count, len(top)))


def mixture(chance: random.Random, words: Words) -> list[str]:
    """Anything at all that a query may hold."""
    made: list[str] = []
    for _ in range(400):
        word = chance.choice(words.words[:3000])
        pair, char = chance.choice(words.pairs), chance.choice(words.characters[:300])
        run = chance.choice(words.runs[:500] or ("a",))
        made.append(
            chance.choice(
                (
                    *(word, f"-{word}", f'"{pair}"', f"“{char}”", f"{char}*", f"{run[:1]}*"),
                    *(f"-{pair}", f"{chance.choice(FIELDS)}:{word}", "OR", "AND", "NOT", "(", ")"),
                    *(f"标题:“{pair}”", f"正文:{char}", "日期:2014..2019", "“", '"'),
                    f"{word}{char}",
                )
            )
        )
    return made


def nested(chance: random.Random, words: Words) -> list[str]:
    """Brackets as deep as they are read, alternatives in each."""
    parts = near_top(chance, words.words, 500) + [f'"{each}"' for each in words.pairs[:100]]
    chance.shuffle(parts)
    deep = chance.choice((1, 5, 39))
    made, open_ = [], 0
    for part in parts:
        if open_ < deep and chance.random() < 0.5:
            made.append("(")
            open_ += 1
        made.append(part)
        if open_ and chance.random() < 0.4:
            made.append(")")
            open_ -= 1
        made.append(chance.choice(("OR", "AND", "OR NOT", "")))
    return made


def searching(parts: Callable[[random.Random, Words], Sequence[str]], glue: str = " ") -> Make:
    """A kind of search that is told by the parts of its query."""

    def make(chance: random.Random, words: Words) -> Asked:
        path = chance.choice(("/", "/", "/api/v1/search", "/embed", "/search.atom"))
        conditions = chance.choice((filters, nothing))(chance, words)
        others = tuple(
            pair for pair in options(chance) if path != "/search.atom" or pair[0] != "sort"
        )
        return Asked(path, tuple(parts(chance, words)), glue, (*others, *conditions))

    return make


def at(path: str, parts: Callable[[random.Random, Words], Sequence[str]]) -> Make:
    """A kind of request of one path that takes a query."""
    return lambda chance, words: Asked(path, tuple(parts(chance, words)), " ", ())


def exported(suffix: str) -> Make:
    """A whole list of hits."""

    def make(chance: random.Random, words: Words) -> Asked:
        made = chance.choice((many_words, characters, mixture))(chance, words)
        return Asked(f"/api/v1/export.{suffix}", tuple(made), " ", (("mode", "any"),))

    return make


def article(chance: random.Random, words: Words) -> Asked:
    """A long article with many marks."""
    made = chance.choice((many_words, characters, mixture, phrases))(chance, words)
    name = chance.choice(words.articles[:5]).id
    path = chance.choice(("/articles/", "/api/v1/articles/"))
    return Asked(f"{path}{name}", tuple(made), " ", ())


def many_words(chance: random.Random, words: Words) -> list[str]:
    """Distinct words."""
    return near_top(chance, words.words, 700)


def frequent_characters(chance: random.Random, words: Words) -> list[str]:
    """Phrases of one character."""
    return [f"“{each}”" for each in near_top(chance, words.characters, 600)]


def characters(chance: random.Random, words: Words) -> list[str]:
    """Characters, each of them alone."""
    return near_top(chance, words.characters, 900)


def phrases(chance: random.Random, words: Words) -> list[str]:
    """Phrases of two characters that are no word."""
    return [f"“{each}”" for each in near_top(chance, words.pairs, 420)]


def long_phrases(chance: random.Random, words: Words) -> list[str]:
    """Phrases of some frequent characters each."""
    length = chance.choice((3, 6, 60, 1900))
    pick = words.characters[: chance.choice((3, 30, 300))]
    return [f"“{''.join(chance.choices(pick, k=length))}”" for _ in range(LONGEST // length)]


def prefixes(chance: random.Random, words: Words) -> list[str]:
    """Beginnings of words and of runs."""
    begun = [run[: chance.choice((1, 1, 2, 3))] for run in words.runs[:4000]]
    begun += list(words.characters[:400])
    return [f"{each}*" for each in chance.sample(sorted(set(begun)), min(600, len(set(begun))))]


def sentences(chance: random.Random, words: Words) -> list[str]:
    """A text as it is pasted."""
    return [chance.choice(words.articles).body.replace("\n", "")[:LONGEST]]


def unread(chance: random.Random, words: Words) -> list[str]:
    """Words with a slip each."""
    return [
        word[:-1] + chance.choice(words.characters[:900])
        for word in near_top(chance, words.words, 500)
    ]


KINDS: dict[str, Make] = {
    "words": searching(many_words),
    "words that are not wanted": searching(lambda c, w: [f"-{x}" for x in many_words(c, w)]),
    "phrases of one character": searching(frequent_characters),
    "phrases of two characters": searching(phrases),
    "long phrases": searching(long_phrases),
    "characters that are not wanted": searching(
        lambda c, w: [f"-{x}" for x in near_top(c, w.characters, 600)]
    ),
    "pairs that are not wanted": searching(
        lambda c, w: [f"-{x}" for x in near_top(c, w.pairs, 500)]
    ),
    "beginnings": searching(prefixes),
    "words of titles": searching(lambda c, w: [f"标题:{x}" for x in near_top(c, w.words, 400)]),
    "phrases of titles": searching(lambda c, w: [f"标题:“{x}”" for x in near_top(c, w.pairs, 300)]),
    "values": searching(
        lambda c, w: [f"{c.choice(FIELDS[2:])}:{x}" for x in near_top(c, w.words, 400)]
    ),
    "dates": searching(
        lambda c, w: [f"日期:{c.randrange(2000, 2024)}-{c.randrange(1, 13):02}" for _ in range(200)]
    ),
    "alternatives": searching(many_words, " OR "),
    "brackets": searching(nested),
    "mixtures": searching(mixture),
    "pasted texts": searching(sentences),
    "slips": searching(unread),
    "slips in one word": searching(unread, ""),
    "quotation marks": searching(lambda c, w: [c.choice('“"「') for _ in range(2000)], ""),
    "nothing but conditions": searching(lambda c, w: [""]),
    "an article": article,
    "an export as a table": exported("csv"),
    "an export as lines": exported("jsonl"),
    "suggestions": at(
        "/api/v1/suggest",
        lambda c, w: c.choice((sentences, many_words, prefixes, mixture))(c, w),
    ),
}


class Climb:
    """Looks for the dearest request of a kind."""

    def __init__(self, folder: Path, words: Words, chance: random.Random) -> None:
        self._folder = folder
        self._words = words
        self._chance = chance

    def dearest(self, make: Make) -> tuple[float, Asked]:
        """The dearest request found and its seconds, after `ROUNDS` steps."""
        worst = max(
            (self._timed(make(self._chance, self._words)) for _ in range(2 * WIDTH)),
            key=lambda each: each[0],
        )
        for _ in range(ROUNDS):
            others = [self._timed(self._changed(worst[1], make)) for _ in range(WIDTH)]
            worst = max([worst, *others], key=lambda each: each[0])
        least = min(worst[0], *(self._timed(worst[1])[0] for _ in range(2)))
        return least, worst[1]

    def _changed(self, asked: Asked, make: Make) -> Asked:
        """The same request with some of its parts, or all of its conditions, from another."""
        other = make(self._chance, self._words)
        match self._chance.randrange(4):
            case 0:
                return replace(asked, others=other.others, path=other.path)
            case 1:
                return replace(asked, parts=other.parts)
            case 2:
                parts = [*asked.parts, *other.parts]
                self._chance.shuffle(parts)
                return replace(asked, parts=tuple(parts))
            case _:
                half = len(asked.parts) // 2
                return replace(asked, parts=(*other.parts[:half], *asked.parts[half:]))

    def _timed(self, asked: Asked) -> tuple[float, Asked]:
        with opened(self._folder) as searcher:
            client = create_app(searcher).test_client()
            for address in WARM_UP:
                client.get(address)
            started = time.process_time()
            answer = client.get(asked.address)
            answer.get_data()
            took = time.process_time() - started
        assert answer.status_code == 200, (answer.status_code, asked.address)
        return took, asked


@contextmanager
def opened(folder: Path) -> Iterator[Searcher]:
    """The index, with nothing kept of what was asked before."""
    searcher = open_searcher(load_settings({"index": folder}, {}, Path()), time.perf_counter)
    yield searcher
    searcher.close()


def attack(folder: Path, kinds: Sequence[str], seed: int = 9) -> bool:
    """Climb in each kind and print the dearest; whether all are within the bound."""
    with opened(folder) as searcher:
        words = vocabulary(searcher, folder)
    within = True
    for name in kinds:
        chance = random.Random(f"{seed} {name}")
        took, asked = Climb(folder, words, chance).dearest(KINDS[name])
        within = within and took <= BOUND
        verdict = "" if took <= BOUND else "  TOO DEAR"
        print(f"{took * 1000:8.0f} ms  {name:32} {asked.path}{verdict}")
        print(f"{'':13}{asked.query[:60]!r} {str(asked.others)[:90]}", flush=True)
    return within


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path, default=Path(".jianbao/index"))
    parser.add_argument("--seed", type=int, default=9)
    parser.add_argument("kinds", nargs="*", help="all kinds unless some are named")
    given = parser.parse_args()
    raise SystemExit(0 if attack(given.index, given.kinds or [*KINDS], given.seed) else 1)
