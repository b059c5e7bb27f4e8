"""One collection measured: indexes built, queries timed, the server loaded."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from tests.bench.articles import Collection
from tests.bench.building import Built, build
from tests.bench.peers import PEERS, Peer, open_peer
from tests.bench.query import Query
from tests.bench.server import Served, missing, serve_and_load
from tests.bench.timing import Timed, time_queries

_FIGURES = "built.json"


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to measure."""

    rounds: int
    seconds: int
    seed: int


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything measured with one collection. `skipped` says what was left out, and why."""

    collection: str
    articles: int
    text_bytes: int
    built: list[Built] = field(default_factory=list)
    timed: list[Timed] = field(default_factory=list)
    served: Served | None = None
    skipped: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Task:
    """What to measure with one collection. `parts` are of `query`, `server`; of `reused` engines an
    index that is there already is taken as it is, with the figures noted when it was built."""

    collection: Collection
    peers: tuple[str, ...]
    queries: Sequence[Query]
    parts: frozenset[str]
    reused: frozenset[str] = frozenset()


def measure(task: Task, folder: Path, effort: Effort) -> Measured:
    """Carry out a task; indexes and their figures are left under `folder`."""
    collection = task.collection
    built: dict[str, Built] = {}
    skipped: list[str] = []
    place = folder / collection.path.stem
    for name in task.peers:
        try:
            built[name] = _built(name, collection, place / name, reuse=name in task.reused)
        except (ImportError, subprocess.CalledProcessError) as error:
            skipped.append(f"{name}: {error}")
    measured = Measured(
        collection.name, collection.count, collection.text_bytes, list(built.values())
    )
    if "query" in task.parts:
        measured.timed.extend(_timed(task, place, list(built), effort))
        skipped += _failures(measured.timed)
    served = None
    if "server" in task.parts and "jianbao" in built:
        try:
            served = _served(task, place / "jianbao" / "index", effort)
        except (RuntimeError, OSError, subprocess.CalledProcessError) as error:
            skipped.append(f"server: {error}")
    return replace(measured, served=served, skipped=skipped)


def _built(name: str, collection: Collection, folder: Path, *, reuse: bool) -> Built:
    """An index built now or, with `reuse`, by an earlier run."""
    figures = folder / _FIGURES
    if reuse and figures.is_file():
        return Built(**json.loads(figures.read_text("utf-8")))
    open_peer(name)
    tell(f"{collection.name}: indexing with {name}")
    built = build(name, collection, folder / "index")
    figures.write_text(json.dumps(asdict(built)), "utf-8")
    return built


def _timed(task: Task, place: Path, names: Sequence[str], effort: Effort) -> list[Timed]:
    tell(f"{task.collection.name}: {len(task.queries)} queries")
    peers: list[Peer] = []
    try:
        for name in PEERS:
            if name in names:
                peer = open_peer(name)
                peer.open(place / name / "index")
                peers.append(peer)
        return time_queries(peers, task.queries, effort.rounds, effort.seed)
    finally:
        for peer in peers:
            peer.close()


def _failures(timed: Sequence[Timed]) -> list[str]:
    """What each engine failed at, with one query as an example."""
    failed: dict[str, list[tuple[str, str]]] = {}
    for each in timed:
        for name, error in each.failed.items():
            failed.setdefault(name, []).append((each.query.text, error))
    return [
        f"{len(found)} queries that {name} fails at, such as {found[0][0]} ({found[0][1]})"
        for name, found in failed.items()
    ]


def _served(task: Task, index: Path, effort: Effort) -> Served:
    if reason := missing():
        raise RuntimeError(reason)
    tell(f"{task.collection.name}: serving")
    plain = [query for query in task.queries if not query.counted and query.limit == 10]
    return serve_and_load(index, plain, effort.seconds)


def tell(message: str) -> None:
    """Say on stderr what is being done."""
    print(message, file=sys.stderr, flush=True)
