"""Give the pages of one issue what only one of them prints: the newspaper's name, the issue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from jianbao.indexer.models import Article

SHARED = ("weekday", "number", "total", "cn", "postal")
"""Fields of the masthead that are the same on every page of an issue."""


def complete_issue(articles: Sequence[Article]) -> tuple[Article, ...]:
    """`articles`, those without a newspaper's name completed from others of the same date.

    Nothing is taken where the others name more than one newspaper, or where there is no date.
    What an article has already is kept.
    """
    named: dict[str, dict[str, Article]] = defaultdict(dict)
    for article in articles:
        if article.date and article.source:
            named[article.date].setdefault(article.source, article)
    return tuple(
        article if article.source else _complete(article, tuple(named[article.date].values()))
        for article in articles
    )


def _complete(article: Article, others: Sequence[Article]) -> Article:
    if len(others) != 1:
        return article
    (other,) = others
    shared = {key: other.meta[key] for key in SHARED if key in other.meta}
    return replace(
        article,
        source=other.source,
        issue=article.issue or other.issue,
        meta={**shared, **article.meta},
    )
