"""DOC, Word's old format: the text that its piece table says is in the document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from struct import unpack_from

from jianbao.indexer.errors import SourceError
from jianbao.indexer.sources.files.reader import Item, not_indexed
from jianbao.indexer.sources.files.source_file import SourceFile
from jianbao.indexer.sources.office.parts.ole import open_ole, summary
from jianbao.indexer.sources.office.parts.properties import document

_MAGIC = 0xA5EC
_WORD_97 = 0x00C1
_ENCRYPTED = 0x0100
_SECOND_TABLE = 0x0200
_COMPRESSED = 0x40000000

_CODE_BEGINS, _RESULT_BEGINS, _FIELD_ENDS = "\x13", "\x14", "\x15"
_FIELD_MARKS = re.compile(r"([\x13-\x15])")
_PICTURES = re.compile(r"[\x01\x02\x08]")
_ROW_END = re.compile(r"\x07\x07")


def read_doc(file: SourceFile) -> Iterator[Item]:
    """One article: the text with its tables, then footnotes, headers, comments and text boxes."""
    with open_ole(file.source.path) as container:
        if not container.exists("WordDocument"):
            raise SourceError("it holds no Word document; save it as .docx")
        main = container.openstream("WordDocument").read()
        flags = _checked_flags(main)
        table_name = "1Table" if flags & _SECOND_TABLE else "0Table"
        table = container.openstream(table_name).read()
        says = summary(container)
        has_objects = container.exists("ObjectPool")
    text = "".join(_pieces(main, _piece_table(main, table)))
    yield document(file, _visible(text), title=says.title, author=says.author, date=says.date)
    if has_objects:
        yield not_indexed(file, "documents that are embedded in .doc files")


def _checked_flags(main: bytes) -> int:
    if len(main) < 0x01AA:
        raise SourceError("it is damaged: its header is cut short")
    magic, version = unpack_from("<HH", main)
    if magic != _MAGIC or version < _WORD_97:
        raise SourceError("it is older than Word 97; save it as .docx")
    flags: int = unpack_from("<H", main, 0x0A)[0]
    if flags & _ENCRYPTED:
        raise SourceError("it is encrypted; put a copy without a password in its place")
    return flags


def _piece_table(main: bytes, table: bytes) -> bytes:
    """The table that says where in the file each stretch of the text lies."""
    start, size = unpack_from("<II", main, 0x01A2)
    complex_part = table[start : start + size]
    at = 0
    while at + 5 <= len(complex_part):
        if complex_part[at] == 2:
            length = unpack_from("<I", complex_part, at + 1)[0]
            return complex_part[at + 5 : at + 5 + length]
        if complex_part[at] != 1:
            break
        at += 3 + int(unpack_from("<H", complex_part, at + 1)[0])
    raise SourceError("it is damaged: the table of its pieces is missing")


def _pieces(main: bytes, table: bytes) -> Iterator[str]:
    count = (len(table) - 4) // 12
    bounds = unpack_from(f"<{count + 1}I", table)
    for number in range(count):
        length = bounds[number + 1] - bounds[number]
        place = unpack_from("<I", table, 4 * (count + 1) + 8 * number + 2)[0]
        if length < 0:
            raise SourceError("it is damaged: its pieces are out of order")
        if place & _COMPRESSED:
            start = (place & ~_COMPRESSED) // 2
            yield main[start : start + length].decode("cp1252", "replace")
        else:
            yield main[place : place + 2 * length].decode("utf-16-le", "replace")


def _visible(text: str) -> str:
    """The text without the codes of fields and pictures; cells split by tabs."""
    text = _ROW_END.sub("\n", _PICTURES.sub("", "".join(_results(text))))
    return text.replace("\x07", "\t").replace("\x0b", "\n").replace("\r", "\n")


def _results(text: str) -> Iterator[str]:
    """The text with the results of its fields, such as the words of a link, for their codes."""
    in_code: list[bool] = []
    for piece in _FIELD_MARKS.split(text):
        if piece == _CODE_BEGINS:
            in_code.append(True)
        elif piece == _RESULT_BEGINS and in_code:
            in_code[-1] = False
        elif piece == _FIELD_ENDS and in_code:
            in_code.pop()
        elif not any(in_code):
            yield piece
