"""What the server did and how its index is, in the text format of Prometheus."""

from __future__ import annotations

import hmac
import time
from bisect import bisect_left
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

from flask import Response, request
from werkzeug.exceptions import Unauthorized

from jianbao.indexer import (
    ArticleView,
    Condition,
    FacetCount,
    IndexUnavailableError,
    ResultPage,
    SearchRequest,
    SourceCounts,
    Suggestion,
)
from jianbao.web.http.answers import json_failure
from jianbao.web.http.errors import failure
from jianbao.web.ports import SearchDoor, Stats
from jianbao.web.server.integrity import Soundness
from jianbao.web.server.shared_memory import SharedCounters

MIMETYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
"""Seconds. A query takes half a millisecond in the middle, a page with snippets ten."""

_STATUSES: Final = 1000
_FIRST_BUCKET: Final = _STATUSES
_SECONDS: Final = _FIRST_BUCKET + len(BUCKETS) + 1
_WITHOUT_HITS: Final = _SECONDS + 1
_SIZE: Final = _WITHOUT_HITS + 1
"""The first thousand counters are of HTTP statuses."""

Sample = tuple[str, float]
"""Labels in braces or nothing, and the value."""


class Tally:
    """Counts requests and searches, over all processes of a server."""

    def __init__(self) -> None:
        self._counters = SharedCounters(_SIZE)

    def count(self, response: Response) -> Response:
        """Count an answer, and give it on."""
        self._counters.add((min(response.status_code, _STATUSES - 1), 1))
        return response

    def searched(self, seconds: float, total: int) -> None:
        """Count a search."""
        bucket = _FIRST_BUCKET + bisect_left(BUCKETS, seconds)
        self._counters.add((bucket, 1), (_SECONDS, seconds), (_WITHOUT_HITS, float(total == 0)))

    def lines(self) -> Iterator[str]:
        """All counters."""
        totals = self._counters.totals()
        statuses = enumerate(totals[:_STATUSES])
        yield from _metric(
            "jianbao_requests_total",
            "counter",
            "Answers by HTTP status.",
            *((f'{{status="{status}"}}', number) for status, number in statuses if number),
        )
        count, buckets = 0.0, []
        for limit, number in zip((*BUCKETS, "+Inf"), totals[_FIRST_BUCKET:_SECONDS], strict=True):
            count += number
            buckets.append((f'_bucket{{le="{limit}"}}', count))
        yield from _metric(
            "jianbao_search_seconds",
            "histogram",
            "Time of searches that had a query.",
            *buckets,
            ("_sum", totals[_SECONDS]),
            ("_count", count),
        )
        yield from _metric(
            "jianbao_searches_without_hits_total",
            "counter",
            "Searches that had a query and found nothing.",
            ("", totals[_WITHOUT_HITS]),
        )


class CountedSearcher:
    """A searcher whose searches are counted."""

    def __init__(
        self, searcher: SearchDoor, tally: Tally, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        self._searcher = searcher
        self._tally = tally
        self._clock = clock

    def search(self, asked: SearchRequest, /) -> ResultPage:
        """As the searcher."""
        began = self._clock()
        found = self._searcher.search(asked)
        if asked.query.strip():
            self._tally.searched(self._clock() - began, found.total)
        return found

    def values(self, asked: SearchRequest, name: str, /) -> tuple[FacetCount, ...]:
        """As the searcher."""
        return self._searcher.values(asked, name)

    def article(self, article_id: str, /, query: str = "") -> ArticleView:
        """As the searcher."""
        return self._searcher.article(article_id, query)

    def suggest(self, text: str, size: int, /) -> tuple[Suggestion, ...]:
        """As the searcher."""
        return self._searcher.suggest(text, size)

    def stats(self) -> Stats:
        """As the searcher."""
        return self._searcher.stats()


class Metrics:
    """The route. `allowed` is `on` for everybody, else the token to show."""

    def __init__(
        self,
        allowed: str,
        searcher: SearchDoor,
        tally: Tally,
        condition: Condition | None,
        soundness: Soundness | None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._allowed = allowed
        self._searcher = searcher
        self._tally = tally
        self._condition = condition
        self._soundness = soundness
        self._now = now
        self._sources: tuple[str, SourceCounts] | None = None

    def __call__(self) -> Response:
        if not self._is_admitted():
            response = json_failure(failure(Unauthorized()))
            response.headers["WWW-Authenticate"] = "Bearer"
            return response
        lines = (*self._index(), *self._tally.lines())
        response = Response("".join(f"{line}\n" for line in lines))
        response.headers["Content-Type"] = MIMETYPE
        response.headers["Cache-Control"] = "no-store"
        return response

    def _is_admitted(self) -> bool:
        if self._allowed == "on":
            return True
        said = request.headers.get("Authorization", "").encode("utf-8", "surrogatepass")
        return hmac.compare_digest(said, f"Bearer {self._allowed}".encode())

    def _index(self) -> Iterator[str]:
        try:
            live = self._searcher.stats()
        except IndexUnavailableError:
            yield from _gauge("index_up", "Whether searches can be answered.", 0)
            return
        yield from _gauge("index_up", "Whether searches can be answered.", 1)
        if self._soundness:
            whole = self._soundness.is_whole(live.generation)
            yield from _gauge("index_checked", "Whether every checksum was compared.", whole)
        age = max(0.0, self._now() - datetime.fromisoformat(live.built).timestamp())
        yield from _gauge("index_age_seconds", "Since the generation was published.", age)
        if live.generation.isdecimal():
            number = int(live.generation)
            yield from _gauge("index_generation", "Number of the generation.", number)
        yield from _gauge("documents", "Articles that can be found.", live.articles)
        sources = self._counted(live.generation)
        if sources:
            yield from _gauge("sources", "Sources of the index.", sources.total)
            about = "Sources of which something was skipped."
            yield from _gauge("sources_failed", about, sources.failed)

    def _counted(self, generation: str) -> SourceCounts | None:
        """How the sources of a generation fared, looked up once for each."""
        if self._condition is None:
            return None
        if self._sources is None or self._sources[0] != generation:
            try:
                self._sources = (generation, self._condition.sources(generation))
            except IndexUnavailableError:
                return None
        return self._sources[1]


def _gauge(name: str, about: str, value: float) -> Iterator[str]:
    return _metric(f"jianbao_{name}", "gauge", about, ("", value))


def _metric(name: str, kind: str, about: str, *samples: Sample) -> Iterator[str]:
    yield f"# HELP {name} {about}"
    yield f"# TYPE {name} {kind}"
    for labels, value in samples:
        yield f"{name}{labels} {float(value):.17g}"
