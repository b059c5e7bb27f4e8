"""Which sources have to be read, and which articles stay as they are."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jianbao.indexer.errors import SourceError
from jianbao.indexer.models import Source
from jianbao.indexer.sources import NO_MEMORY, TAKEN, SourceFile
from jianbao.indexer.store.ledger import Entry, Ledger


@dataclass(frozen=True, slots=True)
class Changes:
    """`read` are the sources to read, `kept` the entries of those that stay, `removed` the names
    of those that are gone. `renamed` maps the new name of a source to the old one; they are among
    those read and removed. `at_stake` counts the articles that the live generation has of the
    sources to read, and `may_go` is how many of them may be gone when they cannot be read."""

    read: tuple[Source, ...]
    kept: tuple[Entry, ...] = ()
    removed: tuple[str, ...] = ()
    renamed: dict[str, str] = field(default_factory=dict)
    at_stake: Mapping[str, int] = field(default_factory=dict)
    may_go: int = 0

    @property
    def any(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.read or self.removed)

    @property
    def gone(self) -> set[str]:
        """The names of the entries that are no longer true."""
        return {*self.removed, *(source.name for source in self.read)}


def changes_since(
    ledger: Ledger,
    sources: Sequence[Source],
    *,
    verify: bool = False,
    retry: bool = False,
    leave: Collection[Path] = frozenset(),
    at: Collection[str] | None = None,
) -> Changes:
    """What has changed since the ledger was written.

    A file with another time of change and the same contents has not changed; with `verify` one
    with the same size and time may have. Files in `leave` have not, and where `at` is given, no
    known one but those with these names. With `retry` sources of which something was skipped are
    read again. Sources of which an article was left out for its id are read each time, since it may
    now be free, and so are those for which memory ran out; newspaper pages are read again together
    with all pages of their folder.
    """
    changed = {
        source.name
        for source in sources
        if not (leave and source.path in leave and source.name in ledger)
        and not (at is not None and _is_passed(source, ledger.get(source.name), at))
        and not _is_same(source, ledger.get(source.name), verify, retry)
    }
    removed = ledger.keys() - {source.name for source in sources}
    folders = {_folder(name) for name in changed | removed}
    changed |= {
        entry.name
        for entry in ledger.values()
        if entry.with_folder and _folder(entry.name) in folders and entry.name not in removed
    }
    read = tuple(source for source in sources if source.name in changed)
    new = (source for source in read if source.name not in ledger)
    return Changes(
        read=read,
        kept=tuple(ledger[source.name] for source in sources if source.name not in changed),
        removed=tuple(sorted(removed)),
        renamed=_renamed([ledger[name] for name in sorted(removed)], new),
    )


def _is_passed(source: Source, entry: Entry | None, at: Collection[str]) -> bool:
    """Whether a source is as it was without being looked at."""
    return entry is not None and source.name not in at and not entry.problems_json


def _is_same(source: Source, entry: Entry | None, verify: bool, retry: bool) -> bool:
    if entry is None:
        return False
    if entry.problems_json and _is_read_again(entry, retry):
        return False
    try:
        status = os.stat(source.path)  # noqa: PTH116 - Path.stat takes twice as long.
        if status.st_size != entry.size:
            return False
        trusted = status.st_mtime_ns == entry.changed_ns and not verify
        return trusted or SourceFile(source).digest() == entry.digest
    except (OSError, SourceError):  # It went since it was found; reading it will say why.
        return False


def _is_read_again(entry: Entry, retry: bool) -> bool:
    told = entry.problems
    if any(TAKEN in each.reason or each.reason == NO_MEMORY for each in told):
        return True
    return retry and any(problem.outcome == "skipped" for problem in told)


def _renamed(removed: Sequence[Entry], new: Iterable[Source]) -> dict[str, str]:
    """The new names of removed sources, by their contents; only files of their sizes are read."""
    by_size: dict[int, dict[str, list[str]]] = {}
    for entry in removed:
        by_size.setdefault(entry.size, defaultdict(list))[entry.digest].append(entry.name)
    found: dict[str, str] = {}
    for source in new:
        try:
            names = by_size.get(source.path.stat().st_size)
            if names and (same := names.get(SourceFile(source).digest())):
                found[source.name] = same.pop(0)
        except (OSError, SourceError):  # Reading it will say why.
            continue
    return found


def _folder(name: str) -> str:
    return name.rpartition("/")[0]
