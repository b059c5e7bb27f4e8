"""Jianbao: written through its public door, asked below its page (no snippets, no stored text)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from jianbao import indexer
from jianbao.indexer.analysis import open_analysis
from jianbao.indexer.engines.base import Search
from jianbao.indexer.engines.embedded import WhooshEngine
from jianbao.indexer.query.parse import parse
from jianbao.indexer.store.generations import Generations
from tests.bench.peers.base import Answer, Peer
from tests.bench.query import Query


class Jianbao(Peer):
    """Query text to ids: parsed and segmented, then answered by the engine."""

    name = "Jianbao"
    note = "title and body apart; stores the texts; every substring can be found"

    @property
    def version(self) -> str:
        return "this checkout"

    def build(self, articles: Path, folder: Path) -> None:
        indexer.reindex(_settings(folder), [articles], now=lambda: datetime.now(UTC))

    def open(self, folder: Path) -> None:
        generations = Generations(folder)
        self._analyzer = open_analysis(()).analyzer
        self._engine = WhooshEngine(generations.path(generations.pointer().current))

    def search(self, query: Query) -> Answer:
        text = f'"{query.text}"' if query.kind == "phrase" else query.text
        parsed = parse(text, self._analyzer, "any" if query.kind == "any" else "all")
        where = {query.where[0]: (query.where[1],)} if query.where else {}
        if not query.counted:
            asked = Search(parsed, limit=query.limit, filters=where)
            return Answer([hit.id for hit in self._engine.search(asked).hits])
        asked = Search(parsed, limit=query.limit, filters=where, facets=("source", "year"))
        found = self._engine.search(asked)
        return Answer(
            [hit.id for hit in found.hits],
            found.total,
            found.facets["source"],
            found.facets["year"],
        )

    def close(self) -> None:
        self._engine.close()


def _settings(folder: Path) -> indexer.Settings:
    return indexer.load_settings({"index": folder}, {}, folder)
