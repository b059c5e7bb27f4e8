"""What a process and its children take of memory, as Linux counts it; 0 where it does not."""

from __future__ import annotations

import re
from pathlib import Path

_FIGURE = re.compile(r"^(\w+):\s+(\d+) kB$", re.MULTILINE)


def proportional(pid: int) -> int:
    """Bytes in memory of a process and its descendants, a shared page counted once in all (PSS)."""
    return sum(_figures(each).get("Pss", 0) for each in tree(pid)) * 1024


def private(pid: int) -> int:
    """Bytes that no other process shares, of a process and its descendants."""
    return 1024 * sum(
        figures.get("Private_Clean", 0) + figures.get("Private_Dirty", 0)
        for figures in map(_figures, tree(pid))
    )


def tree(pid: int) -> list[int]:
    """A process and its descendants; those that end meanwhile are left out."""
    found = [pid]
    for tasks in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in _text(tasks).split():
            found += tree(int(child))
    return found


def _figures(pid: int) -> dict[str, int]:
    text = _text(Path(f"/proc/{pid}/smaps_rollup"))
    return {name: int(kilobytes) for name, kilobytes in _FIGURE.findall(text)}


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError:  # the process has ended, or there is no such file on this system
        return ""
