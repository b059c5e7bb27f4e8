"""Reads the sources that changed into a new generation, and remembers what they held."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from jianbao.indexer.engines.base import Writer
from jianbao.indexer.errors import NothingToPublishError, SourceError
from jianbao.indexer.ingest.changes import Changes
from jianbao.indexer.models import Article, Problem, Source
from jianbao.indexer.sources import SourceFile, read_sources, taken_id
from jianbao.indexer.store.digest import text_digest
from jianbao.indexer.store.ledger import Entry

_UNREAD = (-1, 0, "")
"""The state of a file that cannot be read."""

OnProgress = Callable[[int, int], None]
"""Called with how many sources are done, and how many there are to read."""


class IdTakenError(Exception):
    """An article that was read has the id of one that stays but would come after it: which of the
    two is indexed can only be told by reading all."""


class Intake:
    """The sources of one run. `owner` tells the source of the article with an id in the earlier
    generation; `reusable` maps the digest of a text to the ids of the articles there that have it,
    do not stay, and are segmented as they would be now."""

    def __init__(
        self,
        sources: Sequence[Source],
        changes: Changes,
        owner: Callable[[str], str | None],
        reusable: Mapping[str, list[str]],
        on_progress: OnProgress,
        roles: Mapping[str, str],
    ) -> None:
        self._changes = changes
        self._owner = owner
        self._reusable = reusable
        self._on_progress = on_progress
        self._roles = roles
        self._place = {source.name: number for number, source in enumerate(sources)}
        self._kept = {entry.name for entry in changes.kept}
        self._ids: dict[str, list[str]] = defaultdict(list)
        self._texts: dict[str, list[str]] = defaultdict(list)
        self._pages: set[str] = set()
        self._states: dict[str, tuple[int, int, str]] = {}
        self._done = 0
        self.problems: list[Problem] = []
        self.articles = 0
        """How many articles were added."""
        self.characters = 0
        """How many characters their titles and bodies have."""

    def into(self, writer: Writer) -> None:
        """Add the articles of the changed sources. Raises IdTakenError; NothingToPublishError where
        too many articles would be gone because their sources cannot be read."""
        for source in self._changes.read:
            self._states[source.name] = _state(source)
        for item in read_sources(self._changes.read, on_done=self._count, roles=self._roles):
            if isinstance(item, Problem):
                self.problems.append(item)
            else:
                self._take(item, writer)
        self._guard()

    def _guard(self) -> None:
        stake = self._changes.at_stake
        failed = [each for each in self.problems if each.outcome == "skipped"]
        reasons = {each.source: each.reason for each in failed if each.source not in self._ids}
        gone = sum(stake.get(name, 0) for name in reasons)
        if gone > self._changes.may_go:
            name, reason = next(pair for pair in reasons.items() if stake.get(pair[0]))
            raise NothingToPublishError(
                f"the sources of {gone} articles cannot be read any more, as {name}: {reason}; so "
                "the index stays as it was: see whether the folder is mounted, or give "
                "--max-deletions 100"
            )

    def entries(self) -> tuple[Entry, ...]:
        """What is to be remembered of the sources that were read."""
        told: dict[str, list[Problem]] = defaultdict(list)
        for problem in self.problems:
            told[problem.source].append(problem)
        return tuple(
            Entry.of(
                source.name,
                self._remembered(source, told.get(source.name, ())),
                with_folder=source.name in self._pages,
                ids=self._ids.get(source.name, ()),
                texts=self._texts.get(source.name, ()),
                problems=told.get(source.name, ()),
            )
            for source in self._changes.read
        )

    def _remembered(self, source: Source, told: Sequence[Problem]) -> tuple[int, int, str]:
        """The state it was read in; an empty one, so that the next run reads it again, where it
        cannot be read at all: the share may come back with the file as it was."""
        is_skipped = any(each.outcome == "skipped" for each in told)
        return _UNREAD if is_skipped and _state(source) == _UNREAD else self._states[source.name]

    def _take(self, article: Article, writer: Writer) -> None:
        owner = self._owner(article.id)
        if owner is not None and owner in self._kept:
            if self._place[owner] > self._place[article.path]:
                raise IdTakenError
            self.problems.append(taken_id(article, owner))
            return
        text = text_digest(article.title, article.body)
        self._ids[article.path].append(article.id)
        self._texts[article.path].append(text)
        self.articles += 1
        self.characters += len(article.title) + len(article.body)
        same = self._reusable.get(text)
        if same:
            writer.reuse(article, same.pop(0))
        else:
            writer.add(article)

    def _count(self, source: Source, is_page: bool) -> None:
        if is_page:
            self._pages.add(source.name)
        self._done += 1
        self._on_progress(self._done, len(self._changes.read))


def _state(source: Source) -> tuple[int, int, str]:
    """Size, time of change and digest, taken before the source is read: a change while it is read
    is then seen by the next run. Empty for a file that cannot be read."""
    try:
        status = source.path.stat()
        return status.st_size, status.st_mtime_ns, SourceFile(source).digest()
    except (OSError, SourceError):
        return _UNREAD
