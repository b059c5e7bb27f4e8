"""What else could be asked: a query the reader may have meant, or one with a condition less."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from math import inf

from indexer.models import Mode, SearchRequest, Wider, WordCount
from indexer.query.tree import TEXT_FIELDS, And, Leaf, Query
from indexer.spelling import Correction

Count = Callable[[SearchRequest], int]
"""How many articles a request finds when it is taken at its word."""

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
        if found > least:
            if not offered:
                # Beside what is likely a guess is noise, and so is what hardly an article has.
                least, most = max(least, found // TIMES_MORE), each.bits + AS_LIKELY
            offered.append(each.text)
    return tuple(offered)


def wider(request: SearchRequest, query: Query, count: Count) -> tuple[Wider, ...]:
    """Requests with one condition less than one that found nothing, and what they find."""
    found: list[Wider] = []
    for each in dict.fromkeys(_looser(replace(request, page=1), query)):
        if total := count(each):
            found.append(Wider(each, total))
        if len(found) == WIDER:
            break
    return tuple(found)


def words(query: Query) -> tuple[Leaf, ...]:
    """The words and phrases of a query that asks for all of them and nothing else; or none."""
    parts = query.parts if isinstance(query, And) else (query,)
    found = tuple(part for part in parts if isinstance(part, Leaf) and part.fields == TEXT_FIELDS)
    return found if len(found) == len(parts) else ()


def read_words(query: Query, corrections: Corrections, count: Count) -> tuple[WordCount, ...]:
    """How a query was read, with the articles that each of its words finds alone."""
    told: list[WordCount] = []
    missing = 0
    for leaf in words(query)[:WORDS_TOLD]:
        alone = SearchRequest(typed(leaf), mode="all")
        found = count(alone)
        missing += not found
        near = () if found or missing > MISSING_TOLD else meant(alone, 0, corrections, count)
        told.append(WordCount(leaf.text, not leaf.whole, found, near))
    return tuple(told)


def typed(leaf: Leaf) -> str:
    """A word or phrase as a query that means it again."""
    text = leaf.text + "*" * leaf.prefix
    return text if leaf.whole else f"“{text}”"


def _looser(request: SearchRequest, query: Query) -> Iterator[SearchRequest]:
    if request.date_from or request.date_to:
        yield replace(request, date_from="", date_to="")
    for name in dict.fromkeys(name for name, _ in request.filters):
        kept = tuple(pair for pair in request.filters if pair[0] != name)
        yield replace(request, filters=kept)
    for pair in request.excluded:
        kept = tuple(other for other in request.excluded if other != pair)
        yield replace(request, excluded=kept)
    yield from _fewer_words(request, query)
    bare = replace(request, filters=(), excluded=(), date_from="", date_to="")
    if bare != request:
        yield bare
        yield from _fewer_words(bare, query)


def _fewer_words(request: SearchRequest, query: Query) -> Iterator[SearchRequest]:
    leaves = words(query)
    if any(not leaf.whole for leaf in leaves):
        yield replace(request, query=" ".join(leaf.text for leaf in leaves))
    if len(leaves) < 2:
        return
    if request.mode == "all":
        any_word: Mode = "any"
        yield replace(request, mode=any_word)
    for dropped in leaves:
        kept = (typed(leaf) for leaf in leaves if leaf is not dropped)
        yield replace(request, query=" ".join(kept))
