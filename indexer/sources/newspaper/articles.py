"""Turn a page's items into articles."""

from __future__ import annotations

import re

from jianbao.indexer.models import Article, Kind
from jianbao.indexer.sources.newspaper.file_name import complete_from_name
from jianbao.indexer.sources.newspaper.lines.page_model import Item, Masthead, Page

TITLE_LIMIT = 40
"""Characters of a made title: the length of a long headline."""

_SENTENCE = re.compile(r"[^。!?\uff01\uff1f\n]+[。!?\uff01\uff1f]?")
_PAUSE = re.compile(r"[,;:\uff0c\uff1b\uff1a]")
_DECORATION = "·•【】[]〔〕■●▲◆□◇★☆:：《》 "


def page_articles(page: Page, name: str) -> tuple[Article, ...]:
    """The page's stories, pictures and guides as articles `name:1`, `name:2`, … in page order.

    `name` is the file's path; it gives the date and the page where the page itself prints none.
    """
    masthead = complete_from_name(page.masthead, name)
    items = [item for item in page.items if item.kind != "masthead"]
    return tuple(_article(item, masthead, name, ordinal) for ordinal, item in enumerate(items, 1))


def _article(item: Item, masthead: Masthead, name: str, ordinal: int) -> Article:
    kind: Kind = item.kind if item.kind != "masthead" else "article"
    lines = [item.kicker, item.subtitle, *item.paragraphs]
    return Article(
        id=f"{name}:{ordinal}",
        title=_title(item),
        body="\n".join(line for line in lines if line),
        author=item.authors,
        date=masthead.date,
        source=masthead.newspaper,
        issue=masthead.issue,
        page=masthead.page,
        column=item.column.strip(_DECORATION),
        path=name,
        kind=kind,
        meta=_meta(item, masthead),
    )


def _title(item: Item) -> str:
    if item.kind == "guide":
        return item.title.strip(_DECORATION) or "本期导读"
    return item.title or first_clause(item.paragraphs[0] if item.paragraphs else item.column)


def first_clause(text: str) -> str:
    """The first sentence of `text`, or as many whole clauses of it as a title holds; verbatim."""
    found = _SENTENCE.search(text)
    sentence = found[0].strip() if found else text.strip()
    if len(sentence) <= TITLE_LIMIT:
        return sentence.rstrip("。") or sentence
    fitting = [mark.start() for mark in _PAUSE.finditer(sentence, 1, TITLE_LIMIT + 1)]
    return sentence[: fitting[-1] if fitting else TITLE_LIMIT].strip()


def _meta(item: Item, masthead: Masthead) -> dict[str, str]:
    values = {
        "weekday": masthead.weekday,
        "number": masthead.number,
        "total": masthead.total,
        "cn": masthead.cn,
        "postal": masthead.postal,
        "section": masthead.section,
        "kicker": item.kicker,
        "subtitle": item.subtitle,
        "photographer": " ".join(item.authors) if item.kind == "picture" else "",
        "continues_to": item.continues_to,
        "continued_from": item.continued_from,
    }
    for role, person in masthead.people:
        values[role] = f"{values[role]} {person}" if role in values else person
    return {key: value for key, value in values.items() if value}
