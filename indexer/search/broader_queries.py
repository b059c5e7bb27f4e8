"""What else could be asked: a query the reader may have meant, or one with a condition less."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from math import inf
from typing import NamedTuple

from jianbao.indexer.engines.base import FILTERS, OneLess, PartsLess
from jianbao.indexer.models import Mode, SearchRequest, Wider, WordCount
from jianbao.indexer.query.tree import TEXT_FIELDS, And, Leaf, Query
from jianbao.indexer.search.spelling import Correction

Count = Callable[[SearchRequest], int | None]
"""How many articles a request finds when it is taken at its word; None where no budget is left to
count it."""

Corrections = Callable[[str], list[Correction]]
"""What may have been meant by a text, the likeliest first."""

FEW = 5
"""Hits; who finds more is not asked whether he meant something else."""

SHORT = 8
"""Characters; a longer query that finds anything is spelled as it was meant."""

TIMES_MORE = 5
"""How much more a correction must find than the query; the likeliest may find as much more than
another that is offered beside it."""

SUGGESTED = 3
TRIED = 6
"""Corrections that are counted; each is a search."""

AS_LIKELY = 5
"""Bits between the likeliest correction and others that are offered beside it."""

WIDER = 6

WORDS_TOLD = 12
MISSING_TOLD = 3
"""Words that no article has for which near ones are looked for."""


def _may_be_misspelled(request: SearchRequest, total: int) -> bool:
    """Whether a reader whose request found `total` articles may have meant something else."""
    query = request.query.strip()
    return bool(query) and request.page == 1 and total <= (FEW if len(query) <= SHORT else 0)


def meant(
    request: SearchRequest, total: int, corrections: Corrections, count: Count
) -> tuple[str, ...]:
    """Queries the reader may have meant who found `total` articles, the likeliest first; none where
    he is not asked. At most TRIED are counted."""
    if not _may_be_misspelled(request, total):
        return ()
    offered: list[str] = []
    least, most = total * TIMES_MORE, inf
    for each in corrections(request.query)[:TRIED]:
        if each.bits > most or len(offered) == SUGGESTED:
            break
        found = count(replace(request, query=each.text))
        if found is None:
            break
        if found > least:
            if not offered:
                # Beside what is likely a guess is noise, and so is what hardly an article has.
                least, most = max(least, found // TIMES_MORE), each.bits + AS_LIKELY
            offered.append(each.text)
    return tuple(offered)


class Rewordings(NamedTuple):
    """What a query finds once it is worded otherwise; None where there is no such wording.

    `loose` has its phrases as words, `any_word` asks for any of its words, `parts` for all but one.
    """

    parts: PartsLess
    loose: int | None
    any_word: int | None


def wider(
    request: SearchRequest,
    leaves: Sequence[Leaf],
    less: OneLess,
    given: Rewordings,
    free: Rewordings,
) -> tuple[Wider, ...]:
    """Requests with one condition less than one that found nothing, and what they find.

    `leaves` are the `words` of its query; it is reworded with its conditions, `given`, and without,
    `free`.
    """
    ways = dict[SearchRequest, int]()
    for way, total in _looser(replace(request, page=1), leaves, less, given, free):
        ways.setdefault(way, total)
    found = (Wider(way, total) for way, total in ways.items() if total)
    return tuple(islice(found, WIDER))


def words(query: Query) -> tuple[Leaf, ...]:
    """The words and phrases of a query that asks for all of them and nothing else; or none."""
    parts = query.parts if isinstance(query, And) else (query,)
    found = tuple(part for part in parts if isinstance(part, Leaf) and part.fields == TEXT_FIELDS)
    return found if len(found) == len(parts) else ()


def read_words(
    leaves: Sequence[Leaf], counts: Sequence[int], corrections: Corrections, count: Count
) -> tuple[WordCount, ...]:
    """How a query was read: its first words, with the articles that each of them finds alone."""
    told: list[WordCount] = []
    missing = 0
    for leaf, found in zip(leaves, counts, strict=True):
        alone = SearchRequest(typed(leaf), mode="all")
        missing += not found
        near = () if found or missing > MISSING_TOLD else meant(alone, 0, corrections, count)
        told.append(WordCount(leaf.text, not leaf.whole, found, near))
    return tuple(told)


def typed(leaf: Leaf) -> str:
    """A word or phrase as a query that means it again."""
    text = leaf.text + "*" * leaf.prefix
    return text if leaf.whole else f"“{text}”"


def loose(leaves: Sequence[Leaf]) -> str:
    """The words of a query with phrases, as a query without; empty where it has none."""
    if all(leaf.whole for leaf in leaves):
        return ""
    return " ".join(leaf.text for leaf in leaves)


def _looser(
    request: SearchRequest,
    leaves: Sequence[Leaf],
    less: OneLess,
    given: Rewordings,
    free: Rewordings,
) -> Iterator[tuple[SearchRequest, int]]:
    if request.date_from or request.date_to:
        yield replace(request, date_from="", date_to=""), less.dates
    yield from _without_values(request, less)
    yield from _fewer_words(request, leaves, given)
    bare = replace(request, filters=(), excluded=(), date_from="", date_to="")
    if bare != request:
        yield bare, free.parts.all
        yield from _fewer_words(bare, leaves, free)


def _without_values(request: SearchRequest, less: OneLess) -> Iterator[tuple[SearchRequest, int]]:
    for facet in dict.fromkeys(FILTERS[name] for name, _ in request.filters):
        kept = tuple(pair for pair in request.filters if FILTERS[pair[0]] != facet)
        yield replace(request, filters=kept), less.filters[facet]
    for own in dict.fromkeys((FILTERS[name], value) for name, value in request.excluded):
        kept = tuple(pair for pair in request.excluded if (FILTERS[pair[0]], pair[1]) != own)
        yield replace(request, excluded=kept), less.excluded[own]


def _fewer_words(
    request: SearchRequest, leaves: Sequence[Leaf], reworded: Rewordings
) -> Iterator[tuple[SearchRequest, int]]:
    if reworded.loose is not None:
        yield replace(request, query=loose(leaves)), reworded.loose
    if len(leaves) < 2:
        return
    if reworded.any_word is not None:
        any_word: Mode = "any"
        yield replace(request, mode=any_word), reworded.any_word
    # Typed again in mode `any`, words that AND joined would be alternatives.
    if request.mode == "any" and any(leaf.whole for leaf in leaves):
        return
    texts = [typed(leaf) for leaf in leaves]
    for at, total in enumerate(reworded.parts.without):
        if total:
            yield replace(request, query=" ".join(texts[:at] + texts[at + 1 :])), total
