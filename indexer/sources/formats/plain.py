"""Plain text: a newspaper page, or one article whose first line is its title.

    关于节日期间开放时间的通知
    作者：王小明
    日期：2024年12月30日

    正文从这里开始。

Lines of known names directly at the top, before or after the title, are its metadata.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from jianbao.indexer.sources.cleaning.dates import is_date
from jianbao.indexer.sources.cleaning.text import clean_text, first_clause
from jianbao.indexer.sources.files.reader import Item, PageStories, doubtful, doubts
from jianbao.indexer.sources.files.source_file import SourceFile
from jianbao.indexer.sources.newspaper import newspaper_page, page_articles
from jianbao.indexer.sources.records.fields import article_from, field_of

LONGEST_TITLE = 80
"""Characters; a longer first line, or one that ends a sentence, opens the body instead."""

LONGEST_HEADER = 200
"""Characters; a longer line that begins like a header is prose."""

_LABEL = re.compile(r"(?:^|(?<=\s)|(?<=[|｜]))([^\s:：|｜]{1,20})[ \u3000]*[:：][ \u3000]*")


def read_plain(file: SourceFile) -> Iterator[Item]:
    """One article, or the stories of a newspaper page."""
    decoded = file.decoded()
    yield from doubts(file, decoded)
    text = clean_text(decoded.text)
    page, complaint = newspaper_page(text)
    if page is not None:
        yield PageStories(page_articles(page, file.name))
        return
    if complaint:
        yield doubtful(file, complaint)
    yield article_from(_record(text), name=file.name)


def _record(text: str) -> dict[str, object]:
    lines = text.strip().split("\n")
    record: dict[str, object] = {}
    rest = _take_headers(lines, 0, record)
    if "title" not in record and rest < len(lines) and _is_title(lines[rest], lines[rest + 1 :]):
        record["title"] = lines[rest].strip().removeprefix("# ")
        rest = _take_headers(lines, rest + 1, record)
    record["body"] = "\n".join(lines[rest:])
    if "title" not in record:
        record["title"] = first_clause("\n".join(lines[rest:]).strip())
    return record


def _is_title(line: str, following: list[str]) -> bool:
    line = line.strip()
    if len(line) > LONGEST_TITLE:
        return False
    return not line.endswith(("。", "；", "，", "：")) or not any(map(str.strip, following))


def _take_headers(lines: list[str], start: int, record: dict[str, object]) -> int:
    """Moves the header lines from `start` on into `record`; where the text goes on after them.

    Blank lines before a header are passed over; without a header nothing is.
    """
    index = after = start
    while index < len(lines):
        line = lines[index].strip()
        index += 1
        if not line:
            continue
        header = _header(line)
        if not header or record.keys() & header.keys():
            break
        record.update(header)
        after = index
    return after


def _header(line: str) -> dict[str, str]:
    """The fields of a header line such as `来源：某报　日期：2024-12-30`; empty for other lines."""
    labels = list(_LABEL.finditer(line)) if len(line) <= LONGEST_HEADER else []
    labels = [label for label in labels if field_of(label[1])]
    if not labels or labels[0].start() > 0:
        return {}
    ends = [label.start() for label in labels[1:]] + [len(line)]
    fields = {
        field_of(label[1]): line[label.end() : end].strip(" \u3000\t|｜")
        for label, end in zip(labels, ends, strict=True)
    }
    date = fields.get("date", "")
    if "body" in fields or len(fields) < len(labels) or (date and not is_date(date)):
        return {}
    return fields
