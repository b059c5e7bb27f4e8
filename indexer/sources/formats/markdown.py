"""Markdown: a newspaper page, or one article with optional YAML front matter."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from math import inf

import yaml

from jianbao.indexer.sources.cleaning.text import clean_line, clean_text
from jianbao.indexer.sources.files.reader import Item, PageStories, doubtful, doubts
from jianbao.indexer.sources.files.source_file import SourceFile
from jianbao.indexer.sources.markup.crude import crude_markdown
from jianbao.indexer.sources.markup.markdown_text import Block, TooDeepError, rendered
from jianbao.indexer.sources.newspaper import newspaper_page, page_articles
from jianbao.indexer.sources.records.fields import one_line
from jianbao.indexer.sources.records.record import Records
from jianbao.indexer.sources.records.roles import role_of

LONGEST_FRONT_MATTER = 1 << 16
"""Characters; a page of metadata has hundreds. Bounds what the YAML parser is given."""

# A base loader leaves values as they were written: 007 stays 007, 12:30 stays 12:30. The one in C
# is ten times as fast, which bounds what 65,536 characters of brackets take; not all have it.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?\n|)(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
_LINE = re.compile(r"([^\s:#\-][^:\n]{0,60}?)[ \t]*:[ \t]+(.*)")


def read_markdown(file: SourceFile) -> Iterator[Item]:
    """One article, or the stories of a newspaper page."""
    yield from _read(file, _blocks)


def read_markdown_crudely(file: SourceFile) -> Iterator[Item]:
    """As `read_markdown`, without a parser for what is no newspaper page."""
    yield from _read(file, lambda text: (_crude_blocks(text), ""))


def _read(file: SourceFile, blocks_of: _Blocks) -> Iterator[Item]:
    decoded = file.decoded()
    yield from doubts(file, decoded)
    text = clean_text(decoded.text).lstrip()
    found = _FRONT_MATTER.match(text, 0, LONGEST_FRONT_MATTER)
    if found is None:
        page, complaint = newspaper_page(text)
        if page is not None:
            yield PageStories(page_articles(page, file.name))
            return
        if complaint:
            yield doubtful(file, complaint)
    record: dict[str, object] = {}
    if found is not None:
        record, complaint = front_matter(found[1])
        if complaint:
            yield doubtful(file, complaint)
    blocks, complaint = blocks_of(text[found.end() if found else 0 :])
    if complaint:
        yield doubtful(file, complaint)
    records = Records(file)
    record, lines = _completed(record, blocks, file)
    yield records.article(record, lines=lines)
    yield from records.unread()


_Blocks = Callable[[str], tuple[list[Block], str]]


def _blocks(text: str) -> tuple[list[Block], str]:
    """The blocks of a text, and a complaint where not all of its markup was read."""
    try:
        return [block for block in rendered(text) if block.text], ""
    except (TooDeepError, RecursionError):
        complaint = "its lists or quotations are nested too deep, so only their commonest marks"
        return _crude_blocks(text), f"{complaint} are taken out"


def _crude_blocks(text: str) -> list[Block]:
    return [Block(shown, level) for shown, level in crude_markdown(text)]


def front_matter(text: str) -> tuple[dict[str, object], str]:
    """The values that a YAML block gives, as text or lists, and what was wrong with it."""
    try:
        content = yaml.load(text, Loader=_LOADER)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 2}" if mark else ""
        return _by_line(text), f"its front matter is not valid YAML{where}; read line by line"
    if _length(content, {}) > 2 * len(text):
        return _by_line(text), "its front matter repeats itself by aliases; read line by line"
    if not isinstance(content, dict):
        if not content:
            return {}, ""
        return {"text": text}, "its front matter has no names; it is read as text"
    return {str(key): _known(value) for key, value in content.items()}, ""


def _length(value: object, known: dict[int, float]) -> float:
    """How many characters and parts a value has with all aliases written out: a few hundred
    characters of them may stand for billions. Infinite for a value that holds itself."""
    if not isinstance(value, dict | list):
        return 1 + len(str(value))
    if id(value) not in known:
        known[id(value)] = inf
        parts = (*value, *value.values()) if isinstance(value, dict) else value
        known[id(value)] = 1 + sum(_length(part, known) for part in parts)
    return known[id(value)]


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
