"""Everything measured, as one Markdown text."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tests.bench.building import Built
from tests.bench.measuring import Measured
from tests.bench.server import WORKERS, Served
from tests.bench.timing import TURN, Timed, geometric_mean, percentile, ratio

OURS = "Jianbao"
PEER = "Tantivy"
TIMES = 2.0
ENOUGH_MS = 0.3
_NONE = "–"

_INTRODUCTION = f"""\
All engines in one run on one machine, on the same articles. Every figure of a query goes from its
text to the ids of its best hits, parsing and segmenting included, without snippets; the engines
take turns of {TURN} queries. A ratio is {OURS}'s time by the other's, over the
queries that both answer: below 1, {OURS} is faster. The words of Tantivy, SQLite and bm25s are
those of {OURS}'s segmenter in search mode; {OURS} alone keeps the texts, and finds every substring,
which is why it finds more. `counted` queries also ask for the exact total and for the hits of each
source and each year. A query's figure is the median of its rounds."""


def report(measured: Sequence[Measured], growth: Sequence[Measured]) -> str:
    """The whole report; `growth` has one entry for each size."""
    parts = ["# Jianbao beside its peers", _machine(), _INTRODUCTION]
    for each in measured:
        parts += _section(each)
    if growth:
        parts += ["## Growth", _growth(growth)]
    return "\n\n".join(parts) + "\n"


def _machine() -> str:
    model = _first_line("/proc/cpuinfo", "model name") or platform.processor()
    system = f"{platform.system()} {platform.release()}"
    return f"{model}, {os.cpu_count()} processors; {system}; Python {platform.python_version()}."


def _first_line(path: str, name: str) -> str:
    try:
        lines = Path(path).read_text("utf-8").splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "")


def _section(measured: Measured) -> Iterator[str]:
    size = f"{measured.articles:,} articles, {measured.text_bytes / 1e6:.1f} MB of UTF-8"
    yield f"## {measured.collection} ({size})"
    if measured.skipped:
        yield "\n".join(f"- left out: {reason}" for reason in measured.skipped)
    if measured.built:
        yield "### Index"
        yield _index(measured.built)
    if measured.timed:
        yield "### Queries"
        yield _queries(measured)
        yield "### Queries by class: median / 95th percentile in ms, and the ratio"
        yield _classes(measured)
        yield from _over_the_bar([each for each in measured.timed if not each.query.counted])
    if measured.served:
        yield f"### Whole requests, {WORKERS} worker processes"
        yield _requests(measured.served)


def _index(built: Sequence[Built]) -> str:
    ours = next((each.seconds for each in built if each.peer == OURS), None)
    rows = [
        (
            each.peer,
            each.version,
            f"{each.seconds:.1f}",
            f"{ours / each.seconds:.2f}" if ours else _NONE,
            f"{each.peak_bytes / 1e6:.0f}" if each.peak_bytes else _NONE,
            f"{each.disk_bytes / 1e6:.1f}",
            f"{each.disk_bytes / each.text_bytes:.2f}",
            each.note,
        )
        for each in built
    ]
    head = ("engine", "version", "JSONL to searchable, s", "ratio", "peak memory, MB")
    return _table((*head, "on disk, MB", "on disk by UTF-8 text", "note"), rows)


def _queries(measured: Measured) -> str:
    plain = [each for each in measured.timed if not each.query.counted]
    counted = [each for each in measured.timed if each.query.counted]
    rows = []
    for name in _names(measured):
        rows.append(
            (
                name,
                str(sum(name in each.ms for each in measured.timed)),
                *_figures(plain, name),
                _worst(plain, name),
                *_figures(counted, name),
                _share_found(counted, name),
            )
        )
    head = ("engine", "queries", "geometric mean, ms", "median", "p95", "ratio", "worst class")
    return _table(
        (*head, "counted: geometric mean, ms", "median", "p95", "ratio", "hits by Jianbao's"), rows
    )


def _figures(timed: Sequence[Timed], name: str) -> tuple[str, str, str, str]:
    """Geometric mean, median and 95th percentile in ms, and our ratio."""
    took = [each.ms[name] for each in timed if name in each.ms]
    if not took:
        return (_NONE,) * 4
    ours = ratio(timed, OURS, name)
    return (
        _ms(geometric_mean(took)),
        _ms(percentile(took, 0.5)),
        _ms(percentile(took, 0.95)),
        _NONE if ours is None else f"{ours:.3f}",
    )


def _worst(timed: Sequence[Timed], name: str) -> str:
    """The class in which we compare worst."""
    ratios = {
        label: ratio([each for each in timed if each.query.label == label], OURS, name)
        for label in _labels(timed)
        if name != OURS
    }
    known = {label: found for label, found in ratios.items() if found is not None}
    if not known:
        return _NONE
    label = max(known, key=known.__getitem__)
    return f"{known[label]:.2f} ({label})"


def _share_found(timed: Sequence[Timed], name: str) -> str:
    both = [each.totals for each in timed if name in each.totals and OURS in each.totals]
    ours = sum(totals[OURS] for totals in both)
    return f"{sum(totals[name] for totals in both) / ours:.3f}" if ours else _NONE


def _classes(measured: Measured) -> str:
    names = _names(measured)
    others = [name for name in names if name != OURS]
    rows = []
    for label in _labels(measured.timed):
        timed = [each for each in measured.timed if each.query.label == label]
        shown = {name: _figures(timed, name) for name in names}
        cells = [f"{shown[OURS][1]} / {shown[OURS][2]}"] if OURS in shown else []
        for name in others:
            _, median, p95, ours = shown[name]
            cells += [f"{median} / {p95}", ours]
        rows.append((label, str(len(timed)), *cells))
    heads = [OURS] if OURS in names else []
    for name in others:
        heads += [name, "ratio"]
    return _table(("class", "queries", *heads), rows)


def _over_the_bar(timed: Sequence[Timed]) -> Iterator[str]:
    """Which classes miss what was promised: no more than twice Tantivy's time, or 0.3 ms."""
    missed = []
    for label in _labels(timed):
        both = [
            each.ms for each in timed if each.query.label == label and {OURS, PEER} <= set(each.ms)
        ]
        if not both:
            continue
        ours, theirs = (geometric_mean([ms[name] for ms in both]) for name in (OURS, PEER))
        if ours > max(TIMES * theirs, ENOUGH_MS):
            missed.append(f"{label} ({_ms(ours)} ms, {ours / theirs:.2f} times)")
    if any(OURS in each.ms and PEER in each.ms for each in timed):
        bar = f"Classes that take {OURS} more than {TIMES:g} times {PEER} and {ENOUGH_MS} ms"
        yield f"{bar}: {'; '.join(missed) or 'none'}."


def _requests(served: Served) -> str:
    rows = [
        (
            load.page,
            str(load.connections),
            f"{load.requests_a_second:.0f}",
            *(_ms(figure) for figure in (load.p50_ms, load.p95_ms, load.p99_ms)),
            str(load.failed),
        )
        for load in served.loads
    ]
    head = ("answer", "connections", "requests a second", "p50, ms", "p95", "p99", "failed")
    memory = f"{served.private_bytes / 1e6:.0f} MB" if served.private_bytes else _NONE
    return (
        f"First answer {served.first_answer_seconds:.2f} s after the start; private memory of all "
        f"processes after the load: {memory}.\n\n{_table(head, rows)}"
    )


def _growth(growth: Sequence[Measured]) -> str:
    rows = []
    smallest: dict[str, float] = {}
    for measured in growth:
        plain = [each for each in measured.timed if not each.query.counted]
        counted = [each for each in measured.timed if each.query.counted]
        for built in measured.built:
            took = [each.ms[built.peer] for each in plain if built.peer in each.ms]
            mean = geometric_mean(took) if took else 0.0
            first = smallest.setdefault(built.peer, mean)
            rows.append(
                (
                    f"{measured.articles:,}",
                    built.peer,
                    f"{built.seconds:.1f}",
                    f"{built.peak_bytes / 1e6:.0f}" if built.peak_bytes else _NONE,
                    f"{built.disk_bytes / built.text_bytes:.2f}",
                    *_figures(plain, built.peer),
                    f"{mean / first:.2f}" if first else _NONE,
                    *_figures(counted, built.peer),
                )
            )
    head = ("articles", "engine", "index, s", "peak memory, MB", "on disk by UTF-8 text")
    figures = ("geometric mean, ms", "median", "p95", "ratio", "by the smallest size")
    counted_figures = ("counted: geometric mean, ms", "median", "p95", "ratio")
    return _table((*head, *figures, *counted_figures), rows)


def _names(measured: Measured) -> list[str]:
    return [each.peer for each in measured.built]


def _labels(timed: Iterable[Timed]) -> list[str]:
    return list(dict.fromkeys(each.query.label for each in timed))


def _ms(figure: float) -> str:
    return f"{figure:.3f}" if figure < 1 else f"{figure:.2f}" if figure < 10 else f"{figure:.1f}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
