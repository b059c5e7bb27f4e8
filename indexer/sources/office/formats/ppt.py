"""PPT, PowerPoint's old format: the text of the slides and their notes."""

from __future__ import annotations

from collections.abc import Iterator
from struct import unpack_from

from jianbao.indexer.errors import SourceError
from jianbao.indexer.sources.files.reader import Item
from jianbao.indexer.sources.files.source_file import SourceFile
from jianbao.indexer.sources.office.parts.ole import open_ole, summary
from jianbao.indexer.sources.office.parts.properties import document

_STREAM = "PowerPoint Document"
_TEXT_WIDE, _TEXT_NARROW = 0x0FA0, 0x0FA8
_MAIN_MASTER, _HANDOUT = 0x03F8, 0x0FC9
_MASTERS = frozenset((_MAIN_MASTER, _HANDOUT))
_CRYPT_SESSION = 0x2F14
_NUMBER = "*"
"""What stands for the number of the slide, or the date."""

_DEEPEST = 40


def read_ppt(file: SourceFile) -> Iterator[Item]:
    """One article. The placeholders of masters are left out; so is nothing that is shown."""
    with open_ole(file.source.path) as container:
        if container.exists("EncryptedSummary"):
            raise SourceError("it is encrypted; put a copy without a password in its place")
        if not container.exists(_STREAM):
            raise SourceError("it holds no presentation; save it as .pptx")
        data = container.openstream(_STREAM).read()
        says = summary(container)
    texts = _texts(memoryview(data), 0)
    # Text that is listed in the outline and stands on the slide as well is one text.
    lines = dict.fromkeys(text.replace("\r", "\n").replace("\v", "\n") for text in texts)
    body = "\n".join(line for line in lines if line != _NUMBER)
    yield document(file, body, title=says.title, author=says.author, date=says.date)


def _texts(data: memoryview, depth: int) -> Iterator[str]:
    """The texts in a run of records, those of records in records included."""
    at = 0
    while at + 8 <= len(data):
        version, kind, size = unpack_from("<HHI", data, at)
        content = data[at + 8 : at + 8 + size]
        at += 8 + size
        if kind == _CRYPT_SESSION:
            raise SourceError("it is encrypted; put a copy without a password in its place")
        if kind == _TEXT_WIDE:
            yield bytes(content).decode("utf-16-le", "replace")
        elif kind == _TEXT_NARROW:
            yield bytes(content).decode("latin-1")
        elif version & 0x0F == 0x0F and kind not in _MASTERS and depth < _DEEPEST:
            yield from _texts(content, depth + 1)
