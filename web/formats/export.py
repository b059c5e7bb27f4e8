"""A whole result list as a table or as lines of JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Final
from unicodedata import category, normalize

from jianbao.indexer import Article, ResultHit, ResultPage, SearchRequest
from jianbao.web.languages.strings import STRINGS
from jianbao.web.render import ELLIPSIS, hit_json, sendable, web_address
from jianbao.web.state.params import MAX_SIZE

MOST_HITS: Final = 1000
BOM: Final = "\ufeff"
"""Without it Excel reads a CSV file in the code page of the machine."""

_BLANK: Final = ("\t", "\r", "\n")
_FORMULA: Final = frozenset("=+-@\N{MINUS SIGN}")
"""What makes a formula of a cell, in any width."""

_UNSEEN: Final = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp", "Mn"})
"""Categories of characters that a spreadsheet may pass over before it looks for these."""

Search = Callable[[SearchRequest], ResultPage]
ArticleLink = Callable[[Article], str]


def whole_list(search: Search, asked: SearchRequest) -> Iterator[ResultHit]:
    """The hits of a search from the first on, `MOST_HITS` at most, each once.

    The first search is done at once, so that a refusal comes before any hit. Where a new
    generation is published meanwhile, the list is begun again and what was given is skipped:
    nothing that the new one finds is missing.
    """
    found = search(replace(asked, page=1))
    mode = asked.mode
    if mode == "auto":
        # Larger pages would relax a search that the reader's page answered with all words.
        mode = "any" if found.notice and found.notice.code == "relaxed" else "all"
    return _each_once(search, replace(asked, page=1, size=MAX_SIZE, mode=mode))


def _each_once(search: Search, asked: SearchRequest) -> Iterator[ResultHit]:
    given: set[str] = set()
    page: int | None = 1
    generation = ""
    while page is not None and len(given) < MOST_HITS:
        found = search(replace(asked, page=page))
        if generation not in ("", found.generation):
            generation, page = "", 1
            continue
        generation, page = found.generation, found.next_page
        for hit in found.hits:
            if hit.article.id not in given and len(given) < MOST_HITS:
                given.add(hit.article.id)
                yield hit


def csv_lines(hits: Iterable[ResultHit], link: ArticleLink) -> Iterator[str]:
    """A table for a spreadsheet, its first row the names of the columns."""
    yield BOM + _row(_names())
    for hit in hits:
        yield _row(_cells(hit, link))


def json_lines(hits: Iterable[ResultHit], link: ArticleLink) -> Iterator[str]:
    """One hit a line, in the shape that `/api/v1/search` gives it; with `limited` where the query
    is so large that marks may be missing."""
    for hit in hits:
        told = {"limited": True} if hit.limited else {}
        yield sendable(json.dumps(hit_json(hit, link) | told, ensure_ascii=False)) + "\n"


def _names() -> tuple[str, ...]:
    return (
        STRINGS["fact_title"],
        STRINGS["fact_date"],
        STRINGS["fact_source"],
        STRINGS["fact_page"],
        STRINGS["fact_column"],
        STRINGS["fact_author"],
        STRINGS["fact_kind"],
        STRINGS["fact_snippet"],
        STRINGS["fact_url"],
        STRINGS["fact_id"],
    )


def _cells(hit: ResultHit, link: ArticleLink) -> tuple[str, ...]:
    """What stands under `_names`."""
    article = hit.article
    return (
        article.title,
        article.date,
        article.source,
        article.page,
        article.column,
        "、".join(article.author),
        STRINGS[f"kind_{article.kind}"],
        ELLIPSIS.join(snippet.text for snippet in hit.snippets),
        web_address(article.url) or link(article),
        article.id,
    )


def _row(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow([_harmless(cell) for cell in cells])
    return sendable(line.getvalue())


def _harmless(cell: str) -> str:
    """The cell as text: a spreadsheet would carry out one that begins like a formula."""
    first = next((char for char in cell if category(char) not in _UNSEEN), "")
    is_formula = normalize("NFKC", first)[:1] in _FORMULA if first else False
    return f"'{cell}" if is_formula or cell.startswith(_BLANK) else cell
