"""File to Article: finding sources, and reading them whatever their format and encoding."""

from __future__ import annotations

from indexer.sources.find import Found, Look, Tree, find_listed, find_sources
from indexer.sources.opening import SourceFile
from indexer.sources.registry import suffixes
from indexer.sources.roles import parsed_roles
from indexer.sources.run import NO_MEMORY, TAKEN, read_sources, taken_id

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
