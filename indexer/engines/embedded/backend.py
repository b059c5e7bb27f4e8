"""The generations of an index as segments, each in a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from jianbao.indexer.engines.base import Backend, OpenAnalyzer
from jianbao.indexer.engines.embedded.build.base_segment import Earlier
from jianbao.indexer.engines.embedded.engine import WhooshEngine
from jianbao.indexer.engines.embedded.writer import WhooshWriter


class EmbeddedBackend(Backend):
    """Keeps each generation in the folder that `folder_of` tells for its name."""

    version: ClassVar[int] = 7
    """Raise it whenever a file changes its form: old indexes are then refused."""

    def __init__(self, folder_of: Callable[[str], Path]) -> None:
        self._folder_of = folder_of

    def open(self, generation: str) -> WhooshEngine:
        return WhooshEngine(self._folder_of(generation))

    def writer(self, generation: str, open_analyzer: OpenAnalyzer, jobs: int) -> WhooshWriter:
        return WhooshWriter(self._folder_of(generation), open_analyzer, jobs)

    def base(self, generation: str) -> Earlier:
        return Earlier(self._folder_of(generation))
