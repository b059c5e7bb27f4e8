"""Damages an index in many ways, and asks it, in a process of its own, so that its death is seen.

python -m tests.engines.damaging SOURCE TARGET FIRST LAST
"""

from __future__ import annotations

import logging
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jianbao.indexer.engines.embedded import open_segment as opening
from jianbao.indexer.engines.embedded.format import layout
from jianbao.indexer.errors import IndexDamagedError
from tests.engines.asking import Asking
from tests.engines.mutations import files_of, mutate, renew

UNCHECKED = 3
"""One mutation in so many is asked of an engine that does not compare the files with the table:
the kernels must hold by themselves."""

CARRIED = 8
"""One in so many is an earlier index that is carried over."""

_ALL = 5
_SHARE = 0.35


@dataclass
class Outcome:
    """How many mutations were refused, noticed later, or answered; what else was raised; and the
    mutations that ended the process, with what it said."""

    counts: Counter[str] = field(default_factory=Counter)
    deaths: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        kinds = ", ".join(f"{count} {name}" for name, count in sorted(self.counts.items()))
        return f"{self.counts.total()} mutations: {kinds}; {len(self.deaths)} deaths"


def damage(
    source: Path, target: Path, seeds: range, environment: Mapping[str, str] | None = None
) -> Outcome:
    """Damage the index in `source` once for each number, in a copy at `target`."""
    outcome = Outcome()
    first = seeds.start
    while first < seeds.stop:
        given = [str(source), str(target), str(first), str(seeds.stop)]
        command = [sys.executable, "-m", "tests.engines.damaging", *given]
        done = subprocess.run(command, capture_output=True, text=True, env=environment)
        lines = done.stdout.splitlines()
        for line in lines:
            _, told, what = line.partition("\t")
            if told:
                outcome.counts[what] += 1
        if done.returncode == 0:
            break
        last = lines[-1].split("\t")[0] if lines else str(first)
        outcome.deaths.append(f"{last}: {done.returncode} {done.stderr[-3000:]}")
        outcome.counts["ended the process"] += 1
        first = int(last.split()[0]) + 1
    return outcome


def main(source: Path, target: Path, seeds: range) -> None:
    """Print for each number what was done, and, after it was survived, what came of it."""
    logging.disable()
    asking = Asking()
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)
    for seed in seeds:
        chance = random.Random(seed)
        file = chance.choice(files_of(source))
        way = mutate(target / file.name, chance)
        print(f"{seed} {file.name} {way}", end="", flush=True)
        unchecked = seed % UNCHECKED == 0
        vars(opening)["verify"] = _nothing if unchecked else layout.verify
        try:
            what = _asked(asking, target, seed, chance)
        except IndexDamagedError:
            what = "noticed"
        except Exception as error:
            what = "other" if unchecked else f"raised {type(error).__name__}: {error} ({seed})"
        print(f"\t{what}", flush=True)
        renew(file, target / file.name)
    shutil.rmtree(target)


def _asked(asking: Asking, target: Path, seed: int, chance: random.Random) -> str:
    if seed % CARRIED == 1:
        carried = target.with_name(target.name + "-carried")
        shutil.rmtree(carried, ignore_errors=True)
        asking.carry_over(target, carried, native=bool(seed & 2))
        return "carried over"
    for native in (True, False):
        asking.ask(target, native=native, share=_SHARE, chance=chance)
    if seed % _ALL == 0:
        asking.ask_all(target)
    return "answered"


def _nothing(folder: Path) -> None:
    pass


def attributed(outcome: Outcome) -> Sequence[str]:
    """What must not be: deaths, and errors other than IndexDamagedError."""
    return [*outcome.deaths, *(name for name in outcome.counts if name.startswith("raised"))]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), range(int(sys.argv[3]), int(sys.argv[4])))
