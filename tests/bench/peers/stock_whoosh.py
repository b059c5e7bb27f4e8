"""Whoosh as it comes, with the analyzer that jieba brings for it."""

from __future__ import annotations

import json
import logging
from importlib import metadata
from pathlib import Path

from tests.bench.peers.base import Answer, Counts, Peer, known
from tests.bench.query import Query

MEMORY_MB = 512
"""Postings held before a run is written; larger runs are merged less often."""


class StockWhoosh(Peer):
    """One process: with more, documents are lost in silence when a worker raises."""

    name = "stock Whoosh"
    note = "jieba's ChineseAnalyzer, whose positions make phrases find nothing; stores no texts"

    @property
    def version(self) -> str:
        return f"{metadata.version('whoosh-reloaded')} + jieba {metadata.version('jieba')}"

    def build(self, articles: Path, folder: Path) -> None:
        from jieba.analyse import ChineseAnalyzer
        from whoosh import fields, index

        _quiet()
        schema = fields.Schema(
            id=fields.ID(stored=True),
            text=fields.TEXT(analyzer=ChineseAnalyzer()),
            source=fields.ID(sortable=True),
            year=fields.ID(sortable=True),
        )
        writer = index.create_in(folder, schema).writer(limitmb=MEMORY_MB)
        with articles.open(encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                writer.add_document(
                    id=record["id"],
                    text=f"{record['title']}\n{record['body']}",
                    source=record["source"],
                    year=record["date"][:4],
                )
        writer.commit(optimize=True)

    def open(self, folder: Path) -> None:
        import jieba.analyse  # noqa: F401  the schema names its analyzer
        from whoosh import index, qparser

        _quiet()
        self._index = index.open_dir(folder, readonly=True)
        self._searcher = self._index.searcher()
        schema = self._index.schema
        self._parsers = {
            "any": qparser.QueryParser("text", schema, group=qparser.OrGroup),
            "all": qparser.QueryParser("text", schema, group=qparser.AndGroup),
        }

    def search(self, query: Query) -> Answer:
        from whoosh.query import Term
        from whoosh.sorting import Count, FieldFacet

        text = f'"{query.text}"' if query.kind == "phrase" else query.text
        parsed = self._parsers["any" if query.kind == "any" else "all"].parse(text)
        where = Term(*query.where) if query.where else None
        if not query.counted:
            found = self._searcher.search(parsed, limit=query.limit, filter=where)
            return Answer([hit["id"] for hit in found])
        groups = {name: FieldFacet(name, maptype=Count) for name in ("source", "year")}
        found = self._searcher.search(parsed, limit=query.limit, filter=where, groupedby=groups)
        ids = [hit["id"] for hit in found]
        sources, years = (_plain(found.groups(name)) for name in groups)
        # The length of its results leaves the filter out.
        return Answer(ids, sum(years.values()), known(sources), known(years))

    def close(self) -> None:
        self._searcher.close()
        self._index.close()


def _quiet() -> None:
    """jieba says on stderr, at the level DEBUG, that it is loading its dictionary."""
    logging.getLogger("jieba").setLevel(logging.WARNING)


def _plain(counts: Counts) -> Counts:
    return {str(value): count for value, count in counts.items()}
