"""A search within results: the words that narrow the hits a reader sees, and nothing else."""

from __future__ import annotations

from dataclasses import replace

from jianbao.indexer import Mode, ResultPage, SearchRequest, narrowed_query, quoted


def outer(page: ResultPage) -> SearchRequest:
    """The request whose hits are exactly those of `page`, so that words can be added to it."""
    asked = page.request
    code = page.notice.code if page.notice else ""
    mode: Mode = "any" if code == "relaxed" or asked.mode == "any" else "all"
    query = asked.query.strip()
    phrase = quoted(query)
    if phrase and code == "literal":
        query, mode = phrase, "all"
    elif phrase and code == "exact_first":
        query = f"{phrase} OR ({query})"
    return replace(asked, query=query, mode=mode, page=1)


def narrowed(request: SearchRequest, words: str) -> SearchRequest:
    """The same search, of whose hits only those remain that match all of the words too."""
    query = narrowed_query(request.query, words, any_word=request.mode == "any")
    return replace(request, query=query, page=1)
