"""Which reader takes which file. A new format is one new file and one line here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from indexer.sources.html import read_html
from indexer.sources.json_file import read_json
from indexer.sources.jsonlines import read_jsonlines
from indexer.sources.markdown import read_markdown
from indexer.sources.office.needs import NEEDS
from indexer.sources.opening import PACKED
from indexer.sources.plain import read_plain
from indexer.sources.reading import Reader
from indexer.sources.table import read_table

READERS: Mapping[str, Reader] = MappingProxyType(
    {
        ".txt": read_plain,
        ".md": read_markdown,
        ".markdown": read_markdown,
        ".html": read_html,
        ".htm": read_html,
        ".json": read_json,
        ".jsonl": read_jsonlines,
        ".ndjson": read_jsonlines,
        ".csv": read_table,
        ".tsv": read_table,
    }
)


def reader_for(suffix: str) -> Reader | None:
    """The reader for a suffix in lower case, packed or not; None when there is none, or when such
    files are read in a process of their own (`office.needs.is_office`)."""
    return READERS.get(suffix.removesuffix(PACKED) or PACKED)


def suffixes() -> tuple[str, ...]:
    """All suffixes that are read, those of packed files included."""
    return tuple(sorted([*READERS, *(suffix + PACKED for suffix in READERS), *NEEDS]))
