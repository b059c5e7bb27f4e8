"""MSG, a mail as Outlook saves it: an article, and its attachments as the files that they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from io import BytesIO
from struct import unpack_from
from typing import Any

from jianbao.indexer.errors import SourceError
from jianbao.indexer.sources.cleaning.dates import CHINA
from jianbao.indexer.sources.encoding.detection import decode
from jianbao.indexer.sources.files.reader import Item, not_indexed
from jianbao.indexer.sources.files.source_file import SourceFile
from jianbao.indexer.sources.markup.visible_text import visible_text
from jianbao.indexer.sources.office.formats.mail import completed
from jianbao.indexer.sources.office.parts.member_reader import Inside
from jianbao.indexer.sources.office.parts.ole import open_ole
from jianbao.indexer.sources.records.fields import article_from

_SUBJECT, _SENDER, _ADDRESS, _BODY, _HTML, _RTF = "0037", "0C1A", "0C1F", "1000", "1013", "1009"
_SENT, _DELIVERED = 0x0039, 0x0E06
_DATA, _LONG_NAME, _SHORT_NAME = "3701", "3707", "3704"
_WIDE, _NARROW, _BINARY = "001F", "001E", "0102"
_TIME = 0x0040
_ROOT_HEADER = 32
"""Bytes before the properties of fixed size, of 16 bytes each."""

_EPOCH = dt.datetime(1601, 1, 1, tzinfo=dt.UTC)


def read_msg(file: SourceFile, inside: Inside) -> Iterator[Item]:
    """The mail, titled by its subject, then the articles of its attachments."""
    with open_ole(file.source.path) as container:
        if not container.exists("__properties_version1.0"):
            raise SourceError("it holds no mail")
        html = _binary(container, "", _HTML)
        seen = visible_text(decode(html).text) if html else ""
        body = completed((_text(container, "", _BODY), seen))
        record = {
            "title": _text(container, "", _SUBJECT) or file.stem,
            "author": [_text(container, "", _SENDER) or _text(container, "", _ADDRESS)],
            "date": _day(container),
            "body": body,
        }
        yield article_from(record, name=file.name)
        if not body and _stream(container, "", f"__substg1.0_{_RTF}{_BINARY}"):
            yield not_indexed(file, "the text of mails that have it only as RTF")
        for number, folder in enumerate(_attachments(container), start=1):
            name = _text(container, folder, _LONG_NAME) or _text(container, folder, _SHORT_NAME)
            content = _binary(container, folder, _DATA)
            if not content:
                yield inside.left_out(file.name, name or folder, "a mail or an object in a mail")
            else:
                yield from inside.member(file.name, name or f"{number}.bin", BytesIO(content))


def _attachments(container: Any) -> list[str]:
    folders = {path[0] for path in container.listdir(streams=False, storages=True)}
    return sorted(name for name in folders if name.startswith("__attach_version1.0_"))


def _stream(container: Any, folder: str, name: str) -> bytes:
    path = [folder, name] if folder else [name]
    return container.openstream(path).read() if container.exists(path) else b""


def _text(container: Any, folder: str, tag: str) -> str:
    """A property that is text, in Unicode or in the encoding of the machine that wrote it."""
    wide = _stream(container, folder, f"__substg1.0_{tag}{_WIDE}")
    if wide:
        return wide.decode("utf-16-le", "replace").rstrip("\0")
    narrow = _stream(container, folder, f"__substg1.0_{tag}{_NARROW}").rstrip(b"\0")
    return decode(narrow).text if narrow.strip() else ""


def _binary(container: Any, folder: str, tag: str) -> bytes:
    data = _stream(container, folder, f"__substg1.0_{tag}{_BINARY}")
    return data or _text(container, folder, tag).encode("utf-8", "replace")


def _day(container: Any) -> str:
    """The day in China on which it was sent, or else delivered."""
    data = _stream(container, "", "__properties_version1.0")
    times: dict[int, int] = {}
    for at in range(_ROOT_HEADER, len(data) - 15, 16):
        kind, tag, _, value = unpack_from("<HHIQ", data, at)
        if kind == _TIME:
            times[tag] = value
    ticks = times.get(_SENT) or times.get(_DELIVERED)
    if not ticks:
        return ""
    try:
        moment = _EPOCH + dt.timedelta(microseconds=ticks // 10)
        return moment.astimezone(CHINA).date().isoformat()
    except OverflowError:
        return ""
