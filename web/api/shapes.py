"""The JSON answers as types: `/api/v1/openapi.json` is made of them, tests hold answers to it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

from jianbao.indexer import Kind, Mode

Html = Annotated[str, Meta(description="Escaped text whose only tag is `<mark>`.")]
Day = Annotated[str, Meta(description="`YYYY-MM-DD`; empty where unknown.")]
Address = Annotated[str, Meta(description="The article's own http(s) address, else its page here.")]
Count = Annotated[int, Meta(ge=0)]


class MarkedText(Struct, frozen=True):
    """A verbatim piece of an article; `marks` are `[start, end)` in code points of `text`."""

    text: str
    marks: list[tuple[Count, Count]]


class Hit(Struct, frozen=True):
    """One article that matches."""

    id: str
    title: str
    url: Address
    date: Day
    source: str
    author: Annotated[str, Meta(description="Several names are joined with `、`.")]
    page: Annotated[str, Meta(description="The page of the newspaper.")]
    column: str
    score: Annotated[float, Meta(description="0 where the order is by date.")]
    title_html: Html
    snippet_html: Html
    snippets: list[MarkedText]


class FacetValue(Struct, frozen=True):
    """A value and how many articles have it, counted without the filters of its own facet."""

    value: str
    count: Count


class Bar(Struct, frozen=True):
    """How many matching articles are dated within a year, a month or a day, both ends included."""

    start: Day = field(name="from")
    end: Day = field(name="to")
    count: Count


class Results(Struct, frozen=True):
    """A page of hits. `total` and every count are exact."""

    query: str
    mode: Mode
    total: Count
    page: Annotated[int, Meta(ge=1)]
    size: Annotated[int, Meta(ge=1)]
    took_ms: Annotated[float, Meta(ge=0)]
    generation: Annotated[str, Meta(description="The state of the index that answered.")]
    hits: list[Hit]
    facets: dict[str, list[FacetValue]]
    histogram: list[Bar]
    suggestions: Annotated[list[str], Meta(description="Other words to search for.")]
    notice: Annotated[str | None, Meta(description="A sentence to show the reader.")]
    notice_code: Annotated[
        Literal["relaxed", "literal", "exact_first"] | None,
        Meta(description="Some words will do, or the text was read as it stands."),
    ]
    limited: Annotated[
        bool,
        Meta(
            description="The query is so large that some suggestions or marks were left out; hits, "
            "total and counts are whole."
        ),
    ]
    next: Annotated[str | None, Meta(description="The address of the next page.")]


class Neighbour(Struct, frozen=True):
    """Another item of the same newspaper page or file."""

    id: str
    title: str
    kind: Kind
    url: Address


class Reading(Struct, frozen=True):
    """One article; `paragraphs` carry the matches of `q`."""

    id: str
    title: str
    url: Address
    date: Day
    source: str
    author: Annotated[str, Meta(description="Several names are joined with `、`.")]
    page: Annotated[str, Meta(description="The page of the newspaper.")]
    column: str
    kind: Kind
    issue: str
    tags: list[str]
    body: Annotated[str, Meta(description="Paragraphs, a line break between them.")]
    title_html: Html
    paragraphs: list[MarkedText]
    neighbours: list[Neighbour]
    generation: str
    limited: Annotated[bool, Meta(description="There were too many matches to mark all of them.")]


class Suggested(Struct, frozen=True):
    """A word, or the title of an article; `marks` are `[start, end)` in code points of `text`."""

    text: str
    kind: Literal["word", "title"]
    url: Annotated[str, Meta(description="A search for the word, or the article's page.")]
    marks: list[tuple[Count, Count]]


class Suggestions(Struct, frozen=True):
    """What may be typed next, words before titles."""

    query: str
    suggestions: list[Suggested]


class Told(Struct, frozen=True):
    """What went wrong: a code for programs and a sentence for people."""

    code: Annotated[str, Meta(examples=["bad_query"])]
    message: Annotated[str, Meta(min_length=1)]


class Failed(Struct, frozen=True):
    """The one shape of every error."""

    error: Told


class Document(Struct, frozen=True):
    """This description."""

    openapi: str
    info: dict[str, Any]
    paths: dict[str, Any]
