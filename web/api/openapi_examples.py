"""Answers as the API's description shows them, made by what makes the real ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import url_for
from msgspec import to_builtins

from jianbao.indexer import (
    Article,
    ArticleNotFoundError,
    ArticleView,
    Bar,
    FacetCount,
    IndexMissingError,
    ResultHit,
    ResultPage,
    SearchRequest,
    Snippet,
)
from jianbao.web.api import shapes
from jianbao.web.formats.export import csv_lines, json_lines
from jianbao.web.http.errors import Failure, failure
from jianbao.web.languages.strings import STRINGS
from jianbao.web.render import article_json, search_json
from jianbao.web.state.links import article_links
from jianbao.web.state.params import FILTERS, MAX_QUERY, QUERY

_BODY: Final = (
    "书画里的朱红，常用的是朱砂，也就是硫化汞，磨细以后颜色鲜亮，不易变。盖印章的印泥，便是朱砂粉、蓖麻油和艾绒调成的。",
    "朱砂有毒，不能当药随便吃，也不要加热。",
)
"""The paragraphs of `corpus/` that have the word; the others are left out."""

ARTICLE: Final = Article(
    id="c02",
    title="“中国红”的颜料，从哪里来",
    body="\n".join(_BODY),
    author=("苏岸",),
    date="2018-10-01",
    source="剪报周末",
    column="书法",
)
NEIGHBOUR: Final = Article(id="c01", title="博物馆里为什么这么暗", body="")
WORD: Final = "朱砂"
PINYIN: Final = "zhusha"
GENERATION: Final = "000001"

_FIRST: Final = Snippet(_BODY[0], ((11, 13), (43, 45)))
_LAST: Final = Snippet(_BODY[1], ((0, 2),))
_TITLE: Final = Snippet(ARTICLE.title, ())
_HIT: Final = ResultHit(ARTICLE, 6.98, _TITLE, (_FIRST,))
_VIEW: Final = ArticleView(ARTICLE, _TITLE, (_FIRST, _LAST), (NEIGHBOUR,), GENERATION)


def answers(page_size: int) -> Mapping[str, Any]:
    """Endpoint -> the body of an answer. Addresses are those of the present request's server."""
    link = article_links(url_for)
    exported = article_links(lambda *names, **values: url_for(*names, **values, _external=True))
    return {
        "api_search": search_json(_found(page_size), link, None),
        "api_article": article_json(_VIEW, link),
        "api_suggest": to_builtins(_suggestions()),
        "api_export_csv": "".join(csv_lines([_HIT], exported)),
        "api_export_jsonl": "".join(json_lines([_HIT], exported)),
        "api_openapi": {"openapi": "3.1.0", "info": {"title": "Jianbao"}, "paths": {}},
    }


def failures() -> Mapping[int, Any]:
    """Status -> the body of an error, in the language of the present request."""
    missing = ArticleNotFoundError("no article has the id 'c99': search for it")
    empty = IndexMissingError("there is no index yet: say what to index, `jianbao index PATH`")
    fault = STRINGS["message_500"]
    told = (
        failure(QUERY.refused(WORD * MAX_QUERY)),
        failure(missing),
        Failure(500, "internal", fault, fault),
        failure(empty),
    )
    return {each.status: each.as_json() for each in told}


def _found(page_size: int) -> ResultPage:
    return ResultPage(
        request=SearchRequest(WORD, size=page_size),
        total=1,
        took_ms=0.89,
        generation=GENERATION,
        hits=(_HIT,),
        facets={name: _values(name) for name in FILTERS.values()},
        histogram=(Bar(ARTICLE.date, ARTICLE.date, 1),),
    )


def _values(facet: str) -> tuple[FacetCount, ...]:
    known = {
        "source": ARTICLE.source,
        "year": ARTICLE.date[:4],
        "column": ARTICLE.column,
        "author": ARTICLE.author[0],
        "kind": ARTICLE.kind,
    }
    return (FacetCount(known[facet], 1),) if facet in known else ()


def _suggestions() -> shapes.Suggestions:
    address = url_for(".search", q=WORD)
    word = shapes.Suggested(text=WORD, kind="word", url=address, marks=[(0, len(WORD))])
    return shapes.Suggestions(query=PINYIN, suggestions=[word])
