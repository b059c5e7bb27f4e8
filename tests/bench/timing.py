"""Queries, timed: every engine is asked every query in turn, several times over."""

from __future__ import annotations

import gc
import random
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.bench.peers import Peer
from tests.bench.query import Query

TURN = 24
"""Queries that an engine answers before the next one has its turn: some milliseconds of each."""


ENOUGH = 60.0
"""Seconds for one engine: SQLite takes minutes for one round of half a million articles."""


@dataclass(frozen=True, slots=True)
class Timed:
    """One query's figures by engine name: the median of its rounds in milliseconds; where it was
    counted, the total. Engines that cannot answer it are missing; of those that failed, `failed`
    has the error."""

    query: Query
    ms: dict[str, float] = field(default_factory=dict)
    totals: dict[str, int] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)


def time_queries(
    peers: Sequence[Peer], queries: Sequence[Query], rounds: int, seed: int
) -> list[Timed]:
    """Ask in `rounds` rounds after one that only warms up.

    The engines take turns of `TURN` queries: a slow moment of the machine meets all of them, and
    still none has to find its code and data pushed out of the processor's caches each time. Their
    order is drawn anew for each turn, that of the queries for each round: the first of a turn is
    the slowest. An engine that has taken `ENOUGH` seconds sits out the rounds
    after the first timed one.
    """
    chance = random.Random(seed)
    timed = [Timed(query) for query in queries]
    samples: list[dict[str, list[float]]] = [{} for _ in queries]
    spent = dict.fromkeys((peer.name for peer in peers), 0.0)
    gc.disable()
    try:
        for number in range(rounds + 1):
            taking_part = [peer for peer in peers if number < 2 or spent[peer.name] < ENOUGH]
            order = chance.sample(range(len(timed)), len(timed))
            for start in range(0, len(timed), TURN):
                turn = [(timed[at], samples[at]) for at in order[start : start + TURN]]
                for peer in chance.sample(taking_part, len(taking_part)):
                    started = time.perf_counter()
                    _take_turn(peer, turn, keep=number > 0)
                    spent[peer.name] += time.perf_counter() - started
            gc.collect()
    finally:
        gc.enable()
    for each, sample in zip(timed, samples, strict=True):
        each.ms.update({name: statistics.median(took) for name, took in sample.items()})
    return timed


def _take_turn(
    peer: Peer, turn: Sequence[tuple[Timed, dict[str, list[float]]]], *, keep: bool
) -> None:
    for timed, sample in turn:
        if peer.name in timed.failed or not peer.answers(timed.query):
            continue
        started = time.perf_counter()
        try:
            answer = peer.search(timed.query)
        except Exception as error:  # whatever it is, the report tells it, and the others go on
            timed.failed[peer.name] = repr(error)
            continue
        took = (time.perf_counter() - started) * 1000
        if keep:
            sample.setdefault(peer.name, []).append(took)
        if timed.query.counted and answer.total is not None:
            timed.totals[peer.name] = answer.total


def percentile(figures: Sequence[float], share: float) -> float:
    """The smallest figure that at least `share` of them do not exceed."""
    ordered = sorted(figures)
    return ordered[max(0, -int(-len(ordered) * share // 1) - 1)]


def geometric_mean(figures: Sequence[float]) -> float:
    """The mean that ratios have."""
    return statistics.geometric_mean(figures)


def ratio(timed: Sequence[Timed], ours: str, theirs: str) -> float | None:
    """How many times their time we take, as the geometric mean over what both answer."""
    both: list[Mapping[str, float]] = [
        each.ms for each in timed if ours in each.ms and theirs in each.ms
    ]
    return geometric_mean([ms[ours] / ms[theirs] for ms in both]) if both else None
