"""The plain data that crosses borders: frozen, typed, importing nothing of ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

Kind = Literal["article", "picture", "guide"]
"""What an item is: a story or document, a photo with its caption, a guide to inner pages."""

Sort = Literal["relevance", "newest", "oldest"]
Mode = Literal["auto", "all", "any"]


@dataclass(frozen=True, slots=True)
class Article:
    """One story or document, as it is shown.

    `body` holds paragraphs separated by a single newline. `date` is ISO `YYYY-MM-DD`, or empty
    when unknown. `meta` holds what a source says beyond the named fields, by name.
    """

    id: str
    title: str
    body: str
    author: tuple[str, ...] = ()
    date: str = ""
    source: str = ""
    issue: str = ""
    page: str = ""
    column: str = ""
    url: str = ""
    path: str = ""
    tags: tuple[str, ...] = ()
    acl: tuple[str, ...] = ()
    kind: Kind = "article"
    meta: Mapping[str, str] = field(default_factory=dict)


class Token(NamedTuple):
    """One term of a text: `[start, end)` are offsets into the ORIGINAL text.

    `start` is also its position: in a phrase the next token starts exactly where the query says.
    `aligned` tells a word that stands there as a word from one that only happens to be spelled
    across two others (和服 in 产品和服务).
    """

    term: str
    start: int
    end: int
    aligned: bool


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read. `name` is its path inside the corpus, with forward slashes, as
    `sources.file_names` writes it. When opened it must lie in one of the folders `within`, whose
    paths are real ones, unless there are none."""

    path: Path
    name: str
    within: tuple[str, ...] = ()


Outcome = Literal["skipped", "doubtful", "not indexed"]


@dataclass(frozen=True, slots=True)
class Problem:
    """What a run has to tell of one source.

    `skipped`: nothing of it (or of the named part) was indexed, and should have been. `doubtful`:
    it was indexed, but a person should look, because a guess was needed. `not indexed`: a part
    that is not read, for a reason that many sources may share; a run tells each reason once.
    `count` says how often that was met.
    """

    source: str
    outcome: Outcome
    reason: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Snippet:
    """A verbatim piece of an article and the `[start, end)` ranges in it that matched."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a reader may be about to type: a word, or the title of the article `article_id`.

    `marks` are the `[start, end)` ranges of `text` that the typed text spells.
    """

    text: str
    kind: Literal["word", "title"]
    marks: tuple[tuple[int, int], ...] = ()
    article_id: str = ""


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One search as a person asks it. Pages count from 1; dates are ISO, both ends included.

    `filters` are (field, value) pairs: values of one field are alternatives, fields add up. An
    article with any of the `excluded` (field, value) pairs does not match.
    """

    query: str
    page: int = 1
    size: int = 10
    sort: Sort = "relevance"
    mode: Mode = "auto"
    date_from: str = ""
    date_to: str = ""
    filters: tuple[tuple[str, str], ...] = ()
    excluded: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ResultHit:
    """One hit of a page or list. `title` and `snippets` carry the marks; `limited` tells that the
    query is so large that some may be missing, and other passages may have had more."""

    article: Article
    score: float
    title: Snippet
    snippets: tuple[Snippet, ...]
    limited: bool = False


@dataclass(frozen=True, slots=True)
class FacetCount:
    """How many matching articles have this value."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Bar:
    """How many matching articles are dated from `start` to `end`, both included."""

    start: str
    end: str
    count: int


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the reader should know about how the query was carried out."""

    code: Literal["relaxed", "literal", "exact_first"]
    message: str


@dataclass(frozen=True, slots=True)
class Wider:
    """A search with a condition less, and how many articles it finds."""

    request: SearchRequest
    total: int


@dataclass(frozen=True, slots=True)
class WordCount:
    """A word of a query, or a phrase, and how many articles have it, conditions aside.

    `near` are words or phrases that articles have, for one that no article has.
    """

    text: str
    phrase: bool
    count: int
    near: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ResultPage:
    """The answer to a `SearchRequest`.

    `total` and every count are exact. The histogram's bars sum to the matching articles that have
    a date. A facet lists its most frequent values and the chosen ones, counted as if nothing were
    chosen in that facet. `next_page` is None on the last page. Where nothing was found, `words`
    tells how the query was read and `wider` what would find something. Where the query is so large
    that not all could be tried, `limited` says so: some `suggestions`, `near` words or marks may
    be missing, and nothing else.
    """

    request: SearchRequest
    total: int
    took_ms: float
    generation: str
    hits: tuple[ResultHit, ...]
    facets: Mapping[str, tuple[FacetCount, ...]]
    histogram: tuple[Bar, ...]
    suggestions: tuple[str, ...] = ()
    notice: Notice | None = None
    next_page: int | None = None
    words: tuple[WordCount, ...] = ()
    wider: tuple[Wider, ...] = ()
    limited: bool = False


@dataclass(frozen=True, slots=True)
class ArticleView:
    """One article dressed for reading: its title and paragraphs with the query's matches marked.

    `neighbours` are the other items of the same newspaper page (or file), in reading order;
    `related` others that share the rarest words of its title, the nearest first. `limited` tells
    that there were too many matches to mark all of them.
    """

    article: Article
    title: Snippet
    paragraphs: tuple[Snippet, ...]
    neighbours: tuple[Article, ...]
    generation: str
    related: tuple[Article, ...] = ()
    limited: bool = False
