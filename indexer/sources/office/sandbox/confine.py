"""Limits that the system keeps for this process: its memory, computing time and files."""

from __future__ import annotations

import sys
from pathlib import Path

from jianbao.indexer.sources.office.sandbox.limits import Limits

_OPEN_FILES = 64


def confine(limits: Limits) -> None:
    """Limit this process. On Linux all limits hold; on macOS memory, and on Windows memory and
    computing time, are limited only by the parent's clock."""
    if sys.platform != "win32":
        import resource

        _lower(resource.RLIMIT_CORE, 0)
        _lower(resource.RLIMIT_NOFILE, _OPEN_FILES)
        _lower(resource.RLIMIT_FSIZE, limits.unpacked)
        allow_computing(limits)
    if sys.platform == "linux":
        _lower(resource.RLIMIT_AS, _pages() * resource.getpagesize() + limits.memory)


def allow_computing(limits: Limits) -> None:
    """Let this process compute for `limits.cpu_seconds` from now on."""
    if sys.platform != "win32":
        import resource

        usage = resource.getrusage(resource.RUSAGE_SELF)
        soft = int(usage.ru_utime + usage.ru_stime) + 1 + limits.cpu_seconds
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        if hard != resource.RLIM_INFINITY:
            soft = min(soft, hard)
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _lower(kind: int, value: int) -> None:
    """Set a limit for good, unless a lower one holds already."""
    import resource

    if sys.platform != "win32":
        _, hard = resource.getrlimit(kind)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (value, value))


def _pages() -> int:
    """Pages of memory that this process has reserved."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[0])
