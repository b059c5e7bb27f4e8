"""Indexing, in a process of its own: wall time, peak memory, size on disk."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.bench.articles import ROOT, Collection
from tests.bench.memory import proportional

SAMPLED_EVERY = 0.1
"""Seconds between two looks at the memory. Each takes some milliseconds of a large process."""


@dataclass(frozen=True, slots=True)
class Built:
    """An index. `seconds` go from the JSON Lines to the first answer; `peak_bytes` is 0 where the
    system does not say."""

    peer: str
    version: str
    note: str
    articles: int
    seconds: float
    peak_bytes: int
    disk_bytes: int
    text_bytes: int


def build(name: str, collection: Collection, folder: Path) -> Built:
    """Index a collection anew. Raises subprocess.CalledProcessError where the engine fails."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    arguments = [name, str(collection.path), str(folder)]
    command = [sys.executable, "-m", "tests.bench.indexing", *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        peak = 0
        while process.poll() is None:
            peak = max(peak, proportional(process.pid))
            time.sleep(SAMPLED_EVERY)
        output = process.stdout.read() if process.stdout else b""
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    said = json.loads(output.splitlines()[-1])
    return Built(
        **said,
        articles=collection.count,
        peak_bytes=peak,
        disk_bytes=_size(folder),
        text_bytes=collection.text_bytes,
    )


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
