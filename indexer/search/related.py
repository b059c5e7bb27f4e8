"""Articles related to one: those that share the most telling words of its title."""

from __future__ import annotations

from jianbao.indexer.engines.base import Engine, Search
from jianbao.indexer.models import Article
from jianbao.indexer.query.tree import Leaf, Or
from jianbao.indexer.text.analyzer import Analyzer

RELATED = 5

TELLING = 6
"""Words of a title, the rarest ones, by which others are found to be related."""

LONGEST = 100
"""Characters of a title that are looked at; each word of it is a search."""


def related(article: Article, engine: Engine, analyzer: Analyzer) -> tuple[Article, ...]:
    """The articles that share most of the rarest words of the title, the nearest first."""
    leaves = [
        Leaf(word.text, tuple(analyzer.pieces(word.text, whole=word.whole)), word.whole)
        for word in dict.fromkeys(analyzer.words(article.title[:LONGEST]))
    ]
    counted = engine.search_many([Search(leaf, limit=0) for leaf in leaves])
    counts = {leaf: found.total for leaf, found in zip(leaves, counted, strict=True)}
    shared = sorted((leaf for leaf in leaves if counts[leaf] > 1), key=counts.__getitem__)
    if not shared:
        return ()
    hits = engine.search(Search(Or(tuple(shared[:TELLING])), limit=RELATED + 1)).hits
    found = engine.get([hit.id for hit in hits if hit.id != article.id])
    return tuple(each for each in found if each)[:RELATED]
