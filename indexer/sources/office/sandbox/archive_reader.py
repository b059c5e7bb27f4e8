"""A file and what is in it: members of an archive and attachments are files like any other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO
from uuid import uuid4

from jianbao.indexer.errors import SourceError
from jianbao.indexer.models import Article, Problem, Source
from jianbao.indexer.sources.cleaning.text import clean_line
from jianbao.indexer.sources.files.file_names import name_of
from jianbao.indexer.sources.files.reader import Item, PageStories, skipped
from jianbao.indexer.sources.files.source_file import LIMIT, SourceFile, suffix_of
from jianbao.indexer.sources.formats.office_needs import is_office, unread_reason
from jianbao.indexer.sources.formats.registry import reader_for
from jianbao.indexer.sources.office.formats.registry import CONTAINERS, DOCUMENTS

_PIECE = 1 << 20
_LONGEST_NAME = 1000
_LONGEST_REASON = 300
_MOST_SUFFIXES = 20


@dataclass(slots=True)
class Budget:
    """What may still be unpacked from a source: shared by all that is in it."""

    members: int
    unpacked: int
    unread: Counter[str] = field(default_factory=Counter)
    """How many files of each suffix no reader is known for: pictures, mostly."""

    names: set[str] = field(default_factory=set)
    """Those of the files inside that were read."""


@dataclass(frozen=True, slots=True)
class Nest:
    """Reads a file and, `depth` levels down, the files in it.

    All items belong to the source `owner`. What is unpacked lies in `folder` while it is read,
    under a name of our own.
    """

    folder: Path
    budget: Budget
    depth: int
    owner: str
    roles: Mapping[str, str]

    def items(self, file: SourceFile) -> Iterator[Item]:
        """The items of `file`; whatever makes it unreadable becomes a Problem."""
        try:
            for item in self._read(file):
                yield self._owned(item)
        except Exception as error:
            # A broken file can make a library fail in any way. That it failed is told, and with
            # what; running out of memory ends as one file, since the next starts clean.
            yield self._owned(skipped(file, reason_of(error)))

    def member(self, parent: str, name: str, content: IO[bytes]) -> Iterator[Item]:
        """The items of a file inside `parent`. Raises SourceError when the budget is spent."""
        self._spend_member()
        suffix = suffix_of(name)
        if reader_for(suffix) is None and not is_office(suffix):
            self.budget.unread[suffix] += 1
            return
        inner = self._free(_inner(parent, name))
        if self.depth <= 1:
            yield Problem(
                inner, "skipped", "it lies too deep: archives inside archives inside archives"
            )
            return
        path = self.folder / uuid4().hex
        try:
            problem = self._stored(content, path)
            if problem:
                yield Problem(inner, "skipped", problem)
            else:
                below = replace(self, depth=self.depth - 1)
                yield from below.items(SourceFile(Source(path, inner), self.roles))
        finally:
            path.unlink(missing_ok=True)

    def unread(self) -> Iterator[Problem]:
        """A Problem for each suffix of files inside that are not read."""
        for suffix, count in self.budget.unread.most_common(_MOST_SUFFIXES):
            yield Problem(self.owner, "not indexed", unread_reason(suffix), count)

    def left_out(self, parent: str, name: str, reason: str) -> Problem:
        """The Problem of a file inside `parent` that is not read."""
        self._spend_member()
        return Problem(_inner(parent, name), "skipped", reason)

    def _read(self, file: SourceFile) -> Iterator[Item]:
        suffix = suffix_of(file.name)
        plain = reader_for(suffix)
        if plain is not None:
            yield from plain(file)
            return
        if file.source.path.stat().st_size == 0:
            raise SourceError("it is empty")
        if suffix in CONTAINERS:
            yield from CONTAINERS[suffix](file, self)
        elif suffix not in DOCUMENTS:
            raise SourceError("no reader is known for its suffix")
        elif file.source.path.stat().st_size > LIMIT:
            raise SourceError(f"it is larger than {LIMIT >> 20} MB; split it into smaller files")
        else:
            yield from DOCUMENTS[suffix](file)

    def _stored(self, content: IO[bytes], path: Path) -> str:
        """Write a member out; why that cannot be done, or empty. Raises SourceError when the
        budget is spent."""
        try:
            self._store(content, path)
        # Whatever is wrong with a member in an archive, the next may be sound.
        except Exception as error:
            if self.budget.unpacked < 0:
                raise
            return reason_of(error)
        return ""

    def _store(self, content: IO[bytes], path: Path) -> None:
        """Write a member out. Raises SourceError, or what the archive's library raises."""
        size = 0
        with path.open("xb") as target:
            while piece := content.read(_PIECE):
                size += len(piece)
                self.budget.unpacked -= len(piece)
                if self.budget.unpacked < 0:
                    raise SourceError("it unpacks to more than is allowed; the rest is left out")
                if size > LIMIT:
                    raise SourceError(f"it is larger than {LIMIT >> 20} MB")
                target.write(piece)

    def _spend_member(self) -> None:
        self.budget.members -= 1
        if self.budget.members < 0:
            raise SourceError("it holds more files than are read from one archive")

    def _free(self, name: str) -> str:
        """A name for a file inside that none has yet: an archive may have two files of one name,
        and a mail two pictures."""
        suffix = suffix_of(name)
        stem, number, free = name[: len(name) - len(suffix)], 1, name
        while free in self.budget.names:
            number += 1
            free = f"{stem} ({number}){suffix}"
        self.budget.names.add(free)
        return free

    def _owned(self, item: Item) -> Item:
        """`item` as one of the source; a Problem of a file inside it says which."""
        if isinstance(item, Article):
            return replace(item, path=self.owner)
        if isinstance(item, PageStories):
            return PageStories(tuple(replace(each, path=self.owner) for each in item.articles))
        if item.outcome == "not indexed" or item.source == self.owner:
            return replace(item, source=self.owner)
        inner = item.source.removeprefix(f"{self.owner}/")
        return Problem(self.owner, item.outcome, f"{inner}: {item.reason}")


def _inner(parent: str, name: str) -> str:
    """The name of a member inside its archive's; no part of it leads anywhere else."""
    parts = name.replace("\\", "/").split("/")
    inside = "/".join(part for part in parts if part.strip() not in ("", ".", ".."))
    inside = name_of(inside.encode("utf-8", "surrogateescape"))
    suffix = suffix_of(inside)
    if len(inside) > _LONGEST_NAME:
        inside = inside[: _LONGEST_NAME - len(suffix)] + suffix
    return f"{parent}/{inside or 'file' + suffix_of(name)}"


def reason_of(error: Exception) -> str:
    """What an error says of a file, as half a sentence."""
    if isinstance(error, SourceError):
        return str(error)
    if isinstance(error, MemoryError | RecursionError):
        return f"it is too large or nested too deep ({type(error).__name__})"
    if isinstance(error, OSError) and error.strerror:
        return f"it cannot be opened or unpacked ({error.strerror})"
    told = clean_line(str(error))[:_LONGEST_REASON]
    return f"it is damaged ({type(error).__name__}{': ' if told else ''}{told})"
