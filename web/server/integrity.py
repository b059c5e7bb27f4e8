"""Compares the live generation with its checksums while it serves; a damaged one answers nothing.

A small index is compared before the first answer. One of 500,000 articles has 1.3 GB, too much for
that: one process of the server reads it in the background, after the start and whenever a
generation is published or a file changes. What it finds all processes know: they answer 503 rather
than wrongly.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
import time
from dataclasses import asdict, dataclass
from typing import Final, Literal

from jianbao.indexer import (
    ArticleView,
    Condition,
    FacetCount,
    IndexDamagedError,
    IndexUnavailableError,
    ResultPage,
    SearchRequest,
    Suggestion,
)
from jianbao.web.ports import SearchDoor, Stats
from jianbao.web.server.shared_memory import ProcessLock, SharedNote

EVERY_S: Final = 2.0
"""Between two looks from outside, a few dozen `stat` each."""

SMALL: Final = 256 << 20
"""Bytes of an index that is compared before the first answer; 110 MB take 0.1 s."""

PATIENCE_S: Final = 2.0
"""How long the first answer waits for it at most."""

_LOOK_S: Final = 0.002
_LOWEST_PRIORITY: Final = 19
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of a generation whose files had a `mark`; `reason` tells what is damaged."""

    generation: str = ""
    mark: str = ""
    state: Literal["unknown", "whole", "damaged"] = "unknown"
    reason: str = ""


class Soundness:
    """What is known of the live generation. Made before the processes of a server are forked, it
    is one for all of them."""

    def __init__(
        self, condition: Condition, every: float = EVERY_S, patience: float = PATIENCE_S
    ) -> None:
        self._condition = condition
        self._every = every
        self._patience = patience
        self._note = SharedNote()
        self._duty = ProcessLock()
        self._lock = threading.Lock()
        self._pid = 0
        self._known = (0, Verdict())

    def begin(self) -> None:
        """Let this process do its part from now on; once is enough, with each request is cheap. The
        first time, a small index is compared when it returns."""
        if self._pid == os.getpid():
            return
        with self._lock:
            if self._pid != os.getpid():
                thread = threading.Thread(target=self._watch, name="soundness", daemon=True)
                thread.start()
                self._await_verdict()
                _step_back(thread)
                self._pid = os.getpid()

    def verdict(self) -> Verdict:
        """What is known at this moment."""
        version = self._note.version()
        if version != self._known[0]:
            text = self._note.read()
            if text:
                self._known = (version, Verdict(**json.loads(text)))
        return self._known[1]

    def is_whole(self, generation: str) -> bool:
        """Whether every file of the generation was found to have its checksum."""
        verdict = self.verdict()
        return verdict.state == "whole" and verdict.generation == generation

    def require(self, generation: str) -> None:
        """Raise IndexDamagedError where the generation is known to be damaged."""
        verdict = self.verdict()
        if verdict.state == "damaged" and verdict.generation == generation:
            raise IndexDamagedError(verdict.reason)

    def look(self) -> None:
        """Look at the live generation, and compare it with its checksums if it is another than the
        one known, or another file of it is."""
        try:
            seen = self._condition.glance()
        except IndexDamagedError as error:
            self._write(Verdict(self._condition.live(), "", "damaged", str(error)))
            return
        except IndexUnavailableError:
            # Every request says so itself.
            return
        if seen.mark == self.verdict().mark:
            return
        try:
            self._condition.compare(seen.generation)
        except IndexDamagedError as error:
            # A generation that was replaced meanwhile may be gone already.
            if self._condition.live() == seen.generation:
                self._write(Verdict(*seen, "damaged", str(error)))
        else:
            self._write(Verdict(*seen, "whole"))

    def _await_verdict(self) -> None:
        try:
            if self._condition.size() > SMALL:
                return
        except IndexDamagedError:
            pass  # A verdict will say so.
        except IndexUnavailableError:
            return
        end = time.monotonic() + self._patience
        while self.verdict().state == "unknown" and time.monotonic() < end:
            time.sleep(_LOOK_S)

    def _watch(self) -> None:
        while True:
            try:
                if self._duty.take():
                    self.look()
            except Exception:
                _LOG.exception("the index could not be compared with its checksums")
            time.sleep(self._every)

    def _write(self, verdict: Verdict) -> None:
        if verdict != self.verdict():
            if verdict.state == "damaged":
                _LOG.error("%s", verdict.reason)
            self._note.write(json.dumps(asdict(verdict)))


class SoundSearcher:
    """A searcher that raises IndexDamagedError once its generation is known to be damaged."""

    def __init__(self, searcher: SearchDoor, soundness: Soundness) -> None:
        self._searcher = searcher
        self._soundness = soundness

    def search(self, request: SearchRequest, /) -> ResultPage:
        """As the searcher."""
        return self._sound().search(request)

    def values(self, request: SearchRequest, name: str, /) -> tuple[FacetCount, ...]:
        """As the searcher."""
        return self._sound().values(request, name)

    def article(self, article_id: str, /, query: str = "") -> ArticleView:
        """As the searcher."""
        return self._sound().article(article_id, query)

    def suggest(self, text: str, size: int, /) -> tuple[Suggestion, ...]:
        """As the searcher."""
        return self._sound().suggest(text, size)

    def stats(self) -> Stats:
        """As the searcher."""
        self._soundness.begin()
        found = self._searcher.stats()
        self._soundness.require(found.generation)
        return found

    def _sound(self) -> SearchDoor:
        self.stats()
        return self._searcher


def _step_back(thread: threading.Thread) -> None:
    """Let the thread compute only when nobody else wants to."""
    if sys.platform == "linux" and thread.native_id is not None:
        os.setpriority(os.PRIO_PROCESS, thread.native_id, _LOWEST_PRIORITY)
