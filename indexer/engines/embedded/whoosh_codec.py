"""The segment as Whoosh sees it: a codec, so that any Whoosh query runs over the same postings.

The engine's own queries do not take this way, which scores posting by posting; wildcards, regular
expressions, fuzzy terms and ranges of terms, which it has no queries for, do.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

from whoosh import fields, formats, reading
from whoosh.codec import base
from whoosh.matching import ListMatcher, NullMatcher
from whoosh.searching import Searcher

from jianbao.indexer.engines.embedded.format.postings import NONE, Frequencies, Postings
from jianbao.indexer.engines.embedded.format.stored_text import StoredText
from jianbao.indexer.query.tree import TEXT_FIELDS

Term = tuple[str, bytes]

ID = "number"
"""The stored field that has an article's number."""


def whoosh_searcher(postings: Postings, text: StoredText) -> Searcher:
    """A Whoosh searcher over one segment. Its fields are `title` and `body`; a hit's stored field
    `number` is the number of its article."""
    schema = fields.Schema(**{name: _TermField() for name in TEXT_FIELDS}, **{ID: fields.STORED()})
    segment = base.Segment("jianbao")
    codec = ArrayCodec(postings, text)
    return Searcher(reading.SegmentReader(None, schema, segment, codec=codec))


class _TermField(fields.FieldType):  # type: ignore[misc]
    """A field of terms as they stand in the index."""

    def __init__(self) -> None:
        self.format = formats.Frequency()
        self.scorable = True
        self.stored = False
        self.analyzer = None
        self.multitoken_query = "default"


class ArrayCodec(base.Codec):  # type: ignore[misc]
    """Reads one segment. It has no writers: `WhooshWriter` writes whole segments at once."""

    def __init__(self, postings: Postings, text: StoredText) -> None:
        self._postings = postings
        self._text = text

    def terms_reader(self, storage: Any, segment: Any) -> _TermsReader:
        return _TermsReader(self._postings, self._text)

    def per_document_reader(self, storage: Any, segment: Any) -> _PerDocumentReader:
        return _PerDocumentReader(self._text)


class _TermsReader(base.TermsReader):  # type: ignore[misc]
    def __init__(self, postings: Postings, text: StoredText) -> None:
        self._postings = postings
        self._lengths = {name: text.lengths(name) for name in TEXT_FIELDS}

    def __contains__(self, term: Term) -> bool:
        return len(self._found(*term).numbers) > 0

    def cursor(self, fieldname: str, fieldobj: Any) -> _Cursor:
        return _Cursor(self._postings)

    def terms(self) -> Iterator[Term]:
        return (term for name in TEXT_FIELDS for term in self.terms_from(name, b""))

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[Term]:
        terms = self._postings.terms
        first = bisect_left(range(len(terms)), prefix, key=terms.encoded)
        return ((fieldname, terms.encoded(number)) for number in range(first, len(terms)))

    def items(self) -> Iterator[tuple[Term, reading.TermInfo]]:
        return ((term, self.term_info(*term)) for term in self.terms())

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[Term, reading.TermInfo]]:
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def term_info(self, fieldname: str, text: bytes) -> reading.TermInfo:
        found = self._found(fieldname, text)
        if not len(found.numbers):
            raise KeyError((fieldname, text))
        worth = found.title if fieldname == "title" else found.body
        lengths = self._lengths[fieldname][found.numbers]
        return reading.TermInfo(
            weight=float(worth.sum()),
            df=len(worth),
            minlength=int(lengths.min()),
            maxlength=int(lengths.max()),
            maxweight=float(worth.max()),
            minid=int(found.numbers[0]),
            maxid=int(found.numbers[-1]),
        )

    def frequency(self, fieldname: str, text: bytes) -> float:
        weight: float = self.term_info(fieldname, text).weight()
        return weight

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        return len(self._found(fieldname, text).numbers)

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> Any:
        found = self._found(fieldname, text)
        if not len(found.numbers):
            return NullMatcher()
        worth = found.title if fieldname == "title" else found.body
        return ListMatcher(
            found.numbers.tolist(),
            worth.tolist(),
            format=format_,
            scorer=scorer,
            term=(fieldname, text),
            terminfo=self.term_info(fieldname, text),
        )

    def indexed_field_names(self) -> list[str]:
        return [*TEXT_FIELDS]

    def _found(self, fieldname: str, text: bytes) -> Frequencies:
        place = self._postings.place(text.decode("utf-8", "surrogatepass"))
        return self._postings.frequencies(place).having(fieldname) if place >= 0 else NONE


class _Cursor(base.FieldCursor):  # type: ignore[misc]
    """Steps through the terms; Whoosh's automata ask it where to go on."""

    def __init__(self, postings: Postings) -> None:
        self._terms = postings.terms
        self._at = 0

    def first(self) -> str | None:
        self._at = 0
        return self.text()

    def find(self, string: str) -> str | None:
        wanted = string.encode("utf-8", "surrogatepass")
        self._at = bisect_left(range(len(self._terms)), wanted, key=self._terms.encoded)
        return self.text()

    def next(self) -> str | None:
        self._at += 1
        return self.text()

    def text(self) -> str | None:
        return self._terms[self._at] if self._at < len(self._terms) else None

    def term(self) -> str | None:
        return self.text()


class _PerDocumentReader(base.PerDocumentReader):  # type: ignore[misc]
    def __init__(self, text: StoredText) -> None:
        self._articles = text.articles
        self._lengths = {name: text.lengths(name) for name in TEXT_FIELDS}

    def doc_count(self) -> int:
        return self._articles

    def doc_count_all(self) -> int:
        return self._articles

    def has_deletions(self) -> bool:
        return False

    def is_deleted(self, docnum: int) -> bool:
        return False

    def deleted_docs(self) -> frozenset[int]:
        return frozenset()

    def has_column(self, fieldname: str) -> bool:
        return False

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        lengths = self._lengths.get(fieldname)
        return default if lengths is None else int(lengths[docnum])

    def field_length(self, fieldname: str) -> int:
        return int(self._lengths[fieldname].sum())

    def min_field_length(self, fieldname: str) -> int:
        return int(self._lengths[fieldname].min())

    def max_field_length(self, fieldname: str) -> int:
        return int(self._lengths[fieldname].max())

    def stored_fields(self, docnum: int) -> dict[str, int]:
        return {ID: docnum}
