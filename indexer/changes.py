"""Which sources have to be read, and which articles stay as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.digest import digest_of
from indexer.ledger import Entry, Ledger
from indexer.models import Source
from indexer.sources import TAKEN


@dataclass(frozen=True, slots=True)
class Changes:
    """`read` are the sources to read, `kept` the entries of those that stay, `removed` the names
    of those that are gone."""

    read: tuple[Source, ...]
    kept: tuple[Entry, ...]
    removed: tuple[str, ...]

    @property
    def any(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.read or self.removed)


def changes_since(ledger: Ledger, sources: Sequence[Source]) -> Changes:
    """What has changed since the ledger was written.

    A file with another time of change and the same contents has not changed. Sources of which an
    article was left out for its id are read each time, since it may now be free; newspaper pages
    are read again together with all pages of their folder.
    """
    changed = {source.name for source in sources if not _is_same(source, ledger.get(source.name))}
    removed = set(ledger) - {source.name for source in sources}
    folders = {_folder(name) for name in changed | removed}
    changed |= {
        entry.name
        for entry in ledger.values()
        if entry.with_folder and _folder(entry.name) in folders and entry.name not in removed
    }
    return Changes(
        read=tuple(source for source in sources if source.name in changed),
        kept=tuple(ledger[source.name] for source in sources if source.name not in changed),
        removed=tuple(sorted(removed)),
    )


def _is_same(source: Source, entry: Entry | None) -> bool:
    if entry is None or any(TAKEN in problem.reason for problem in entry.problems):
        return False
    try:
        status = source.path.stat()
        if status.st_size != entry.size:
            return False
        return status.st_mtime_ns == entry.changed_ns or digest_of(source.path) == entry.digest
    except OSError:  # It went since it was found; reading it will say why.
        return False


def _folder(name: str) -> str:
    return name.rpartition("/")[0]
