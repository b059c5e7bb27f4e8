"""Searches and changing sources for as long as wanted: memory, descriptors and disk stay flat.

    python -m tests.trials.soak --minutes 30

Runs `jianbao index --watch` and `jianbao serve` over one index, asks ten questions a second,
changes the sources every few seconds and rebuilds all now and then. Prints a line every ten
seconds and a table at the end; exits 1 where something grew, a request failed, or an answer was
empty.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen

from jianbao.indexer.store.generations import Generations
from tests.conftest import ROOT
from tests.test_changes import write
from tests.test_many_sources import texts
from tests.trials.processes import held
from tests.trials.serving import serving
from tests.web.real_server import index

ARTICLES = 2_000
QUERIES = ("石桥", "经济 发展", "“中国”", "专利 OR 创新", "大桥", "的", "新闻 -体育", "公司", "")
SEARCHES_A_SECOND = 10
CHANGE_EVERY = 5.0
REBUILD_EVERY = 300.0
SAMPLE_EVERY = 10.0

WARM_UP = 0.2
"""Share of the samples at the start that are not compared: caches fill."""

GROWTH = {"memory": 0.10, "descriptors": 0.10, "disk": 0.20}
"""What the least of the last third may be above the least of the first, as a share of it: what a
run holds for a moment comes and goes, and a leak never goes."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One look: seconds since the start, KB, counts, KB."""

    at: float
    values: dict[str, float]


class Sources:
    """A folder of articles that is changed at random and stays about as large."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.folder = folder
        self._chance = chance
        self._texts = list(islice(texts(ROOT), ARTICLES))
        self._made = 0
        shutil.copytree(ROOT / "corpus", folder / "corpus")
        for _ in range(ARTICLES):
            self._add()

    def change(self) -> None:
        """Change, move, or replace a file, or move a folder."""
        files = sorted(self.folder.glob("[0-9]*/*.json"))
        file = self._chance.choice(files)
        match self._chance.choice(("change", "rename", "replace", "folder")):
            case "change":
                record = json.loads(file.read_text("utf-8"))
                body = f"{self._chance.random()}。{record['body'].partition('。')[2]}"
                write(file, json.dumps(record | {"body": body}))
            case "rename":
                file.rename(file.with_name(f"m{self._made}-{file.name[-9:]}"))
                self._made += 1
            case "replace":
                file.unlink()
                self._add()
            case _:
                file.parent.rename(self.folder / f"{self._made:06}")
                self._made += 1

    def _add(self) -> None:
        title, body = self._chance.choice(self._texts)
        below = self.folder / f"{self._made // 100 % (ARTICLES // 100):03}"
        below.mkdir(exist_ok=True)
        name = f"{self._made:07}.json"
        write(below / name, json.dumps({"title": title, "body": body}))
        self._made += 1


class Reader:
    """Asks the server at a steady rate and counts what it gets."""

    def __init__(self, address: str, stop: threading.Event) -> None:
        self._address = address
        self._stop = stop
        self.counts: Counter[str] = Counter()
        self.seconds: list[float] = []

    def run(self) -> None:
        """Ask until told to stop."""
        due = time.monotonic()
        number = 0
        while not self._stop.is_set():
            self._ask(QUERIES[number % len(QUERIES)])
            number += 1
            due = max(due + 1 / SEARCHES_A_SECOND, time.monotonic() - 1)
            self._stop.wait(max(0.0, due - time.monotonic()))

    def _ask(self, query: str) -> None:
        began = time.monotonic()
        try:
            with urlopen(f"{self._address}api/v1/search?q={quote(query)}", timeout=60) as answer:
                found = json.load(answer)
        except (URLError, OSError, ValueError) as error:
            self.counts[f"error: {error}"] += 1
            return
        self.seconds.append(time.monotonic() - began)
        self.counts["answered" if found["total"] and found["hits"] else "empty"] += 1


def disk(folder: Path) -> float:
    """KB of all files below."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size
        except FileNotFoundError:
            continue
    return total / 1024


def sample(began: float, pids: dict[str, int], folder: Path) -> Sample:
    """Look once at all processes and the index."""
    values: dict[str, float] = {"disk": disk(folder)}
    for name, pid in pids.items():
        now = held(pid)
        values[f"{name} memory"] = now.memory
        values[f"{name} descriptors"] = now.descriptors
    return Sample(time.monotonic() - began, values)


def rebuild(settings_index: Path, sources: Path, counts: Counter[str]) -> None:
    """Rebuild all beside the watch."""
    command = [sys.executable, "-m", "jianbao.indexer", "index", str(sources), "--full", "--quiet"]
    done = subprocess.run(
        [*command, "--index", str(settings_index), "--lock-timeout", "60"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    outcomes = {0: "rebuilt", 1: "rebuilt while a file was moved"}
    failed = f"rebuild failed with {done.returncode}: {done.stderr[-300:]}"
    counts[outcomes.get(done.returncode, failed)] += 1


def every(seconds: float, do: Callable[[], None], stop: threading.Event) -> threading.Thread:
    """A thread that does something every so many seconds."""

    def run() -> None:
        while not stop.wait(seconds):
            do()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def grown(samples: Sequence[Sample], name: str) -> tuple[str, bool]:
    """The line of one figure in the table, and whether it grew."""
    kept = samples[int(len(samples) * WARM_UP) :]
    third = max(1, len(kept) // 3)
    values = [each.values[name] for each in kept]
    start, end = min(values[:third]), min(values[-third:])
    hours = [each.at / 3600 for each in kept]
    slope = statistics.linear_regression(hours, values).slope if len(kept) > 2 else 0.0
    is_grown = end > start * (1 + GROWTH[name.split()[-1]])
    verdict = "GREW" if is_grown else "flat"
    peak = max(values)
    line = f"{name:22} {start:12.0f} {end:12.0f} {peak:12.0f} {slope:+14.1f}/h  {verdict}"
    return line, is_grown


def report(samples: Sequence[Sample], reader: Reader, done: Counter[str]) -> bool:
    """Print the table; whether all is well."""
    print(f"\n{'':22} {'first third':>12} {'last third':>12} {'peak':>12} {'slope':>14}")
    lines = [grown(samples, name) for name in samples[-1].values]
    print("\n".join(line for line, _ in lines))
    print("memory and disk in KB, private memory only")
    took = sorted(reader.seconds)
    print(f"searches: {dict(reader.counts)}; median {took[len(took) // 2] * 1000:.1f} ms, ", end="")
    print(f"99% below {took[len(took) * 99 // 100] * 1000:.1f} ms")
    print(f"changes and runs: {dict(done)}")
    is_answered = set(reader.counts) == {"answered"}
    is_done = not any("failed" in name for name in done)
    return is_answered and is_done and not any(is_grown for _, is_grown in lines)


def watch(folder: Path, sources: Path) -> subprocess.Popen[str]:
    """`jianbao index --watch`, whose messages go to a file."""
    command = [
        sys.executable,
        "-m",
        "jianbao.indexer",
        "index",
        str(sources),
        "--watch",
        "--log-json",
    ]
    with (folder / "log").open("w") as log:
        return subprocess.Popen(
            [*command, "--index", str(folder / "index")], cwd=ROOT, stderr=log, text=True
        )


def published(folder: Path, done: Counter[str]) -> None:
    """Count what the watch said."""
    for line in (folder / "log").read_text("utf-8").splitlines():
        done[f"watch {json.loads(line)['event']}"] += 1


def soak(folder: Path, minutes: float, rebuild_every: float = REBUILD_EVERY) -> bool:
    """Run for so many minutes below a folder of its own; whether all stayed flat."""
    sources = Sources(folder / "sources", random.Random(8))
    settings = index(folder, sources.folder)
    done: Counter[str] = Counter()
    stop = threading.Event()
    samples: list[Sample] = []
    with ExitStack() as stack:
        watching = stack.enter_context(watch(folder, sources.folder))
        stack.callback(watching.terminate)
        server = stack.enter_context(serving(settings.index))
        reader = Reader(server.address, stop)
        asking = threading.Thread(target=reader.run)
        asking.start()

        def change() -> None:
            sources.change()
            done["changes"] += 1

        threads = [
            asking,
            every(CHANGE_EVERY, change, stop),
            every(rebuild_every, lambda: rebuild(settings.index, sources.folder, done), stop),
        ]
        began = time.monotonic()
        pids = {"watch": watching.pid, "server": server.pid}
        while time.monotonic() - began < minutes * 60:
            time.sleep(SAMPLE_EVERY)
            samples.append(sample(began, pids, settings.index))
            shown = "  ".join(f"{name} {value:.0f}" for name, value in samples[-1].values.items())
            print(f"{samples[-1].at:7.0f} s  {shown}", flush=True)
        stop.set()
        for thread in threads:
            thread.join()
    published(folder, done)
    Generations(settings.index).check(Generations(settings.index).pointer().current)
    return report(samples, reader, done)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    with tempfile.TemporaryDirectory() as scratch:
        raise SystemExit(0 if soak(Path(scratch), parser.parse_args().minutes) else 1)
