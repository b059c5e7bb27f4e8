"""Reads hostile texts of every shape at growing sizes, and tells which cost more than their size.

    python -m tests.trials.readers --most 20000000 --only html

Each file is read in a process of its own; a row gives the seconds of computing at each size, how
they grow from one size to the next (1 is in proportion to the size, 2 with its square), and what
came of it. Exits 1 where a shape took longer than `--seconds` or its cost grew faster.
"""

from __future__ import annotations

import argparse
import os
import resource
import signal
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path

from jianbao.indexer.models import Article, Problem, Source
from jianbao.indexer.sources import read_sources
from tests.trials.hostile_texts import Shape, shapes

NOTICED = 0.25
"""Seconds below which growth is noise."""

STEEP = 1.4
"""Growth from which on a cost is held to be more than in proportion."""

MEMORY = 6 << 30
"""Bytes of address space that reading one file may take."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading one file took, its children included, and what came of it."""

    seconds: float
    outcome: str


def main(arguments: Sequence[str]) -> int:
    """Print the table; 1 where a shape is too dear."""
    wanted = _arguments(arguments)
    sizes = [wanted.least]
    while sizes[-1] * wanted.step <= wanted.most:
        sizes.append(sizes[-1] * wanted.step)
    dear = 0
    print(f"{'shape':44}" + "".join(f"{size / 1000:>11,.0f}k" for size in sizes))
    for shape in shapes():
        label = f"{shape.suffix} {shape.name}"
        if wanted.only not in label:
            continue
        readings = _readings(shape, sizes, wanted.seconds)
        verdict = _verdict(readings, wanted.step, wanted.seconds)
        dear += bool(verdict)
        if verdict or not wanted.quiet:
            columns = "".join(f"{each.seconds:>11.2f}s" for each in readings)
            print(f"{label:44}{columns:{12 * len(sizes)}} {verdict} {readings[-1].outcome}")
            sys.stdout.flush()
    return 1 if dear else 0


def _arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--least", type=int, default=300_000, help="bytes of the first size")
    parser.add_argument("--most", type=int, default=20_000_000, help="bytes of the largest size")
    parser.add_argument("--step", type=int, default=4, help="from one size to the next")
    parser.add_argument("--seconds", type=float, default=20.0, help="given to one file")
    parser.add_argument("--only", default="", help="a part of the label of the shapes to read")
    parser.add_argument("--quiet", action="store_true", help="print only what is too dear")
    return parser.parse_args(arguments)


def _readings(shape: Shape, sizes: Sequence[int], seconds: float) -> list[Reading]:
    """One reading for each size, up to the first that is given up."""
    readings: list[Reading] = []
    for size in sizes:
        readings.append(read_apart(shape.make(size), shape.suffix, seconds))
        if readings[-1].seconds >= seconds:
            break
    return readings


def _verdict(readings: Sequence[Reading], step: int, seconds: float) -> str:
    """Why a shape is too dear, or empty."""
    if readings[-1].seconds >= seconds:
        return "TOO LONG"
    if len(readings) > 1 and readings[-1].seconds > NOTICED:
        growth = log(readings[-1].seconds / max(readings[-2].seconds, 0.01), step)
        if growth > STEEP:
            return f"STEEP {growth:.1f}"
    return ""


def read_apart(data: bytes, suffix: str, seconds: float) -> Reading:
    """Reads `data` in another process, as a file with that suffix."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a{suffix}"
        path.write_bytes(data)
        began = _computed()
        inward, outward = os.pipe()
        child = os.fork()
        if not child:
            os.close(inward)
            _read(path, outward, seconds)
        os.close(outward)
        with os.fdopen(inward) as pipe:
            told = pipe.read()
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            name = signal.Signals(os.WTERMSIG(status)).name
            return Reading(seconds, f"ended by {name}")
        return Reading(_computed() - began, told)


def _computed() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _read(path: Path, outward: int, seconds: float) -> None:
    """Never returns: tells through the pipe what came of it."""
    limit = int(seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
    try:
        allowed = resource.getrlimit(resource.RLIMIT_AS)[1]
        memory = MEMORY if allowed == resource.RLIM_INFINITY else min(MEMORY, allowed)
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        told = _told(path)
    except BaseException as error:
        told = f"RAISED {type(error).__name__}: {str(error)[:80]}"
    os.write(outward, told[:4000].encode("utf-8", "replace"))
    os._exit(0)


def _told(path: Path) -> str:
    articles = characters = 0
    problems: list[Problem] = []
    for item in read_sources([Source(path, path.name)]):
        if isinstance(item, Article):
            articles += 1
            characters += len(item.title) + len(item.body)
        else:
            problems.append(item)
    first = f"{problems[0].outcome}: {problems[0].reason[:90]}" if problems else ""
    more = f" (+{len(problems) - 1})" if len(problems) > 1 else ""
    return f"{articles} articles, {characters} characters {first}{more}"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
