"""What the pages need from a searcher; `indexer.Searcher` is one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, runtime_checkable

from jianbao.indexer import (
    ArticleView,
    FacetCount,
    ResultHit,
    ResultPage,
    SearchRequest,
    Suggestion,
)


class Stats(Protocol):
    """What the home page and the health check say about the live generation."""

    @property
    def articles(self) -> int:
        """How many items can be found."""

    @property
    def generation(self) -> str:
        """The name of the live generation."""

    @property
    def built(self) -> str:
        """When it was published, ISO 8601."""


class SearchDoor(Protocol):
    """The read path, safe to call from several threads at once."""

    def search(self, request: SearchRequest, /) -> ResultPage:
        """Answer a request; raise QueryError for one that cannot be carried out."""

    def values(self, request: SearchRequest, name: str, /) -> tuple[FacetCount, ...]:
        """Every value of one facet of the articles found, the most frequent first."""

    def article(self, article_id: str, /, query: str = "") -> ArticleView:
        """One article with the matches of `query` marked; raise ArticleNotFoundError."""

    def suggest(self, text: str, size: int, /) -> tuple[Suggestion, ...]:
        """What a reader who has typed `text` may be about to type, `size` at most."""

    def stats(self) -> Stats:
        """Figures of the live generation; raise IndexUnavailableError when there is none."""


@runtime_checkable
class ListingDoor(Protocol):
    """A searcher that has whole lists too; of one that has not, they are put together by pages."""

    def listed(self, request: SearchRequest, most: int, /) -> Iterator[ResultHit]:
        """The hits of a request from the first on; raise QueryError before the first."""
