"""The query tree: plain data, the same for every engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, TypeGuard

from jianbao.indexer.text.analyzer import Piece

TEXT_FIELDS = ("title", "body")
"""The fields that are searched as text."""

VALUE_FIELDS = ("source", "author", "column", "page", "issue", "tags", "kind")
"""The fields that hold a value or a few, matched as such."""


class Leaf(NamedTuple):
    """Articles whose title or body spells `text` (folded), `pieces` being the terms for it."""

    text: str
    pieces: tuple[Piece, ...]
    whole: bool = False
    prefix: bool = False
    fields: tuple[str, ...] = TEXT_FIELDS

    def __hash__(self) -> int:
        # Leaves are looked up many times in a search; the hash of a string is computed once.
        return hash(self.text)


@dataclass(frozen=True, slots=True)
class Value:
    """Articles with a value in `field` whose folded form contains `text`."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Dates:
    """Articles dated from `start` to `end`, both included; empty leaves that side open."""

    start: str
    end: str


@dataclass(frozen=True, slots=True)
class And:
    """Articles that match every part."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Articles that match at least one part."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Articles that do not match."""

    part: Query


@dataclass(frozen=True, slots=True)
class Prefer:
    """Articles that match `required`; `preferred` only raises their score."""

    required: Query
    preferred: Query


@dataclass(frozen=True, slots=True)
class Everything:
    """All articles."""


Query = Leaf | Value | Dates | And | Or | Not | Prefer | Everything


def leaves(query: Query) -> tuple[Leaf, ...]:
    """The leaves that can add to a score, each once, in the order they were typed."""
    if isinstance(query, Leaf):
        return (query,)
    if isinstance(query, And | Or) and are_leaves(query.parts):
        return tuple(dict.fromkeys(query.parts))
    found: dict[Leaf, None] = {}
    _collect(query, found)
    return tuple(found)


def all_leaves(query: Query) -> tuple[Leaf, ...]:
    """Every leaf that decides whether an article matches or how it scores, each once: also those
    that are not wanted."""
    if isinstance(query, Leaf):
        return (query,)
    if isinstance(query, And | Or) and are_leaves(query.parts):
        return query.parts
    found: dict[Leaf, None] = {}
    _collect_all(query, found)
    return tuple(found)


def are_leaves(parts: tuple[Query, ...]) -> TypeGuard[tuple[Leaf, ...]]:
    """Whether each of the parts is a leaf."""
    return set(map(type, parts)) == {Leaf}


def _collect(query: Query, found: dict[Leaf, None]) -> None:
    match query:
        case Leaf():
            found[query] = None
        case And(parts) | Or(parts):
            for part in parts:
                _collect(part, found)
        case Prefer(required, preferred):
            _collect(required, found)
            _collect(preferred, found)
        case _:
            pass


def _collect_all(query: Query, found: dict[Leaf, None]) -> None:
    match query:
        case Leaf():
            found[query] = None
        case And(parts) | Or(parts):
            for part in parts:
                _collect_all(part, found)
        case Prefer(required, preferred):
            _collect_all(required, found)
            _collect_all(preferred, found)
        case Not(part):
            _collect_all(part, found)
        case _:
            pass
