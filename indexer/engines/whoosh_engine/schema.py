"""What Whoosh stores: a posting for each term of each text field, and the article as JSON."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from typing import Any

from whoosh import fields, formats

from indexer.models import Token
from indexer.query.tree import TEXT_FIELDS

VERSION = 1
"""Raise it whenever what is stored changes its form: old indexes are then refused."""

ARTICLE = "article"

_ACCIDENTAL_UNIT = 1 / 4096
"""Whoosh keeps one 32-bit float a posting. The aligned occurrences are its whole part, the
accidental ones its fraction: exact up to 4,095 of each, which only a term of a text far longer
than any article exceeds; both are capped there."""

_MOST = 4095


def whoosh_schema() -> fields.Schema:
    """The schema of an index."""
    text_fields: dict[str, fields.FieldType] = {name: TokenField() for name in TEXT_FIELDS}
    return fields.Schema(**text_fields, **{ARTICLE: fields.STORED()})


class TokenField(fields.FieldType):  # type: ignore[misc]
    """A field whose value is a list of `Token`s. The position of a posting is the offset of its
    first character, as 32-bit integers.

    Whoosh pickles the schema: this class must keep its import path.
    """

    def __init__(self) -> None:
        self.format = formats.Positions()
        self.scorable = False
        self.stored = False
        self.analyzer = None

    def index(self, value: Sequence[Token], **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        """One posting a term: its bytes, how often, how often with alignment, and where."""
        found: dict[str, tuple[array[int], list[bool]]] = {}
        for token in value:
            starts, aligned = found.setdefault(token.term, (array("I"), []))
            starts.append(token.start)
            aligned.append(token.aligned)
        for term, (starts, aligned) in found.items():
            worth = pack(sum(aligned), len(aligned) - sum(aligned))
            yield term.encode(), len(starts), worth, starts.tobytes()


def pack(aligned: int, accidental: int) -> float:
    """Both counts in one number."""
    return min(aligned, _MOST) + min(accidental, _MOST) * _ACCIDENTAL_UNIT


def unpack(packed: Any) -> tuple[Any, Any]:
    """The counts of `pack`, of a number or an array of them."""
    aligned = packed // 1
    return aligned, (packed - aligned) / _ACCIDENTAL_UNIT
