"""EML: a mail as an article, and its attachments as the files that they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.header import decode_header
from email.message import EmailMessage
from email.utils import parseaddr
from io import BytesIO
from typing import cast

from indexer.errors import SourceError
from indexer.sources.cleaning import clean_line
from indexer.sources.encoding import decode
from indexer.sources.fields import article_from
from indexer.sources.office.inside import Inside
from indexer.sources.opening import SourceFile
from indexer.sources.reading import Item
from indexer.sources.visible import visible_text

_HEADERS = 65536
"""Bytes in which a mail has to show a header."""


def read_mail(file: SourceFile, inside: Inside) -> Iterator[Item]:
    """The mail, titled by its subject, then the articles of its attachments."""
    data = file.read()
    mail = message_from_bytes(data, policy=policy.default)
    if not any(mail.get(name) for name in ("from", "subject", "date", "to", "received")):
        raise SourceError("it is no mail: it has neither sender nor subject nor date")
    record = {
        "title": _header(mail, "subject") or file.stem,
        "author": [_sender(mail)],
        "date": _day(mail),
        "body": _body(mail),
    }
    yield article_from(record, name=file.name)
    for number, part in enumerate(mail.iter_attachments(), start=1):
        name, content = _attachment(part, number)
        if name and not _is_shown(part):
            yield from inside.member(file.name, name, BytesIO(content))


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


def _body(mail: EmailMessage) -> str:
    part = mail.get_body(("plain", "html"))
    if part is None:
        return ""
    text = _text(cast(EmailMessage, part))
    return visible_text(text) if part.get_content_type() == "text/html" else text


def _text(part: EmailMessage) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes) or not payload.strip():
        return ""
    return decode(payload, hint=str(part.get_content_charset() or "")).text


def _is_shown(part: EmailMessage) -> bool:
    """Whether it is a picture in the mail's own text, such as a logo under the signature."""
    return part.get_content_maintype() == "image" and part.get("content-id") is not None


def _attachment(part: EmailMessage, number: int) -> tuple[str, bytes]:
    """Its name and bytes; the name is empty for a picture and the like without one."""
    if part.get_content_type() == "message/rfc822":
        (mail,) = part.iter_parts()
        return f"{number}.eml", mail.as_bytes()
    name = clean_line(part.get_filename() or "")
    payload = part.get_payload(decode=True)
    return name, payload if isinstance(payload, bytes) else b""
