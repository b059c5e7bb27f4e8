"""HTML: the main text of a page without its navigation, and what its head says of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from jianbao.indexer.sources.cleaning.text import clean_line, clean_text
from jianbao.indexer.sources.encoding.detection import Decoded, decode
from jianbao.indexer.sources.files.reader import Item, doubtful, doubts, not_indexed
from jianbao.indexer.sources.files.source_file import SourceFile
from jianbao.indexer.sources.markup.crude import crude_html
from jianbao.indexer.sources.markup.unseen import hidden_kinds, picture_texts
from jianbao.indexer.sources.markup.visible_text import (
    element_text,
    is_too_deep,
    parsed,
    visible_text,
)
from jianbao.indexer.sources.records.fields import article_from, field_of

HEAD = 4096
"""Bytes in which a page has to declare its encoding; the HTML standard asks for 1,024."""

FEWEST_CHARACTERS = "80"
"""A shorter find makes the extractor try cruder ways. Its own 250 are for alphabets; a Chinese
notice of 110 characters is complete, and the cruder ways gave it the navigation bar as well."""

NOT_MAIN = ["//nav", "//aside", "//footer"]

_CHARSET = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_FROM_HEAD = frozenset(
    ("author", "date", "source", "column", "url", "tags", "issue", "page", "acl")
)


@dataclass(frozen=True, slots=True)
class _Extract:
    body: str = ""
    fields: dict[str, object] = field(default_factory=dict)


def read_html(file: SourceFile) -> Iterator[Item]:
    """One article: the main text, or all visible text where there is no telling the main part."""
    decoded = _decoded(file)
    yield from doubts(file, decoded)
    page = clean_text(decoded.text)
    root = parsed(page)
    if root is not None and is_too_deep(root):
        yield doubtful(file, "its elements are nested too deep to tell its main text; all kept")
        yield _crude_article(file, page)
        return
    extract = _Extract()
    try:
        extract = _extract(page)
    # A library for the web's worst pages may fail in any way; the text is still there to read.
    except Exception as error:
        yield doubtful(file, f"its main text could not be told ({type(error).__name__}); all kept")
    record = extract.fields | (_head_fields(root) if root is not None else {})
    body = extract.body or visible_text(page)
    if root is not None:
        body = "\n".join((body, *picture_texts(root, body)))
        yield from (not_indexed(file, kind) for kind in hidden_kinds(root, body))
    title = clean_line(str(record.get("title") or ""))
    if title and body.startswith(title + "\n"):
        body = body[len(title) + 1 :]
    yield article_from({**record, "body": body}, name=file.name)


def read_html_crudely(file: SourceFile) -> Iterator[Item]:
    """One article of all text, without a parser."""
    decoded = _decoded(file)
    yield from doubts(file, decoded)
    yield _crude_article(file, clean_text(decoded.text))


def _crude_article(file: SourceFile, page: str) -> Item:
    title, body = crude_html(page)
    return article_from({"title": title, "body": body}, name=file.name)


def _decoded(file: SourceFile) -> Decoded:
    data = file.read()
    declared = _CHARSET.search(data, 0, HEAD)
    return decode(data, hint=declared[1].decode("ascii", "replace") if declared else "")


def _extract(page: str) -> _Extract:
    # Imported here: it takes half a second, and only a corpus with HTML needs it.
    import trafilatura
    from trafilatura.settings import use_config

    config = use_config()
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", FEWEST_CHARACTERS)
    found = trafilatura.bare_extraction(
        page,
        with_metadata=True,
        include_comments=False,
        favor_recall=True,
        prune_xpath=NOT_MAIN,
        # Without the extensive search a page without a date stays without one; with it, the
        # year of a copyright line becomes the first of January.
        date_extraction_params={"extensive_search": False, "original_date": True},
        config=config,
    )
    if found is None or isinstance(found, dict):
        return _Extract()
    fields = {
        "title": found.title,
        "author": (found.author or "").split("; "),
        "date": found.date,
        "source": found.sitename,
        "url": found.url,
        "tags": found.tags,
    }
    body = element_text(found.body) if found.body is not None else found.text or ""
    return _Extract(body, {name: value for name, value in fields.items() if value})


def _head_fields(root: etree._Element) -> dict[str, object]:
    """What the `meta` elements say: `author`, `article:published_time`, `og:site_name`, …

    The first of several for one field counts; an author that is an address is not a name.
    """
    fields: dict[str, object] = {}
    for meta in root.iter("meta"):
        label = str(meta.get("name") or meta.get("property") or meta.get("itemprop") or "")
        name = field_of(re.split("[:.]", label)[-1])
        value = clean_line(str(meta.get("content") or ""))
        if name not in _FROM_HEAD or label.lower().startswith("twitter") or not value:
            continue
        if name != "author" or "://" not in value:
            fields.setdefault(name, value)
    return fields
