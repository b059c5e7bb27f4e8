"""EML: a mail as an article, and its attachments as the files that they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from email import message_from_bytes, policy
from email.header import decode_header
from email.message import EmailMessage
from email.utils import parseaddr
from io import BytesIO
from mimetypes import guess_extension
from typing import cast

from jianbao.indexer.errors import SourceError
from jianbao.indexer.sources.cleaning.text import clean_line
from jianbao.indexer.sources.encoding.detection import decode
from jianbao.indexer.sources.files.reader import Item
from jianbao.indexer.sources.files.source_file import SourceFile
from jianbao.indexer.sources.markup.visible_text import visible_text
from jianbao.indexer.sources.office.parts.calendar import calendar_text
from jianbao.indexer.sources.office.parts.member_reader import Inside
from jianbao.indexer.sources.records.fields import article_from

_HEADERS = 65536
"""Bytes in which a mail has to show a header."""


def read_mail(file: SourceFile, inside: Inside) -> Iterator[Item]:
    """The mail, titled by its subject, then the articles of its attachments."""
    data = file.read()
    mail = message_from_bytes(data, policy=policy.default)
    if not any(mail.get(name) for name in ("from", "subject", "date", "to", "received")):
        raise SourceError("it is no mail: it has neither sender nor subject nor date")
    content = _Content()
    content.take(mail)
    record = {
        "title": _header(mail, "subject") or file.stem,
        "author": [_sender(mail)],
        "date": _day(mail),
        "body": "\n".join(content.texts),
    }
    yield article_from(record, name=file.name)
    for name, data in content.files:
        yield from inside.member(file.name, name, BytesIO(data))


class _Content:
    """What is in a mail: the texts that are shown as its own, in order, and the files."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.files: list[tuple[str, bytes]] = []

    def take(self, part: EmailMessage) -> None:
        """Take a part with all parts in it."""
        kind = part.get_content_type()
        if kind == "multipart/alternative":
            self._take_alternative(part)
        elif part.is_multipart() and part.get_content_maintype() == "multipart":
            for each in _parts(part):
                self.take(each)
        elif kind == "text/calendar":
            self.texts.append(calendar_text(_text(part)))
        elif part.get_content_maintype() == "text" and not _is_file(part):
            self.texts.append(_shown(part))
        else:
            self.files.append(_attachment(part, len(self.files) + 1))

    def _take_alternative(self, part: EmailMessage) -> None:
        """Take the forms of one text: the plain one, and of the others what it leaves out."""
        texts: list[str] = []
        for each in sorted(_parts(part), key=lambda form: form.get_content_type() != "text/plain"):
            form = _Content()
            form.take(each)
            texts.append("\n".join(form.texts))
            self.files += form.files
        self.texts.append(completed(texts))


def completed(texts: Sequence[str]) -> str:
    """The first of several forms of one text that has any, and those lines of the others that are
    not in it: many a plain form only says that there is another."""
    found, *others = [text for text in texts if text.strip()] or [""]
    bare = "".join(found.split())
    for other in others:
        more = [line for line in other.split("\n") if "".join(line.split()) not in bare]
        found = "\n".join((found, *more))
        bare += "".join("".join(more).split())
    return found


def _parts(part: EmailMessage) -> list[EmailMessage]:
    content = part.get_payload()
    return [cast(EmailMessage, each) for each in content] if isinstance(content, list) else []


def _header(mail: EmailMessage, name: str) -> str:
    """A header as text, also where its Chinese was put there raw or under a wrong label."""
    try:
        value = str(mail.get(name) or "")
    # The library's parser fails in several ways on what mail programs of old have written.
    except Exception:
        value = _raw(mail, name)
    if "\ufffd" in value or any("\udc80" <= character <= "\udcff" for character in value):
        value = _raw(mail, name)
    return clean_line(value)


def _raw(mail: EmailMessage, name: str) -> str:
    for key, value in mail.raw_items():
        if key.lower() == name:
            parts = decode_header(str(value))
            return "".join(_header_part(part, charset) for part, charset in parts)
    return ""


def _header_part(part: bytes | str, charset: str | None) -> str:
    if isinstance(part, str):
        part = part.encode("utf-8", "surrogateescape")
    return decode(part, hint=charset or "").text if part.strip() else ""


def _sender(mail: EmailMessage) -> str:
    name, address = parseaddr(_header(mail, "from"))
    return name or address


def _day(mail: EmailMessage) -> str:
    """The day on which it was sent, where it was sent."""
    try:
        date = getattr(mail.get("date"), "datetime", None)
    except (ValueError, TypeError, IndexError):  # What stands there is no date.
        return ""
    return date.date().isoformat() if isinstance(date, dt.datetime) else ""


def _shown(part: EmailMessage) -> str:
    text = _text(part)
    return visible_text(text) if part.get_content_type() == "text/html" else text


def _is_file(part: EmailMessage) -> bool:
    return part.get_content_disposition() == "attachment" or bool(part.get_filename())


def _text(part: EmailMessage) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes) or not payload.strip():
        return ""
    return decode(payload, hint=str(part.get_content_charset() or "")).text


def _attachment(part: EmailMessage, number: int) -> tuple[str, bytes]:
    """Its name and bytes. One without a name is called by its number and what it says it is."""
    name = clean_line(part.get_filename() or "")
    if part.get_content_maintype() == "message":
        inner = _parts(part)
        content = inner[0].as_bytes() if inner else b""
        return (name if name.lower().endswith(".eml") else f"{number}.eml"), content
    if not name:
        name = f"{number}{guess_extension(part.get_content_type(), strict=False) or '.bin'}"
    payload = part.get_payload(decode=True)
    return name, payload if isinstance(payload, bytes) else b""
