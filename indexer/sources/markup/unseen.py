"""What a page has beside its text: descriptions of its pictures, and text that no browser shows."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from jianbao.indexer.sources.cleaning.text import clean_line

_HIDDEN = ("noscript", "template")
_AROUND = frozenset(("nav", "aside", "footer", "header", *_HIDDEN))

FEWEST_LETTERS = 12
"""Letters from which on hidden text is more than a word to those who have no scripts."""


def picture_texts(root: etree._Element, body: str) -> list[str]:
    """What the pictures of a page are said to show, each once, where `body` does not say it."""
    texts = dict.fromkeys(
        clean_line(str(image.get("alt") or ""))
        for image in root.iter("img")
        if not any(above.tag in _AROUND for above in image.iterancestors())
    )
    return [text for text in texts if text and text not in body]


def hidden_kinds(root: etree._Element, body: str) -> Iterator[str]:
    """The elements with text that is shown by no browser, or only by one without scripts, and that
    is not in `body` as well."""
    bare = "".join(body.split())
    for kind in _HIDDEN:
        texts = ("".join("".join(element.itertext()).split()) for element in root.iter(kind))
        if any(
            sum(map(str.isalpha, text)) >= FEWEST_LETTERS and text not in bare for text in texts
        ):
            yield f"text in <{kind}> elements of web pages"
