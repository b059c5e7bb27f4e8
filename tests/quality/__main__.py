"""Print the figures of every judged collection beside those of two baselines, and keep the floors.

    python -m tests.quality [COLLECTION…] [--raise-floors]

Exits with 1 if a figure of ours is below its floor in `floors.json`. `--raise-floors` sets the
floors to what was reached; it never lowers one.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from tests.quality.judged import COLLECTIONS, Judged
from tests.quality.measures import Figures, figures, mean
from tests.quality.rankers import RANKERS, Ranker

FLOORS = Path(__file__).parent / "floors.json"
DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "judged"
SLACK = 0.0005
"""A floor is the figure reached less this: a tie that falls the other way is no regression."""


def main() -> int:
    """Run the command; the return value is the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.quality")
    parser.add_argument("collections", nargs="*", choices=[*COLLECTIONS, []])
    parser.add_argument("--raise-floors", action="store_true")
    options = parser.parse_args()
    if not DATA.is_dir():
        print(f"no judged queries: {DATA} is absent")
        return 0
    logging.getLogger("jieba").setLevel(logging.WARNING)
    reached = {}
    ready: dict[str, dict[str, Ranker]] = {}
    print(f"{'collection':16} {'ranker':10} {'nDCG@10':>8} {'MRR@10':>8} {'S@1':>8} {'S@10':>8}")
    with tempfile.TemporaryDirectory() as folder:
        for name in options.collections or COLLECTIONS:
            judged = COLLECTIONS[name](DATA)
            if judged.corpus not in ready:
                # One corpus at a time is held in memory.
                ready = {judged.corpus: _rankers(judged, Path(folder))}
            shown = [_show(judged, *each) for each in ready[judged.corpus].items()]
            reached[name] = shown[0]
    return _keep_floors(reached, raise_them=options.raise_floors)


def _rankers(judged: Judged, folder: Path) -> dict[str, Ranker]:
    return {name: open_(judged, folder) for name, open_ in RANKERS.items()}


def _show(judged: Judged, ranker_name: str, rank: Ranker) -> Figures:
    found = mean([figures(rank(query.text), query.grades) for query in judged.queries])
    numbers = " ".join(f"{number:8.4f}" for number in asdict(found).values())
    print(f"{judged.name:16} {ranker_name:10} {numbers}", flush=True)
    return found


def _keep_floors(reached: dict[str, Figures], *, raise_them: bool) -> int:
    floors = json.loads(FLOORS.read_text("utf-8")) if FLOORS.exists() else {}
    failed = 0
    for name, found in reached.items():
        floor = floors.setdefault(name, {})
        for measure, number in asdict(found).items():
            if number < floor.get(measure, 0.0):
                print(f"{name}: {measure} {number:.4f} is below its floor {floor[measure]:.4f}")
                failed = 1
            if raise_them:
                floor[measure] = max(floor.get(measure, 0.0), round(number - SLACK, 4))
    if raise_them:
        FLOORS.write_text(json.dumps(floors, indent=1) + "\n", "utf-8")
    return failed


if __name__ == "__main__":
    sys.exit(main())
