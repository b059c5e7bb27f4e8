"""Articles that have a query just as it was typed, where its operators would leave them out."""

from __future__ import annotations

from jianbao.indexer.engines.base import Engine, Found, Search
from jianbao.indexer.query.tree import (
    TEXT_FIELDS,
    And,
    Dates,
    Leaf,
    Not,
    Or,
    Prefer,
    Query,
    Value,
)


def searched_fields(query: Query) -> tuple[str, ...]:
    """The fields in which the text of a query may stand in articles that the query leaves out: none
    where it leaves out none, since it asks for nothing but what its text spells.

    A field name with a colon stands in bodies too (来源：新华社), where it is a line among others;
    only a title that has it is taken for what is meant.
    """
    kinds = {type(part) for part in _parts(query)}
    if kinds & {Value, Dates} or any(_is_in_one_field(part) for part in _parts(query)):
        return ("title",)
    return TEXT_FIELDS if Not in kinds else ()


def verbatim_first(engine: Engine, asked: Search, literal: Leaf) -> Found | None:
    """What `asked` finds after the articles that spell `literal`; None where it finds all of them.

    In an order by date, all stand in that order.
    """
    counting = asked._replace(offset=0, limit=0, facets=(), by_date=False)
    alone = engine.search(counting._replace(query=literal)).total
    left_out = And((literal, Not(asked.query)))
    if not alone or not engine.search(counting._replace(query=left_out)).total:
        return None
    both = asked._replace(query=Or((literal, asked.query)))
    if asked.sort != "relevance":
        return engine.search(both)
    first = engine.search(
        counting._replace(query=literal, offset=asked.offset, limit=asked.limit)
    ).hits
    rest = engine.search(
        counting._replace(
            query=And((asked.query, Not(literal))),
            offset=max(0, asked.offset - alone),
            limit=asked.limit - len(first),
        )
    ).hits
    return engine.search(both._replace(offset=0, limit=0))._replace(hits=first + rest)


def _is_in_one_field(query: Query) -> bool:
    return isinstance(query, Leaf) and len(query.fields) == 1


def _parts(query: Query) -> list[Query]:
    match query:
        case And(parts) | Or(parts):
            return [query, *(inner for part in parts for inner in _parts(part))]
        case Not(part):
            return [query, *_parts(part)]
        case Prefer(required, preferred):
            return [query, *_parts(required), *_parts(preferred)]
        case _:
            return [query]
