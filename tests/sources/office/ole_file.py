"""A container of the old office formats, as small as one can be: no library writes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from struct import pack

SECTOR = 512
_FREE, _END, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_CUTOFF = 4096
"""Shorter streams would lie in a table of their own; here they are filled up instead."""

Folder = Mapping[str, "bytes | Folder"]


@dataclass
class _Entry:
    name: str
    kind: int
    content: bytes = b""
    children: list[int] = field(default_factory=list)


def ole_bytes(streams: Folder) -> bytes:
    """A container with these streams and folders of streams.

    A stream of less than 4,096 bytes is filled up with zeros.
    """
    entries = [_Entry("Root Entry", 5)]
    _collect(streams, entries, 0)
    sectors: list[bytes] = []
    table: list[int] = []
    places = [_store(each.content, sectors, table) for each in entries]
    directory = b"".join(
        _directory_entry(entries, number, places[number]) for number in range(len(entries))
    )
    directory_at = _store(directory, sectors, table, filler=_blank_entry())
    pages = 1
    while (len(table) + pages) * 4 > pages * SECTOR:
        pages += 1
    table_at = len(sectors)
    table += [_TABLE] * pages
    table += [_FREE] * (pages * SECTOR // 4 - len(table))
    header = pack(
        "<8s16xHHHHH6xIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        0,
        pages,
        directory_at,
        0,
        _CUTOFF,
        _END,
        0,
        _END,
        0,
    )
    difat = [*range(table_at, table_at + pages)] + [_FREE] * (109 - pages)
    return header + pack("<109I", *difat) + b"".join(sectors) + pack(f"<{len(table)}I", *table)


def _collect(folder: Folder, entries: list[_Entry], parent: int) -> None:
    for name in sorted(folder, key=lambda name: (len(name), name.upper())):
        content = folder[name]
        entries[parent].children.append(len(entries))
        if isinstance(content, bytes):
            filled = content.ljust(_CUTOFF, b"\0")
            entries.append(_Entry(name, 2, filled))
        else:
            entries.append(_Entry(name, 1))
            _collect(content, entries, len(entries) - 1)


def _store(content: bytes, sectors: list[bytes], table: list[int], filler: bytes = b"") -> int:
    """Append `content` in sectors that lie in a row; where it begins."""
    if not content:
        return _END
    start = len(sectors)
    while len(content) % SECTOR:
        content += filler or b"\0"
    count = len(content) // SECTOR
    sectors += [content[at : at + SECTOR] for at in range(0, len(content), SECTOR)]
    table += [*range(start + 1, start + count), _END]
    return start


def _directory_entry(entries: list[_Entry], number: int, place: int) -> bytes:
    entry = entries[number]
    siblings = next((each.children for each in entries if number in each.children), [])
    after = siblings[siblings.index(number) + 1 :] if siblings else []
    return _packed(
        entry.name,
        entry.kind,
        after[0] if after else _FREE,
        entry.children[0] if entry.children else _FREE,
        place,
        len(entry.content),
    )


def _blank_entry() -> bytes:
    return _packed("", 0, _FREE, _FREE, 0, 0)


def _packed(name: str, kind: int, right: int, child: int, place: int, size: int) -> bytes:
    encoded = name.encode("utf-16-le")
    length = len(encoded) + 2 if name else 0
    return pack("<64sHBBIII36xIQ", encoded, length, kind, 1, _FREE, right, child, place, size)
