"""Reading a handful of files that a test writes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from jianbao.indexer.models import Article, Problem
from jianbao.indexer.sources import find_sources, read_sources


def read_folder(folder: Path) -> tuple[list[Article], list[Problem]]:
    """Everything that reading a folder gives, in order."""
    sources, problems = find_sources([folder])
    items = list(read_sources(sources))
    articles = [item for item in items if isinstance(item, Article)]
    return articles, [*problems, *(item for item in items if isinstance(item, Problem))]


def read_files(folder: Path, files: Mapping[str, str | bytes]) -> list[Article]:
    """The articles in files of this content, which must be read without a Problem."""
    articles, problems = read_with_problems(folder, files)
    assert problems == []
    return articles


def read_with_problems(
    folder: Path, files: Mapping[str, str | bytes]
) -> tuple[list[Article], list[Problem]]:
    """The articles in files of this content, and what was wrong with them."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_folder(folder)
