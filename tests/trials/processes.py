"""What a process and its children hold: private memory, and open descriptors. Linux only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Held:
    """Private memory in KB and open descriptors of a process and all below it."""

    memory: int
    descriptors: int
    processes: int


def held(pid: int) -> Held:
    """What the process and its descendants hold now; one that ends meanwhile counts nothing."""
    memory = descriptors = count = 0
    for each in (pid, *_below(pid)):
        try:
            private = _private(each)
            opened = len(list((PROC / str(each) / "fd").iterdir()))
        except (FileNotFoundError, ProcessLookupError):
            continue
        memory, descriptors, count = memory + private, descriptors + opened, count + 1
    return Held(memory, descriptors, count)


def _private(pid: int) -> int:
    lines = (PROC / str(pid) / "smaps_rollup").read_text("ascii").splitlines()
    fields = (line.split() for line in lines)
    return sum(
        int(found[1]) for found in fields if found[0] in ("Private_Clean:", "Private_Dirty:")
    )


def _below(pid: int) -> Iterator[int]:
    try:
        threads = list((PROC / str(pid) / "task").iterdir())
        children = [(thread / "children").read_text("ascii") for thread in threads]
    except (FileNotFoundError, ProcessLookupError):
        return
    for child in " ".join(children).split():
        yield int(child)
        yield from _below(int(child))
