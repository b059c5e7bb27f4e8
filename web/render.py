"""Results as JSON, and marked text as HTML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import count, repeat
from typing import Any, Final

from markupsafe import Markup, escape

from jianbao.indexer import Article, ArticleView, ResultHit, ResultPage, Snippet
from jianbao.web.languages.strings import STRINGS

Json = dict[str, Any]
ArticleLink = Callable[[Article], str]

ELLIPSIS: Final = " … "
_UNSENDABLE: Final = re.compile("[\ud800-\udfff\x00]")
_SENTENCE_END: Final = re.compile(r"[。！？；…!?;”’」』）)\s]")
_WEB_ADDRESS: Final = re.compile(r"https?://[^\s]+", re.IGNORECASE)


def sendable(text: str) -> str:
    """The text with U+FFFD for what UTF-8 or HTML cannot carry; offsets stay where they were."""
    return _UNSENDABLE.sub("\ufffd", text)


def encoded(text: str) -> bytes:
    """What `sendable` makes of a text, in UTF-8."""
    if "\0" not in text:
        with suppress(UnicodeEncodeError):
            # Looking at each character of a page takes ten times as long.
            return text.encode()
    return sendable(text).encode()


def merged(marks: Iterable[tuple[int, int]], length: int) -> Iterator[tuple[int, int]]:
    """The marks in order, clipped to the text, with touching and overlapping ones joined."""
    start = end = 0
    for low, high in sorted((max(0, low), min(length, high)) for low, high in marks):
        if low > end:
            if start < end:
                yield start, end
            start, end = low, max(low, high)
        elif high > low:
            start, end = (start if start < end else low), max(end, high)
    if start < end:
        yield start, end


def marked(snippet: Snippet) -> Markup:
    """The snippet as escaped HTML whose only tag is `<mark>`."""
    return _dressed(snippet, repeat(Markup("<mark>")))


def numbered(snippets: Iterable[Snippet]) -> tuple[list[Markup], int]:
    """The snippets like `marked`, each mark with the next id of `m1`, `m2` and so on, by which an
    address leads to it; and how many there are."""
    counter = count(1)
    tags = (Markup('<mark id="m{}" tabindex="-1">').format(number) for number in counter)
    found = [_dressed(snippet, tags) for snippet in snippets]
    return found, next(counter) - 1


def _dressed(snippet: Snippet, tags: Iterator[Markup]) -> Markup:
    text = sendable(snippet.text)
    whole = escape(text)
    # Most texts have nothing to escape, and then no part of them has.
    safe: Callable[[str], str] = escape if len(whole) > len(text) else str
    parts: list[str] = []
    done = 0
    for start, end in merged(snippet.marks, len(text)):
        parts += (safe(text[done:start]), next(tags), safe(text[start:end]), "</mark>")
        done = end
    parts.append(safe(text[done:]))
    return Markup("".join(parts))


def joined(snippets: Iterable[Snippet]) -> Markup:
    """Several snippets as one piece of HTML, an ellipsis between them."""
    return Markup(ELLIPSIS).join(marked(snippet) for snippet in snippets)


def cut_ends(body: str, text: str) -> tuple[bool, bool]:
    """Whether a piece of the body begins and whether it ends inside a sentence."""
    start = body.find(text)
    before, after = body[:start][-1:], body[start + len(text) :][:1]
    begins = bool(text and start > 0 and not _SENTENCE_END.match(before))
    ends = bool(text and start >= 0 and after.strip() and not _SENTENCE_END.match(text[-1]))
    return begins, ends


def web_address(url: str) -> str:
    """The URL if a reader may be sent there: http or https and nothing else; otherwise empty."""
    return url if _WEB_ADDRESS.fullmatch(url) else ""


def search_json(page: ResultPage, link: ArticleLink, next_url: str | None) -> Json:
    """The body of `/api/v1/search`."""
    request = page.request
    return {
        "query": request.query,
        "mode": request.mode,
        "total": page.total,
        "page": request.page,
        "size": request.size,
        "took_ms": round(page.took_ms, 2),
        "generation": page.generation,
        "hits": [hit_json(hit, link) for hit in page.hits],
        "facets": {
            field: [{"value": count.value, "count": count.count} for count in counts]
            for field, counts in page.facets.items()
        },
        "histogram": [
            {"from": bar.start, "to": bar.end, "count": bar.count} for bar in page.histogram
        ],
        "suggestions": list(page.suggestions),
        "notice": STRINGS[f"notice_{page.notice.code}"] if page.notice else None,
        "notice_code": page.notice.code if page.notice else None,
        "limited": page.limited,
        "next": next_url,
    }


def article_json(view: ArticleView, link: ArticleLink) -> Json:
    """The body of `/api/v1/articles/ID`; `acl` and `path` are nobody's business here."""
    article = view.article
    return {
        **_facts_json(article, link),
        "kind": article.kind,
        "issue": article.issue,
        "tags": list(article.tags),
        "body": article.body,
        "title_html": str(marked(view.title)),
        "paragraphs": [_snippet_json(paragraph) for paragraph in view.paragraphs],
        "neighbours": [
            {"id": other.id, "title": other.title, "kind": other.kind, "url": link(other)}
            for other in view.neighbours
        ],
        "generation": view.generation,
        "limited": view.limited,
    }


def hit_json(hit: ResultHit, link: ArticleLink) -> Json:
    """One hit as `/api/v1/search` and the export give it."""
    return {
        **_facts_json(hit.article, link),
        "score": hit.score,
        "title_html": str(marked(hit.title)),
        "snippet_html": str(joined(hit.snippets)),
        "snippets": [_snippet_json(snippet) for snippet in hit.snippets],
    }


def _facts_json(article: Article, link: ArticleLink) -> Json:
    return {
        "id": article.id,
        "title": article.title,
        "url": web_address(article.url) or link(article),
        "date": article.date,
        "source": article.source,
        "author": "、".join(article.author),
        "page": article.page,
        "column": article.column,
    }


def _snippet_json(snippet: Snippet) -> Json:
    return {"text": snippet.text, "marks": [list(mark) for mark in snippet.marks]}
