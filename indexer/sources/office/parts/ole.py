"""What the container of all old office formats says of the document in it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jianbao.indexer.errors import SourceError
from jianbao.indexer.sources.encoding.detection import decode

_UTF8 = 65001


@dataclass(frozen=True, slots=True)
class OleProperties:
    """Title, author and the day of the last change; empty where it says nothing."""

    title: str = ""
    author: str = ""
    date: dt.datetime | None = None


def open_ole(path: Path) -> Any:
    """The container, to be closed. Raises SourceError for a file that is none."""
    import olefile

    if not olefile.isOleFile(str(path)):
        raise SourceError("it is damaged, or of another format than its suffix says")
    return olefile.OleFileIO(str(path))


def properties_of(path: Path) -> OleProperties:
    """The properties of a document; all empty for a file that is no such container."""
    import olefile

    if not olefile.isOleFile(str(path)):  # The oldest spreadsheets are bare.
        return OleProperties()
    with olefile.OleFileIO(str(path)) as container:
        return summary(container)


def summary(container: Any) -> OleProperties:
    """The properties of the document in an open container."""
    says = container.get_metadata()
    page = says.codepage
    changed = says.last_saved_time or says.create_time
    return OleProperties(
        _text(says.title, page),
        _text(says.author, page),
        changed.replace(tzinfo=dt.UTC) if isinstance(changed, dt.datetime) else None,
    )


def _text(value: object, page: object) -> str:
    if isinstance(value, str):
        return value.rstrip("\0")
    if not isinstance(value, bytes) or not value.strip(b"\0 "):
        return ""
    # Two bytes say which encoding; as a signed number that of UTF-8 is negative.
    number = page % 65536 if isinstance(page, int) else 0
    return decode(value.rstrip(b"\0"), hint="utf-8" if number == _UTF8 else f"cp{number}").text
