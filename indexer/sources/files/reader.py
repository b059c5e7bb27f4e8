"""What a reader is: the contract between the formats and the run that calls them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from jianbao.indexer.models import Article, Problem
from jianbao.indexer.sources.encoding.detection import Decoded
from jianbao.indexer.sources.files.source_file import SourceFile


@dataclass(frozen=True, slots=True)
class PageStories:
    """The items of one newspaper page, to be joined with those of its folder's other pages."""

    articles: tuple[Article, ...]


Item = Article | Problem | PageStories
"""What a reader yields."""

Reader = Callable[[SourceFile], Iterator[Item]]
"""Reads one file. Raises SourceError when nothing, or nothing more, can be read of it."""


def doubts(file: SourceFile, decoded: Decoded) -> Iterator[Problem]:
    """The Problem that a doubtful decoding is, if it is one."""
    if decoded.doubtful:
        yield doubtful(file, decoded.doubtful)


def doubtful(file: SourceFile, reason: str) -> Problem:
    """A Problem for what is indexed after a guess."""
    return Problem(file.name, "doubtful", reason)


def skipped(file: SourceFile, reason: str) -> Problem:
    """A Problem for a part of the file that is not indexed."""
    return Problem(file.name, "skipped", reason)


def not_indexed(file: SourceFile, reason: str, count: int = 1) -> Problem:
    """A Problem for a part that is not read in any file; `reason` names the part and no file."""
    return Problem(file.name, "not indexed", reason, count)
