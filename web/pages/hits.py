"""The hits of a result as its page shows them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from jianbao.indexer import Article, ResultHit, Snippet
from jianbao.web.render import cut_ends, marked


@dataclass(frozen=True, slots=True)
class ShownSnippet:
    """A marked piece of the body, and whether it begins and ends inside a sentence."""

    html: Markup
    begins: bool
    ends: bool


@dataclass(frozen=True, slots=True)
class ShownHit:
    """An article, the way to it, its marked title (empty: none) of `letters`, its snippets."""

    article: Article
    href: str
    title: Markup
    letters: int
    snippets: tuple[ShownSnippet, ...]


def shown_hits(
    hits: Sequence[ResultHit], article_link: Callable[[Article], str]
) -> tuple[ShownHit, ...]:
    """The hits in their order."""
    return tuple(
        ShownHit(
            article=hit.article,
            href=article_link(hit.article),
            title=marked(hit.title) if hit.title.text.strip() else Markup(),
            letters=len(hit.title.text),
            snippets=tuple(_shown(hit.article.body, snippet) for snippet in hit.snippets),
        )
        for hit in hits
    )


def _shown(body: str, snippet: Snippet) -> ShownSnippet:
    return ShownSnippet(marked(snippet), *cut_ends(body, snippet.text))
