"""Asks an index, and damaged copies of it, with whichever extensions are found; see `sanitize`.

python -m tests.engines.sanitized QUERIES MUTATIONS
"""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from jianbao.indexer.engines.embedded.native import _native
from tests.engines.asking import Asking
from tests.engines.damaging import Outcome, attributed, damage


def main(queries: int, mutations: int) -> int:
    """Print what came of it; 1 where a process died or an engine raised what it must not."""
    with TemporaryDirectory() as name:
        source = Path(name) / "engine"
        asking = Asking()
        asking.write(source)
        asking.carry_over(source, Path(name) / "carried", native=True)
        alike = asking.ask_at_random(source, queries)
        print(f"{queries} queries by {_native.__file__}; {alike} of {-(-queries // 10)} alike")
        outcome = _damaged(source, Path(name), mutations)
    faults = attributed(outcome)
    print(*faults, sep="\n")
    print(f"{queries} queries, {outcome}; {len(faults)} reports")
    return 1 if faults or alike != -(-queries // 10) else 0


def _damaged(source: Path, folder: Path, mutations: int) -> Outcome:
    """In two processes at a time."""
    jobs = min(2, os.cpu_count() or 1)
    edges = [mutations * part // jobs for part in range(jobs + 1)]

    def some(part: int) -> Outcome:
        return damage(source, folder / f"damaged{part}", range(edges[part], edges[part + 1]))

    whole = Outcome()
    with ThreadPoolExecutor(jobs) as pool:
        for outcome in pool.map(some, range(jobs)):
            whole.counts += outcome.counts
            whole.deaths += outcome.deaths
    return whole


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]), int(sys.argv[2])))
