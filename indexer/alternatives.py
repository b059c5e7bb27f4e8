"""What else could be asked: a query the reader may have meant, or one with a condition less."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from indexer.models import Mode, SearchRequest, Wider, WordCount
from indexer.query.tree import TEXT_FIELDS, And, Leaf, Query
from indexer.spelling import Spelling

Count = Callable[[SearchRequest], int]
"""How many articles a request finds when it is taken at its word."""

FEW = 5
"""Hits; who finds more is not asked whether he meant something else."""

SHORT = 8
"""Characters; a longer query that finds anything is spelled as it was meant. Looking for words like
all of its pieces took 35 to 70 ms."""

TIMES_MORE = 5
"""How much more a correction must find than the query, and the best correction than another."""

SUGGESTED = 3
TRIED = 12
"""Corrections of each kind that are counted; each is a search."""

WIDER = 6

WORDS_TOLD = 12
MISSING_TOLD = 3
"""Words that no article has for which near ones are looked for."""


def may_be_misspelled(request: SearchRequest, total: int) -> bool:
    """Whether a reader whose request found `total` articles may have meant something else."""
    query = request.query.strip()
    return bool(query) and request.page == 1 and total <= (FEW if len(query) <= SHORT else 0)


def meant(request: SearchRequest, total: int, spelling: Spelling, count: Count) -> tuple[str, ...]:
    """Queries the reader may have meant who found `total` articles; what finds most comes first."""
    corrections = spelling.corrections(request.query)
    # What only looks alike is a guess; beside what sounds alike it is noise.
    for likely in (True, False):
        kind = [each.text for each in corrections if each.likely == likely][:TRIED]
        hits = {text: count(replace(request, query=text)) for text in kind}
        least = max(total * TIMES_MORE, max(hits.values(), default=0) // TIMES_MORE)
        more = sorted((text for text in kind if hits[text] > least), key=lambda t: -hits[t])
        if more:
            return tuple(more[:SUGGESTED])
    return ()


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


def read_words(
    query: Query, spelling: Callable[[], Spelling], count: Count
) -> tuple[WordCount, ...]:
    """How a query was read, with the articles that each of its words finds alone."""
    told: list[WordCount] = []
    missing = 0
    for leaf in words(query)[:WORDS_TOLD]:
        alone = SearchRequest(typed(leaf), mode="all")
        found = count(alone)
        missing += not found
        near = () if found or missing > MISSING_TOLD else meant(alone, 0, spelling(), count)
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
