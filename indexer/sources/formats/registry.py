"""Which reader takes which file. A new format is one new file and one line here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from types import MappingProxyType

from jianbao.indexer.sources.files.reader import Item, Reader
from jianbao.indexer.sources.files.source_file import PACKED, SourceFile
from jianbao.indexer.sources.formats.office_needs import NEEDS


def _in(module: str, name: str) -> Reader:
    """The reader of that name. Its module is imported with the first file: all of them and their
    libraries take 0.15 s, which a server would pay at every start."""

    def read(file: SourceFile) -> Iterator[Item]:
        reader: Reader = getattr(import_module(f"jianbao.indexer.sources.formats.{module}"), name)
        yield from reader(file)

    return read


READERS: Mapping[str, Reader] = MappingProxyType(
    {
        ".txt": _in("plain", "read_plain"),
        ".md": _in("markdown", "read_markdown"),
        ".markdown": _in("markdown", "read_markdown"),
        ".html": _in("html", "read_html"),
        ".htm": _in("html", "read_html"),
        ".json": _in("json_file", "read_json"),
        ".jsonl": _in("jsonlines", "read_jsonlines"),
        ".ndjson": _in("jsonlines", "read_jsonlines"),
        ".csv": _in("table", "read_table"),
        ".tsv": _in("table", "read_table"),
    }
)

CRUDE: Mapping[str, Reader] = MappingProxyType(
    {
        ".md": _in("markdown", "read_markdown_crudely"),
        ".markdown": _in("markdown", "read_markdown_crudely"),
        ".html": _in("html", "read_html_crudely"),
        ".htm": _in("html", "read_html_crudely"),
    }
)
"""Readers for files of markup that the parsers cannot read in time."""


def reader_for(suffix: str) -> Reader | None:
    """The reader for a suffix in lower case, packed or not; None when there is none, or when such
    files are read in a process of their own (`office.needs.is_office`)."""
    return READERS.get(suffix.removesuffix(PACKED) or PACKED)


def crude_reader_for(suffix: str) -> Reader | None:
    """The reader that takes the text out of a file of markup without a parser, or None for a suffix
    whose readers take no longer than their files are long."""
    return CRUDE.get(suffix.removesuffix(PACKED) or PACKED)


def suffixes() -> tuple[str, ...]:
    """All suffixes that are read, those of packed files included."""
    return tuple(sorted([*READERS, *(suffix + PACKED for suffix in READERS), *NEEDS]))
