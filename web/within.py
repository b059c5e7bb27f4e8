"""A search within results: the words that narrow the hits a reader sees, and nothing else."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final
from unicodedata import normalize

from indexer import Mode, ResultPage, SearchRequest

_OPERATORS: Final = re.compile(r"[()]|(?<!\S)(?:AND|OR|NOT)(?!\S)")
_QUOTES: Final = re.compile('["“”「」『』]')


def outer(page: ResultPage) -> SearchRequest:
    """The request whose hits are exactly those of `page`, so that words can be added to it."""
    asked = page.request
    code = page.notice.code if page.notice else ""
    mode: Mode = "any" if code == "relaxed" or asked.mode == "any" else "all"
    query = asked.query.strip()
    if code == "literal" and not _QUOTES.search(query):
        query, mode = f"“{query}”", "all"
    return replace(asked, query=query, mode=mode, page=1)


def narrowed(request: SearchRequest, words: str) -> SearchRequest:
    """The same search, of whose hits only those remain that match all of the words too."""
    query, added = _closed(request.query), _closed(words)
    if query and added:
        plain = request.mode == "all" and not (_operates(query) or _operates(added))
        query = f"{query} {added}" if plain else f"{_grouped(query)} AND {_required(added)}"
    return replace(request, query=query or added, page=1)


def _closed(text: str) -> str:
    """The text without brackets where they do not match: a search passes over them, but joined to
    another text they might match."""
    depth = 0
    for char in normalize("NFKC", text):
        depth += (char == "(") - (char == ")")
        if depth < 0:
            break
    return (re.sub("[()（）]", " ", text) if depth else text).strip()


def _operates(text: str) -> bool:
    return _OPERATORS.search(normalize("NFKC", text)) is not None


def _grouped(text: str) -> str:
    return f"({text})" if _operates(text) or len(text.split()) > 1 else text


def _required(text: str) -> str:
    """Words side by side would be alternatives where those of the query are."""
    if _operates(text) or _QUOTES.search(text):
        return _grouped(text)
    return " AND ".join(text.split())
