"""What a reader of archives or mail needs to have the files inside read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO, Protocol

from jianbao.indexer.models import Problem
from jianbao.indexer.sources.files.reader import Item
from jianbao.indexer.sources.files.source_file import SourceFile


class Inside(Protocol):
    """Reads files inside a file. Both methods raise SourceError when no more may be read."""

    def member(self, parent: str, name: str, content: IO[bytes]) -> Iterator[Item]:
        """The items of the file `name` inside `parent`; its suffix decides on the reader."""

    def left_out(self, parent: str, name: str, reason: str) -> Problem:
        """The Problem of a file that is not read."""


Container = Callable[[SourceFile, Inside], Iterator[Item]]
"""Reads a file that holds others. Raises SourceError, or whatever its library raises."""
