"""What documents say of themselves, where it is worth believing."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from jianbao.indexer.models import Article
from jianbao.indexer.sources.cleaning.dates import CHINA
from jianbao.indexer.sources.cleaning.text import clean_line
from jianbao.indexer.sources.files.source_file import SourceFile
from jianbao.indexer.sources.records.fields import article_from

FIRST_YEAR = 1985
"""Office programs write 1601, 1899, 1904, 1970 or 1980 for a date that nobody set."""

_MADE_UP_TITLE = re.compile(
    r"microsoft (?:word|powerpoint|excel) - .*|.*\.(?:docx?|pptx?|xlsx?|wps|pdf|rtf|txt)"
    r"|(?:power ?point|word|excel) ?(?:演示文稿|簡報|文档|文件|presentation|document)?"
    r"|新建 ?(?:microsoft|文本|文档|工作表|演示文稿|word|excel|ppt|wps).*"
    r"|(?:幻灯片|投影片|文档|文件|工作簿|演示文稿|slide|document|presentation|book|workbook"
    r"|untitled|无标题|未命名|pdf)[ _-]?\d*",
    re.IGNORECASE,
)
_MADE_UP_AUTHOR = re.compile(
    r"(?:administrator|admin|user\d*|owner|pc|windows(?: user)?|microsoft(?: office user)?|unknown"
    r"|author|root|guest|lenovo|dell|hp|asus|acer|openpyxl|python-docx|anonymous"
    r"|微软用户|微软中国|用户|番茄花园|雨林木风|深度技术|系统管理员|管理员|未知|匿名|\W*)",
    re.IGNORECASE,
)
_PDF_DATE = re.compile(r"D:(\d{4})(\d\d)?(\d\d)?")


def document(
    file: SourceFile,
    body: str,
    *,
    title: object = "",
    author: object = "",
    date: object = "",
    ordinal: int = 0,
) -> Article:
    """The article of a document with these properties, of which only the plausible are used.

    Without a title it goes by the file's name. Raises SourceError when there is no text at all.
    """
    record = {
        "title": plausible_title(title) or file.stem,
        "author": plausible_author(author),
        "date": plausible_date(date),
        "body": body,
    }
    return article_from(record, name=file.name, ordinal=ordinal)


def first_title(*candidates: object) -> str:
    """The first of `candidates` that a person may have written; or empty."""
    return next(filter(None, map(plausible_title, candidates)), "")


def plausible_title(value: object) -> str:
    """`value` as a title, or empty where a program has made it up."""
    title = clean_line(value) if isinstance(value, str) else ""
    return "" if _MADE_UP_TITLE.fullmatch(title) else title


def plausible_author(value: object) -> str:
    """`value` as a line of names, or empty where it is that of an account or a computer."""
    line = clean_line(value) if isinstance(value, str) else ""
    return "；".join(name for name in re.split("[;；]", line) if not _is_made_up(name))


def _is_made_up(name: str) -> bool:
    return _MADE_UP_AUTHOR.fullmatch(name.strip()) is not None


def plausible_date(value: object) -> str:
    """`value` as an ISO date in China, or empty where nobody has set it.

    A time without a zone is taken as it is written.
    """
    if isinstance(value, dt.datetime):
        local = value.astimezone(CHINA) if value.tzinfo else value
        return local.date().isoformat() if local.year >= FIRST_YEAR else ""
    return str(value) if value and int(str(value)[:4]) >= FIRST_YEAR else ""


def pdf_date(value: str) -> str:
    """The day in a PDF's `D:20241230…`, as written; empty when there is none."""
    found = _PDF_DATE.match(value)
    if found is None or not found[3]:
        return ""
    try:
        return dt.date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    except ValueError:
        return ""


def utc(value: dt.datetime | None) -> dt.datetime | None:
    """A time that the format keeps in UTC without saying so."""
    return value if value is None or value.tzinfo else value.replace(tzinfo=dt.UTC)


def row(cells: Iterable[str]) -> str:
    """A row of a table as one line: cells split by tabs, the empty ones at its end left out."""
    return "\t".join(" ".join(cell.split()) for cell in cells).rstrip()
