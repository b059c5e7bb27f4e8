"""Markdown: a newspaper page, or one article with optional YAML front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

from indexer.sources.cleaning import clean_line, clean_text
from indexer.sources.fields import one_line
from indexer.sources.markup import Block, rendered
from indexer.sources.newspaper import looks_like_page, page_articles, split_page
from indexer.sources.opening import SourceFile
from indexer.sources.reading import Item, PageStories, doubtful, doubts
from indexer.sources.records import Records
from indexer.sources.roles import role_of

LONGEST_FRONT_MATTER = 1 << 16
"""Characters; a page of metadata has hundreds. Bounds what the YAML parser is given."""

_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?\n|)(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
_LINE = re.compile(r"([^\s:#\-][^:\n]{0,60}?)[ \t]*:[ \t]+(.*)")


def read_markdown(file: SourceFile) -> Iterator[Item]:
    """One article, or the stories of a newspaper page."""
    decoded = file.decoded()
    yield from doubts(file, decoded)
    text = clean_text(decoded.text).lstrip()
    found = _FRONT_MATTER.match(text, 0, LONGEST_FRONT_MATTER)
    if found is None and looks_like_page(text):
        yield PageStories(page_articles(split_page(text), file.name))
        return
    record: dict[str, object] = {}
    if found is not None:
        record, complaint = front_matter(found[1])
        if complaint:
            yield doubtful(file, complaint)
    blocks = [block for block in rendered(text[found.end() if found else 0 :]) if block.text]
    records = Records(file)
    record, lines = _completed(record, blocks, file)
    yield records.article(record, lines=lines)
    yield from records.unread()


def front_matter(text: str) -> tuple[dict[str, object], str]:
    """The values that a YAML block gives, as text or lists, and what was wrong with it."""
    try:
        # The base loader leaves values as they were written: 007 stays 007, 12:30 stays 12:30.
        content = yaml.load(text, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 2}" if mark else ""
        return _by_line(text), f"its front matter is not valid YAML{where}; read line by line"
    if not isinstance(content, dict):
        if not content:
            return {}, ""
        return {"text": text}, "its front matter has no names; it is read as text"
    return {str(key): _known(value) for key, value in content.items()}, ""


def _by_line(text: str) -> dict[str, object]:
    found = (_LINE.fullmatch(line) for line in text.split("\n"))
    return {line[1].strip("\"' "): line[2].strip("\"' ") for line in found if line}


def _known(value: object) -> object:
    return "" if isinstance(value, str) and value in {"null", "Null", "NULL", "~"} else value


def _completed(
    record: dict[str, object], blocks: list[Block], file: SourceFile
) -> tuple[dict[str, object], str]:
    """The record with a title: its own, the first heading, the file's name; and its body.

    A heading at the top that says the title is not repeated in the body.
    """
    titles = [value for key, value in record.items() if role_of(key, file.roles) == "title"]
    headings = [clean_line(block.text) for block in blocks if block.level]
    title = next(filter(None, (one_line(value) for value in titles)), "")
    title = title or next(filter(None, headings), file.stem if blocks else "")
    if blocks and blocks[0].level and clean_line(blocks[0].text) == title:
        blocks = blocks[1:]
    named = record if any(map(one_line, titles)) else {**record, "title": title}
    return named, "\n".join(block.text for block in blocks)
