"""Files that are broken, or made to break whoever reads them."""

from __future__ import annotations

import random
import struct
import zipfile
from collections.abc import Iterator
from io import BytesIO

import openpyxl

from tests.sources.office import making

PARAGRAPHS = ("第一段说明来由，文字要长一些才好。", "第二段说明办法。") * 20


def sound_files() -> dict[str, bytes]:
    """One sound file of each format that can be made here, by suffix."""
    document = making.docx_bytes(PARAGRAPHS, title="题")
    return {
        ".docx": document,
        ".xlsx": making.xlsx_bytes({"表一": [(text, 1) for text in PARAGRAPHS]}),
        ".pptx": making.pptx_bytes([("题", text, "备注") for text in PARAGRAPHS[:3]]),
        ".pdf": making.pdf_bytes([PARAGRAPHS]),
        ".epub": making.epub_bytes([("第一回", "甲")], title="书", author="某"),
        ".eml": making.mail_bytes("题", "文", attachments={"a.docx": document}),
        ".zip": making.zip_bytes({"a.docx": document, "b.txt": "题\n文。"}),
    }


def damaged(seed: int) -> Iterator[tuple[str, bytes]]:
    """Names and contents: of each format some cut short, some with bits turned over."""
    chance = random.Random(seed)
    for suffix, content in sound_files().items():
        for part in range(1, 11):
            yield f"cut{part}{suffix}", content[: len(content) * part // 11]
        for number in range(16):
            flipped = bytearray(content)
            for _ in range(2 ** (number // 3)):
                flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
            yield f"flip{number}{suffix}", bytes(flipped)


def hostile() -> Iterator[tuple[str, bytes]]:
    """Names and contents of files that mean harm; each has to be told."""
    for suffix in (".pdf", ".docx", ".xlsx", ".pptx", ".epub", ".eml", ".zip", ".doc", ".xls"):
        yield f"empty{suffix}", b""
    for suffix in (".pdf", ".docx", ".xls", ".ppt", ".msg", ".epub", ".zip"):
        yield f"noise{suffix}", random.Random(suffix).randbytes(50_000)
    yield "locked.pdf", making.pdf_bytes([PARAGRAPHS], password="secret")
    yield "locked.zip", _locked(making.zip_bytes({"a.txt": "题\n文。"}))
    yield "locked.docx", _locked(making.docx_bytes(PARAGRAPHS))
    for name in ("word/document.xml", "docProps/core.xml"):
        for entity in (_LAUGHS, _OUTSIDE):
            yield f"entity{len(entity)}{name[:4]}.docx", _entities("docx", name, entity)
    yield "bomb.docx", _inflated("docx", "word/document.xml", 300)
    yield "bomb.xlsx", _inflated("xlsx", "xl/sharedStrings.xml", 300)
    yield "bomb.epub", making.zip_bytes({"META-INF/container.xml": bytes(300 << 20)})
    yield "bomb.zip", making.zip_bytes({"a.txt": bytes(300 << 20)})
    yield "nested.zip", _nested(9)
    yield "overlap.zip", _overlapping(2000)
    yield "self.zip", _many(12_000)


def harmless() -> Iterator[tuple[str, bytes]]:
    """Names and contents of files that mean harm, but do none where they are read with care."""
    yield "entity.xlsx", _entities("xlsx", "xl/sharedStrings.xml", _LAUGHS)
    yield "wide.xlsx", _wide_sheet()


def _wide_sheet() -> bytes:
    """A spreadsheet of a few kilobytes that says it has seventeen thousand million cells."""
    book = openpyxl.load_workbook(BytesIO(making.xlsx_bytes({"表一": [("字", 1)]})))
    book.worksheets[0]["XFD1048576"] = "末"
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


_LAUGHS = '<!DOCTYPE x [<!ENTITY a "笑笑笑笑笑笑笑笑笑笑">' + "".join(
    f'<!ENTITY {chr(98 + number)} "{f"&{chr(97 + number)};" * 10}">' for number in range(12)
)
_OUTSIDE = '<!DOCTYPE x [<!ENTITY m SYSTEM "file:///etc/passwd">'


def _entities(kind: str, part: str, declared: str) -> bytes:
    """A document with a part in which one entity stands for a great deal."""
    text = f'<?xml version="1.0"?>{declared}]><x>&m;</x>'
    return _with_part(kind, part, text.encode())


def _inflated(kind: str, part: str, megabytes: int) -> bytes:
    return _with_part(kind, part, b"<x>" + bytes([32]) * (megabytes << 20) + b"</x>")


def _with_part(kind: str, part: str, content: bytes) -> bytes:
    files = making.docx_bytes if kind == "docx" else None
    whole = files(PARAGRAPHS) if files else making.xlsx_bytes({"表一": [("字", 1)]})
    with zipfile.ZipFile(BytesIO(whole)) as archive:
        parts: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    return making.zip_bytes(parts | {part: content})


def _locked(archive: bytes) -> bytes:
    """The archive with the mark of encryption on each member."""
    marked = bytearray(archive)
    for signature, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = marked.find(signature)
        while at >= 0:
            marked[at + offset] |= 1
            at = marked.find(signature, at + 4)
    return bytes(marked)


def _nested(depth: int) -> bytes:
    content = making.zip_bytes({"a.txt": "题\n文。"})
    for _ in range(depth):
        content = making.zip_bytes({"内.zip": content})
    return content


def _many(count: int) -> bytes:
    return making.zip_bytes({f"{number}.txt": b"x" for number in range(count)})


def _overlapping(count: int) -> bytes:
    """An archive of many members that are all the same bytes, a megabyte each when unpacked."""
    one = making.zip_bytes({"a.txt": bytes(1 << 20)})
    directory = one.index(b"PK\1\2")
    end = one.index(b"PK\5\6")
    entries = one[directory:end] * count
    closing = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, count, count, len(entries), directory, 0)
    return one[:directory] + entries + closing
