"""What is asked: words and phrases of real articles, the same for every engine and run."""

from __future__ import annotations

import math
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from jianbao.indexer.text.analyzer import Analyzer
from jianbao.indexer.text.scripts import HAN_RUN
from jianbao.indexer.text.segment import open_segmenter
from tests.bench.articles import Real
from tests.bench.query import Query
from tests.bench.words import Words, open_words

BANDS = ("rare", "middle", "common", "very common")
"""The quarters of the scale from 1 to all articles, in logarithms of the document frequency. Of
51,247 articles, a rare word is in 2 to 15, a middle one in up to 226, a common one in up to
3,406."""

_SAMPLE = 20_000
"""Real articles whose words are counted, evenly spread."""

_TRIES = 10_000
_QUOTES = re.compile(r"[\"“”「」『』()（）:：*＊-]")


def draw(
    articles: Sequence[Real], sources: Sequence[str], seed: int, share: float = 1.0
) -> list[Query]:
    """The queries for collections made of `articles`, with `share` of the usual number in each
    class. `sources` are the values to restrict to; a single one restricts nothing and is not used.
    Raises ValueError where `articles` are too few to draw from.
    """
    pool = _Pool(articles, sources, random.Random(seed))

    def times(count: int) -> range:
        return range(max(1, round(count * share)))

    drawn: list[Query] = []
    for band in BANDS:
        drawn += [pool.one(band) for _ in times(8)]
    for kind, several in (("any", pool.any), ("all", pool.all)):
        for band in (*BANDS, "mixed"):
            drawn += [several(band, 2 + number % 4) for number in times(8)]
        drawn += [pool.headline(kind) for _ in times(16)]
    drawn += [pool.phrase(2 + number % 4) for number in times(24)]
    choices: tuple[Callable[[], Query], ...] = (
        partial(pool.any, "mixed", 2),
        partial(pool.all, "mixed", 2),
        partial(pool.one, "common"),
    )
    for number in times(24):
        drawn.append(pool.restricted(choices[number % 3](), number))
    for number in times(24):
        query = choices[number % 3]()
        drawn.append(replace(query, label=f"top 100, {_short(query)}", limit=100))
    return [*drawn, *(_counted(query) for query in drawn[::3])]


def _short(query: Query) -> str:
    if "one word" in query.label:
        return "one word"
    return "phrase" if query.kind == "phrase" else f"{query.kind} of"


def _counted(query: Query) -> Query:
    kind = "restricted" if query.where else _short(query)
    return replace(query, label=f"counted, {kind}", limit=10, counted=True)


class _Pool:
    """Articles with their words by band, and the chance that draws from them."""

    def __init__(
        self, articles: Sequence[Real], sources: Sequence[str], chance: random.Random
    ) -> None:
        self._chance = chance
        self._sources = sources if len(sources) > 1 else ()
        self._years = sorted({article.date[:4] for article in articles if article.date})
        self._words = open_words()
        self._analyzer = Analyzer(open_segmenter())
        sample = articles[:: max(1, len(articles) // _SAMPLE)]
        self._titles = list(dict.fromkeys(article.title for article in sample))
        found = [_distinct(article, self._words) for article in sample]
        frequency = Counter(word for words in found for word in words)
        self._banded = [_by_band(words, frequency, len(sample)) for words in found]
        self._of_band = {
            band: sorted({word for bands in self._banded for word in bands[band]}) for band in BANDS
        }

    def one(self, band: str) -> Query:
        return Query(f"one word, {band}", "all", self._chance.choice(self._of_band[band]))

    def any(self, band: str, count: int) -> Query:
        return Query(f"any of 2–5, {band}", "any", " ".join(self._together(band, count)))

    def all(self, band: str, count: int) -> Query:
        return Query(f"all of 2–5, {band}", "all", " ".join(self._together(band, count)))

    def headline(self, kind: str) -> Query:
        for _ in range(_TRIES):
            title = _QUOTES.sub(" ", self._chance.choice(self._titles)).strip()
            if len(self._words.asked(title)) > 1 and self._read_alike(title):
                return Query(f"headline, {kind}", "any" if kind == "any" else "all", title)
        raise _too_few("a headline")

    def phrase(self, count: int) -> Query:
        """Words that stand next to each other in a headline."""
        for _ in range(_TRIES):
            runs = HAN_RUN.findall(self._chance.choice(self._titles))
            words = self._words.cut(max(runs, key=len)) if runs else []
            if len(words) >= count:
                start = self._chance.randrange(len(words) - count + 1)
                label = "phrase, 2–3 words" if count < 4 else "phrase, 4–5 words"
                return Query(label, "phrase", "".join(words[start : start + count]))
        raise _too_few(f"a phrase of {count} words")

    def restricted(self, query: Query, number: int) -> Query:
        field, values = ("year", self._years)
        if number % 2 and self._sources:
            field, values = ("source", list(self._sources))
        where = (field, self._chance.choice(values))
        return replace(query, label=f"restricted, {_short(query)}", where=where)

    def _together(self, band: str, count: int) -> list[str]:
        """Words of one article, in one band or (`mixed`) in any: a query that makes sense."""
        for _ in range(_TRIES):
            bands = self._chance.choice(self._banded)
            words = bands[band] if band in bands else [w for name in BANDS for w in bands[name]]
            if len(words) >= count:
                chosen = self._chance.sample(words, count)
                if self._read_alike(" ".join(chosen)):
                    return chosen
        raise _too_few(f"{count} words ({band})")

    def _read_alike(self, text: str) -> bool:
        """Whether Jianbao and its peers look for the same words. Of single characters next to each
        other Jianbao makes one word, for the peers each is one: they would have more to do."""
        ours = {word.text for word in self._analyzer.words(text)}
        return ours == set(self._words.asked(text))


def _too_few(what: str) -> ValueError:
    return ValueError(f"too few articles to draw {what} from")


def _distinct(article: Real, words: Words) -> list[str]:
    """The words of two or more Han characters, without function words, in the order of the text."""
    return [
        word
        for word in words.asked(f"{article.title}\n{article.body}")
        if len(word) > 1 and HAN_RUN.fullmatch(word)
    ]


def _by_band(words: list[str], frequency: Counter[str], articles: int) -> dict[str, list[str]]:
    bands: dict[str, list[str]] = {band: [] for band in BANDS}
    for word, band in _banded(words, frequency, articles):
        bands[band].append(word)
    return bands


def _banded(words: list[str], frequency: Counter[str], articles: int) -> Iterator[tuple[str, str]]:
    for word in words:
        if frequency[word] > 1:
            quarter = int(4 * math.log(frequency[word]) / math.log(articles))
            yield word, BANDS[min(quarter, 3)]
