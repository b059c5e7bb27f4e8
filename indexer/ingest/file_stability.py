"""Which files are still being written."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

_Look = tuple[int, int]


class Settling:
    """Remembers files that changed until their size and time of change stay the same for `moment`
    seconds."""

    def __init__(self, moment: float, clock: Callable[[], float]) -> None:
        self._moment = moment
        self._clock = clock
        self._seen: dict[Path, tuple[_Look, float]] = {}

    def changed(self, paths: Collection[Path]) -> None:
        """Note files that changed. Folders and what is not there are settled as they are."""
        for path in paths:
            look = _look(path)
            if look is not None:
                self._seen[path] = (look, self._clock())

    def unsettled(self) -> frozenset[Path]:
        """The files that were not the same for a moment yet; the others are forgotten."""
        now = self._clock()
        for path, (before, since) in list(self._seen.items()):
            look = _look(path)
            if look is None:
                del self._seen[path]
            elif look != before:
                self._seen[path] = (look, now)
            elif now - since >= self._moment:
                del self._seen[path]
        return frozenset(self._seen)


def _look(path: Path) -> _Look | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return None if path.is_dir() else (status.st_size, status.st_mtime_ns)
