"""Tantivy with the words of Jianbao's segmenter."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import tantivy

from tests.bench.peers.base import Answer, Peer, known
from tests.bench.peers.numbered import read_ids, write_ids
from tests.bench.query import Query
from tests.bench.words import Segmented, open_words, segmented

HEAP = 512_000_000
"""Bytes of postings before a segment is written: fewer, larger segments answer faster."""

THREADS = 1
"""It leaves one segment where 2 leave two, which takes a sixth off the time of a query; and as
segmenting keeps both processors busy, 51,247 articles are indexed in 16.4 s instead of 23.3 s."""

_AGGREGATIONS = {field: {"terms": {"field": field, "size": 1000}} for field in ("source", "year")}


class Tantivy(Peer):
    """Hits are numbers from a fast field; counts come from aggregations, which take less time
    than asking the search for a total."""

    name = "Tantivy"
    note = "title and body as one field, with positions; stores no texts"

    @property
    def version(self) -> str:
        return metadata.version("tantivy")

    def build(self, articles: Path, folder: Path) -> None:
        ids: list[str] = []
        with segmented(articles) as found:
            writer = tantivy.Index(_schema(), str(folder)).writer(HEAP, THREADS)
            for number, article in enumerate(found):
                writer.add_document(_document(number, article))
                ids.append(article.id)
            writer.commit()
            writer.wait_merging_threads()
        write_ids(ids, folder)

    def open(self, folder: Path) -> None:
        self._words = open_words()
        self._ids = read_ids(folder)
        self._index = tantivy.Index.open(str(folder))
        self._schema = self._index.schema
        self._searcher = self._index.searcher()

    def search(self, query: Query) -> Answer:
        asked = self._query(query)
        hits = self._searcher.search(asked, query.limit, count=False).hits
        numbers = self._searcher.fast_field_values("number", [address for _, address in hits])
        ids = [self._ids[int(number)] for number in numbers if number is not None]
        if not query.counted:
            return Answer(ids)
        found = self._searcher.aggregate(asked, _AGGREGATIONS)
        counts = {
            field: {
                str(bucket["key"] or ""): bucket["doc_count"] for bucket in found[field]["buckets"]
            }
            for field in _AGGREGATIONS
        }
        total = sum(counts["year"].values())
        return Answer(ids, total, known(counts["source"]), known(counts["year"]))

    def close(self) -> None:
        del self._searcher, self._index

    def _query(self, query: Query) -> tantivy.Query:
        matching = self._matching(query)
        if query.where is None:
            return matching
        field, value = query.where
        wanted = self._term(field, int(value) if field == "year" else value)
        unscored = tantivy.Query.const_score_query(wanted, 0.0)
        must = tantivy.Occur.Must
        return tantivy.Query.boolean_query([(must, matching), (must, unscored)])

    def _matching(self, query: Query) -> tantivy.Query:
        if query.kind == "phrase":
            words = self._words.phrase(query.text)
            if len(words) > 1:
                return tantivy.Query.phrase_query(self._schema, "text", [*words])
            return self._term("text", words[0])
        words = self._words.asked(query.text)
        if len(words) == 1:
            return self._term("text", words[0])
        occur = tantivy.Occur.Should if query.kind == "any" else tantivy.Occur.Must
        terms = [(occur, self._term("text", word)) for word in words]
        return tantivy.Query.boolean_query(terms)

    def _term(self, field: str, value: str | int) -> tantivy.Query:
        # Only frequencies are read for a term by itself.
        return tantivy.Query.term_query(self._schema, field, value, "freq")


def _document(number: int, article: Segmented) -> tantivy.Document:
    document = tantivy.Document()
    document.add_unsigned("number", number)
    document.add_text("text", article.text)
    document.add_text("source", article.source)
    document.add_unsigned("year", int(article.year or 0))
    return document


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("number", fast=True)
    builder.add_text_field("text", tokenizer_name="whitespace", index_option="position")
    builder.add_text_field("source", fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("year", fast=True, indexed=True)
    return builder.build()
