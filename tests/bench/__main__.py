"""Measure Jianbao and its peers; print one Markdown table, and keep it with the raw numbers.

    python -m tests.bench                               real articles, all engines
    python -m tests.bench --articles real,500000        and half a million grown from them
    python -m tests.bench --parts query                 with the peers' indexes of an earlier run
    python -m tests.bench --quick                       a minute, on the articles of corpus/

Writes `bench.md`, `bench.json` and, with growth, `growth.svg` into build/bench/. The peers come
with `pip install -e ".[bench]"`; whole requests need `wrk`. A peer or part that cannot be had is
left out, and the table says so.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.bench.articles import (
    ROOT,
    SOURCES,
    Collection,
    first_of,
    grown_collection,
    read_base,
    real_collection,
)
from tests.bench.measuring import Effort, Measured, Task, measure, tell
from tests.bench.peers import PEERS
from tests.bench.plot import plot
from tests.bench.queries import draw
from tests.bench.query import Query
from tests.bench.table import OURS, report

PARTS = ("index", "query", "server", "growth")


@dataclass(frozen=True, slots=True)
class Options:
    """The command line; see `_parser`."""

    articles: str
    sizes: str
    peers: str
    whoosh_articles: int
    parts: str
    rounds: int
    seconds: int
    seed: int
    out: Path
    quick: bool


def _parser() -> argparse.ArgumentParser:
    head, _, rest = (__doc__ or "").partition("\n\n")
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description=head,
        epilog=rest,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--articles", default="real", help="collections: `real`, or how many to grow; with commas")
    add("--sizes", default="10000,50000,200000,500000", help="how many to grow for growth")
    add("--peers", default=",".join(PEERS), help="engines to measure (default: %(default)s)")
    add(
        "--whoosh-articles",
        type=int,
        default=60_000,  # 51,247 took it 248 s to index.
        help="stock Whoosh is slow: it gets that many articles at most, and Jianbao a second index "
        "of the same ones beside it (default: %(default)s)",
    )
    add(
        "--parts",
        default="index,query,server",
        help=f"of {','.join(PARTS)}; without index, the "
        "peers' indexes of an earlier run are used again (Jianbao's is always built anew)",
    )
    add("--rounds", type=int, default=5, help="times that each query is timed")
    add("--seconds", type=int, default=10, help="for each number of connections to the server")
    add("--seed", type=int, default=1, help="for what is grown and drawn")
    add("--out", type=Path, default=ROOT / "build" / "bench", help="folder for everything")
    add("--quick", action="store_true", help="a minute for all parts, on the articles of corpus/")
    return parser


def _options(arguments: Sequence[str] | None) -> Options:
    parser = _parser()
    options = Options(**vars(parser.parse_args(arguments)))
    for given, known in ((options.peers, PEERS), (options.parts, PARTS)):
        for name in given.split(","):
            if name not in known:
                parser.error(f"{name!r} is none of {', '.join(known)}")
    if not options.quick:
        return options
    quick = {"articles": "300", "sizes": "100,300", "parts": ",".join(PARTS), "rounds": 3}
    return Options(**{**asdict(options), **quick, "seconds": 1})


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the return value is the exit code: 1 if Jianbao failed at a query."""
    options = _options(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    run = _Run(options)
    measured: list[Measured] = []
    growth: list[Measured] = []
    if options.parts != "growth":
        for each in run.collections():
            measured.append(each)
            _keep(measured, growth, options.out)
    if "growth" in options.parts.split(","):
        for each in run.growth():
            growth.append(each)
            _keep(measured, growth, options.out)
        _plot(growth, options.out / "growth.svg")
    print(report(measured, growth))
    failed = (OURS in timed.failed for each in (*measured, *growth) for timed in each.timed)
    return int(any(failed))


def _keep(measured: Sequence[Measured], growth: Sequence[Measured], out: Path) -> None:
    """Write what there is so far: a run of hours may be interrupted."""
    (out / "bench.md").write_text(report(measured, growth), "utf-8")
    raw = {"collections": measured, "growth": growth}
    figures = {name: [asdict(each) for each in found] for name, found in raw.items()}
    (out / "bench.json").write_text(json.dumps(figures, ensure_ascii=False, indent=1), "utf-8")


class _Run:
    """What one command line has to measure, collection by collection."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._base = read_base(corpus_only=options.quick)
        if self._base.reason:
            tell(f"articles from corpus/: {self._base.reason}")
        parts = frozenset(options.parts.split(","))
        self._parts = parts - {"growth"}
        self._effort = Effort(options.rounds, options.seconds, options.seed)
        self._reused = frozenset[str]() if "index" in parts else frozenset(PEERS) - {"jianbao"}
        self._built: dict[str, set[str]] = {}
        self._drawn: dict[tuple[str, ...], list[Query]] = {}
        chosen = options.peers.split(",") if parts & {"index", "query", "growth"} else ["jianbao"]
        self._peers = tuple(name for name in PEERS if name in chosen)
        self._articles = options.out / "articles"

    def collections(self) -> Iterator[Measured]:
        """Each collection, and its beginning once more where stock Whoosh gets no more."""
        limit = self._options.whoosh_articles
        for wanted in self._options.articles.split(","):
            collection = self._collection(wanted)
            whole = "whoosh" not in self._peers or collection.count <= limit
            peers = self._peers if whole else self._without_whoosh()
            yield self._measure(collection, peers, self._parts)
            if not whole:
                part = first_of(collection, limit, self._articles)
                yield self._measure(part, ("jianbao", "whoosh"), self._parts - {"server"})

    def growth(self) -> Iterator[Measured]:
        """Each size, without stock Whoosh."""
        for size in self._options.sizes.split(","):
            parts = frozenset({"index", "query"})
            yield self._measure(self._collection(size), self._without_whoosh(), parts)

    def _without_whoosh(self) -> tuple[str, ...]:
        return tuple(name for name in self._peers if name != "whoosh")

    def _collection(self, wanted: str) -> Collection:
        if wanted == "real":
            return real_collection(self._base, self._articles)
        return grown_collection(self._base, int(wanted), self._options.seed, self._articles)

    def _measure(
        self, collection: Collection, peers: tuple[str, ...], parts: frozenset[str]
    ) -> Measured:
        built = self._built.setdefault(collection.path.stem, set())
        reused = self._reused | built
        task = Task(collection, peers, self._queries(collection), parts, reused)
        built.update(peers)
        return measure(task, self._options.out / "indexes", self._effort)

    def _queries(self, collection: Collection) -> list[Query]:
        """The same for all collections but for the sources, of which real articles have others."""
        sources = SOURCES if set(collection.sources) <= set(SOURCES) else ()
        if sources not in self._drawn:
            share = 0.25 if self._options.quick else 1.0
            articles = self._base.articles
            self._drawn[sources] = draw(articles, sources, self._options.seed, share)
        return self._drawn[sources]


def _plot(growth: Sequence[Measured], path: Path) -> None:
    try:
        plot(growth, path)
    except ImportError as error:
        tell(f"no plot: {error}")


if __name__ == "__main__":
    sys.exit(main())
