"""Values of records as the text that a reader of the article would see."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from indexer.sources.cleaning import clean_body
from indexer.sources.fields import plain_name, scalar_text
from indexer.sources.markup import rendered
from indexer.sources.roles import Markup, markup_of
from indexer.sources.visible import visible_text

_TEXT_KEYS = frozenset(
    (
        *("text", "value", "rendered", "raw", "html", "content", "contents", "children", "body"),
        *("markdown", "md", "p", "paragraph", "paragraphs", "blocks", "items", "list", "data"),
        *("caption", "title", "heading", "subtitle", "quote", "code", "#text", "$t", "cdata"),
        *("insert", "ops", "nodes", "runs", "spans", "rows", "cells", "summary", "description"),
        *("内容", "正文", "文本", "段落", "标题"),
    )
)
"""Names under which the parts of a text made of objects have their text, in plain form."""

_IN_LINE = frozenset(("children", "content", "spans", "runs", "ops", "nodes"))

_HTML = re.compile(
    r"</(?:p|div|span|a|b|i|u|em|strong|font|center|section|article|blockquote|li|ul|ol|dl|td|tr"
    r"|table|tbody|h[1-6]|figure|figcaption|sup|sub)\s*>|<br\s*/?>|<p(?:\s[^<>]*)?>"
    r"|<img\s[^<>]*>",
    re.IGNORECASE,
)

Leaf = tuple[str, str]
"""Names with dots between them, and the text that stands there."""


def text_of(value: object, name: str) -> str:
    """The text of a value: of a list a line for each part, of an object that of the parts that
    have text. HTML and Markdown become what is seen of them, where `name` or the text tells."""
    return clean_body(joined_texts(_parts(value, markup_of(name))))


def seen_text(text: str, markup: Markup) -> str:
    """`text_of` a value that is a text, written in `markup`."""
    return clean_body(_seen(text, markup)) if text else ""


def joined_texts(texts: Iterable[str]) -> str:
    """The texts one below the other, without those that another one has in it."""
    found = [text for text in texts if text and not text.isspace()]
    if len(found) < 2:
        return "".join(found)
    bare = ["".join(text.split()) for text in found]
    kept = [
        text
        for number, text in enumerate(found)
        if not any(
            bare[number] in other and (bare[number] != other or place < number)
            for place, other in enumerate(bare)
            if place != number
        )
    ]
    return "\n".join(kept)


def leaves(value: object, name: str) -> Iterator[Leaf]:
    """All texts in a value with the names that lead to them, those in `text_of` too."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from leaves(part, f"{name}.{key}")
    elif isinstance(value, list | tuple):
        for part in value:
            yield from leaves(part, name)
    elif isinstance(value, str):
        yield name, value


def unread_leaves(value: object, name: str) -> Iterator[Leaf]:
    """The texts in a value that `text_of` leaves out."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            inner = f"{name}.{key}"
            yield from (unread_leaves if _is_text_key(key) else leaves)(part, inner)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from unread_leaves(part, name)


def _parts(value: object, markup: Markup) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield from _parts_of_object(value, markup)
    elif isinstance(value, list | tuple):
        # Parts of a list are paragraphs, which may be alike.
        yield "\n".join(filter(None, (joined_texts(_parts(part, markup)) for part in value)))
    elif isinstance(value, str):
        yield _seen(value, markup)
    else:
        yield scalar_text(value)


def _parts_of_object(value: Mapping[str, object], markup: Markup) -> Iterator[str]:
    for key, part in value.items():
        if not _is_text_key(key):
            continue
        own = markup_of(key)
        own = markup if own == "plain" else own
        if plain_name(key) in _IN_LINE and _is_line(part):
            yield "".join(_seen(str(each["text"]), own) for each in part)  # type: ignore[attr-defined]
        else:
            yield from _parts(part, own)


def _is_text_key(key: str) -> bool:
    return plain_name(key) in _TEXT_KEYS


def _is_line(value: object) -> bool:
    """Whether a list has the pieces of one line: objects with nothing but a `text` in them."""
    return isinstance(value, list) and all(
        isinstance(each, Mapping)
        and isinstance(each.get("text"), str)
        and not any(isinstance(part, list) and part for part in each.values())
        and each.get("type", "text") in ("text", "span", "link", "strong", "em", "run")
        for each in value
    )


def _seen(text: str, markup: Markup) -> str:
    if markup == "markdown":
        return "\n".join(block.text for block in rendered(text))
    if markup == "html" or ("<" in text and _HTML.search(text)):
        return visible_text(text)
    return text
