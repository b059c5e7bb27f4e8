"""Values of records as the text that a reader of the article would see."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from jianbao.indexer.sources.cleaning.text import clean_body
from jianbao.indexer.sources.markup.crude import crude_html, crude_markdown
from jianbao.indexer.sources.markup.markdown_text import rendered
from jianbao.indexer.sources.markup.visible_text import visible_text
from jianbao.indexer.sources.records.fields import plain_name, scalar_text
from jianbao.indexer.sources.records.roles import Markup, markup_of

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


MOST_PARSED, CHARACTERS_PARSED = 50_000, 200
"""Values of one file whose markup is parsed, and characters for which one more is: a parser takes
50 to 200 µs to begin with, and a file of twenty megabytes may have two million values."""


@dataclass(slots=True)
class Parsing:
    """Counts the values of one file that are written in HTML or Markdown; `crude` are those beyond
    the limit, of which only the commonest marks are taken out."""

    values: int = 0
    characters: int = 0
    crude: int = 0

    def may_parse(self, text: str) -> bool:
        """Whether one more value is parsed."""
        self.values += 1
        self.characters += len(text)
        if self.values <= MOST_PARSED + self.characters // CHARACTERS_PARSED:
            return True
        self.crude += 1
        return False


def text_of(value: object, name: str, parsing: Parsing) -> str:
    """The text of a value: of a list a line for each part, of an object that of the parts that
    have text. HTML and Markdown become what is seen of them, where `name` or the text tells."""
    return clean_body(joined_texts(_parts(value, markup_of(name), parsing)))


def seen_text(text: str, markup: Markup, parsing: Parsing) -> str:
    """`text_of` a value that is a text, written in `markup`."""
    return clean_body(_seen(text, markup, parsing)) if text else ""


_MOST_COMPARED = 50
"""Texts of one record that are compared with each other: each is looked for in all others."""


def joined_texts(texts: Iterable[str]) -> str:
    """The texts one below the other, without those that another one has in it; of many, without
    those that are the same."""
    found = [text for text in texts if text and not text.isspace()]
    if len(found) < 2:
        return "".join(found)
    if len(found) > _MOST_COMPARED:
        return "\n".join(dict.fromkeys(found))
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


def _parts(value: object, markup: Markup, parsing: Parsing) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield from _parts_of_object(value, markup, parsing)
    elif isinstance(value, list | tuple):
        # Parts of a list are paragraphs, which may be alike.
        parts = (joined_texts(_parts(part, markup, parsing)) for part in value)
        yield "\n".join(filter(None, parts))
    elif isinstance(value, str):
        yield _seen(value, markup, parsing)
    else:
        yield scalar_text(value)


def _parts_of_object(
    value: Mapping[str, object], markup: Markup, parsing: Parsing
) -> Iterator[str]:
    for key, part in value.items():
        if not _is_text_key(key):
            continue
        own = markup_of(key)
        own = markup if own == "plain" else own
        if plain_name(key) in _IN_LINE and _is_line(part):
            yield "".join(_seen(str(each["text"]), own, parsing) for each in part)  # type: ignore[attr-defined]
        else:
            yield from _parts(part, own, parsing)


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


def _seen(text: str, markup: Markup, parsing: Parsing) -> str:
    if markup != "markdown" and "<" in text and _HTML.search(text):
        markup = "html"
    if markup == "plain" or text.isalnum():
        # Without a mark there is nothing to parse.
        return text
    if markup == "markdown":
        if parsing.may_parse(text):
            return "\n".join(block.text for block in rendered(text))
        return "\n".join(shown for shown, _ in crude_markdown(text))
    return visible_text(text) if parsing.may_parse(text) else crude_html(text)[1]
