"""Keeps an index up to date while its sources change."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import closing
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from jianbao.indexer.errors import ConfigError, IndexLockedError, JianbaoError, RunFailedError
from jianbao.indexer.ingest.file_stability import Settling
from jianbao.indexer.ingest.indexing import Indexing, Wanted
from jianbao.indexer.ingest.report import Report
from jianbao.indexer.settings import Settings

MOMENT = 0.25
"""Seconds that a file must not change before it is read: it may be half written."""

PATIENCE = 1.0
"""Seconds after which what is settled is indexed, even if other files are still being written."""

TICK = 500
"""Milliseconds between looks at what sends no event: whether the folders are still the same ones,
and the user dictionary."""

SWEEP = 600.0
"""Seconds after which all is compared without an event: a full queue of events loses some."""

SECOND_LOOK = 2.0
"""Seconds after an event when all is compared once more, where a folder changed: files may have
been written to it before it was watched."""

THIRD_LOOK = 10.0
"""The same where only files changed: there may be links to them, or events that were lost."""

MANY = 1000
"""Changed paths from which on all is compared: it takes no longer then."""

RETRY = 2.0
"""Seconds to wait for another run to let go of the index."""

RECOVERY = 20.0
"""Seconds to wait for room, memory or permission: that they are back sends no event."""


_UNTOLD = "Unable to decode path"
"""What the library says, and ends, when a file changes whose name is not UTF-8."""


class Watching:
    """Runs `indexing` whenever something changed below the roots, until `stop` is set.

    `tell` is called with the report of each run that published, `warn` with whatever keeps a run
    from it; the watch goes on. The write lock is taken for each run, not for the whole watch.
    """

    def __init__(
        self,
        indexing: Indexing,
        settings: Settings,
        wanted: Wanted,
        *,
        tell: Callable[[Report], None],
        warn: Callable[[str], None],
        stop: threading.Event,
    ) -> None:
        if find_spec("watchfiles") is None:
            raise ConfigError("watching needs a library: run pip install 'jianbao[watch]'")
        self._indexing = indexing
        self._settings = settings
        self._wanted = wanted
        self._tell = tell
        self._warn = warn
        self._stop = stop
        self._settling = Settling(MOMENT, time.monotonic)
        self._changed: set[Path] | None = None
        """What changed since the last run that was done; None where all is to be compared."""
        self._compared = 0.0
        """When all was compared."""
        self._told = ""
        self.busy = False
        """Whether a run is under way."""

    def run(self) -> None:
        """Index, then watch. Raises IndexMissingError where there is nothing to watch."""
        roots = [root.resolve() for root in self._wanted.roots] or self._indexing.roots()
        self._wanted = replace(self._wanted, roots=roots)
        while not self._stop.is_set():
            if not self._are_there(roots):
                self._stop.wait(TICK / 1000)
                continue
            self._watch(roots)

    def _watch(self, roots: Sequence[Path]) -> None:
        """Watch until a root is gone or another one, or an event is lost."""
        try:
            self._follow(roots)
        except RuntimeError as error:
            if _UNTOLD not in str(error):
                raise
            # The file may still be written; the next look compares all.
            self._stop.wait(MOMENT)

    def _follow(self, roots: Sequence[Path]) -> None:
        from watchfiles import watch

        began = self._identity(roots)
        events = watch(
            *roots,
            watch_filter=lambda _, path: self._matters(path),
            debounce=200,
            step=20,
            stop_event=self._stop,
            rust_timeout=TICK,
            yield_on_timeout=True,
            raise_interrupt=False,
            ignore_permission_denied=True,
        )
        with closing(events):
            # The first look comes when events are already gathered, so that none is missed.
            self._changed = None
            due, again, words = 0.0, False, self._dictionary()
            for changes in events:
                if self._identity(roots) != began:
                    return
                paths = [Path(path) for _, path in changes]
                self._note(paths)
                now = time.monotonic()
                if now >= due:
                    self._changed, due = None, now + SWEEP
                elif not (paths or again or self._dictionary() != words):
                    continue
                words = self._dictionary()
                if paths:
                    due = min(now + _next_look(paths), self._compared + SWEEP)
                again = self._settle_and_update(now)

    def _note(self, paths: Sequence[Path]) -> None:
        self._settling.changed(paths)
        if self._changed is not None:
            self._changed.update(paths)
            if len(self._changed) > MANY:
                self._changed = None

    def _settle_and_update(self, first: float) -> bool:
        """Run when the changed files are settled, or patience is at an end; whether there is more
        to be done."""
        while self._settling.unsettled() and time.monotonic() - first < PATIENCE:
            if self._stop.wait(MOMENT / 5):
                return False
        unsettled = self._settling.unsettled()
        done = self._update(unsettled)
        return not done or bool(unsettled)

    def _update(self, leave: Collection[Path]) -> bool:
        """Run once; whether there is nothing more to do for now."""
        self.busy = True
        try:
            began = time.monotonic()
            changed = None if self._changed is None else frozenset(self._changed)
            report = self._indexing.run(
                replace(self._wanted, leave=frozenset(leave), changed=changed)
            )
            if not report.published:
                self._indexing.get_ready()
        except IndexLockedError as error:
            self._warn_once(str(error))
            self._stop.wait(RETRY)
            return False
        except RunFailedError as error:
            self._warn_once(str(error))
            self._stop.wait(RECOVERY)
            return False
        except JianbaoError as error:
            self._warn_once(str(error))
            return True
        finally:
            self.busy = False
        self._told = ""
        self._compared = began if self._changed is None else self._compared
        self._changed = set(leave)
        self._wanted = replace(self._wanted, full=False, verify=False, retry_failed=False)
        if report.published:
            self._tell(report)
        return True

    def _warn_once(self, message: str) -> None:
        if message != self._told:
            self._told = message
            self._warn(message)

    def _are_there(self, roots: Sequence[Path]) -> bool:
        missing = [str(root) for root in roots if not root.exists()]
        if missing:
            self._warn_once(
                f"{', '.join(missing)} is not there, so the index stays as it is: waiting for it"
            )
        return not missing

    def _identity(self, roots: Sequence[Path]) -> list[tuple[int, int] | None]:
        """What tells whether a root is still the same one."""
        return [_device_and_number(root) for root in roots]

    def _dictionary(self) -> tuple[int, int] | None:
        path = self._settings.user_dictionary
        if not path:
            return None
        try:
            status = Path(path).stat()
        except OSError:
            return None
        return status.st_size, status.st_mtime_ns

    def _matters(self, path: str) -> bool:
        """Whether a change of this path may change the index."""
        place = Path(path)
        if self._settings.index.resolve() in (place, *place.parents):
            return False
        if place.name == ".jianbaoignore":
            return True
        return not place.name.startswith(".") and not place.name.endswith("~")


def _next_look(paths: Sequence[Path]) -> float:
    """Seconds after which all is compared, given what changed."""
    return SECOND_LOOK if any(path.is_dir() for path in paths) else THIRD_LOOK


def _device_and_number(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
