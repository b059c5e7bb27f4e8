"""What the reader finds on a page, in the words of the gold pages."""

from __future__ import annotations

from jianbao.indexer.sources.newspaper import page_articles, split_page
from tests.newspaper_pages import FoundItem


def find_items(text: str) -> list[FoundItem]:
    """The page's articles as found items."""
    return [
        FoundItem(article.kind, article.title, article.author, article.body)
        for article in page_articles(split_page(text), "page.txt")
    ]
