"""Newspaper pages: one text, many stories.

`split_page` reads a page into its items, `page_articles` makes articles of them, and
`join_continued` puts stories together that run over several pages of one issue, and gives the
pages of an issue the newspaper's name that only one of them prints.
"""

from jianbao.indexer.sources.newspaper.articles import page_articles
from jianbao.indexer.sources.newspaper.continuing import join_continued
from jianbao.indexer.sources.newspaper.detecting import looks_like_page, newspaper_page
from jianbao.indexer.sources.newspaper.lines.page_model import Item, ItemKind, Masthead, Page, Span
from jianbao.indexer.sources.newspaper.reading import split_page

__all__ = [
    "Item",
    "ItemKind",
    "Masthead",
    "Page",
    "Span",
    "join_continued",
    "looks_like_page",
    "newspaper_page",
    "page_articles",
    "split_page",
]
