"""The archive that a modern document is, looked at before a library opens it."""

from __future__ import annotations

import zipfile
from pathlib import Path

from jianbao.indexer.errors import SourceError
from jianbao.indexer.sources.files.source_file import LIMIT

_OLD_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MOST_PARTS = 20_000
"""Parts of a document; a presentation of a thousand slides with pictures has some 5,000."""


def require_sound(path: Path) -> None:
    """Raise SourceError for what no library should open: a locked document, an old one under a
    new name, one that unpacks to more than `LIMIT`, or no archive at all."""
    with path.open("rb") as file:
        if file.read(len(_OLD_MAGIC)) == _OLD_MAGIC:
            raise SourceError(_old(path))
    if not zipfile.is_zipfile(path):
        raise SourceError("it is damaged or cut short: its archive has no end")
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
    if len(parts) > _MOST_PARTS:
        raise SourceError(f"it has more than {_MOST_PARTS} parts")
    # A part never gives more than its entry says: the archive's reader stops there.
    if sum(part.file_size for part in parts) > LIMIT:
        raise SourceError(f"it unpacks to more than {LIMIT >> 20} MB")
    if any(part.flag_bits & 1 for part in parts):
        raise SourceError("it is encrypted; put a copy without a password in its place")


def _old(path: Path) -> str:
    import olefile

    with olefile.OleFileIO(str(path)) as container:
        if container.exists("EncryptedPackage"):
            return "it is encrypted; put a copy without a password in its place"
    return "it is a document of the old format under a new suffix; rename it to .doc, .xls or .ppt"
