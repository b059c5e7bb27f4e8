"""File to Article: finding sources, and reading them whatever their format and encoding."""

from __future__ import annotations

from jianbao.indexer.sources.files.source_file import SourceFile
from jianbao.indexer.sources.formats.registry import suffixes
from jianbao.indexer.sources.listing.find import Found, Look, Tree, find_listed, find_sources
from jianbao.indexer.sources.read import NO_MEMORY, TAKEN, read_sources, taken_id
from jianbao.indexer.sources.records.roles import parsed_roles

__all__ = [
    "NO_MEMORY",
    "TAKEN",
    "Found",
    "Look",
    "SourceFile",
    "Tree",
    "find_listed",
    "find_sources",
    "parsed_roles",
    "read_sources",
    "suffixes",
    "taken_id",
]
