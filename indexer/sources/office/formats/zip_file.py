"""ZIP: each file in it is read as if it lay in a folder of the archive's name."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Iterator
from itertools import pairwise

from jianbao.indexer.errors import SourceError
from jianbao.indexer.sources.encoding.detection import decode
from jianbao.indexer.sources.encoding.plausibility import REPLACEMENT
from jianbao.indexer.sources.files.reader import Item, not_indexed
from jianbao.indexer.sources.files.source_file import SourceFile
from jianbao.indexer.sources.office.parts.member_reader import Inside

_UTF8_NAME = 0x800
_ENCRYPTED = 0x1


def read_zip(file: SourceFile, inside: Inside) -> Iterator[Item]:
    """The articles of all files in it, in the order of their names. Hidden files are passed over.

    Nothing is written under a name from the archive, so no name can lead out of it.
    """
    with zipfile.ZipFile(file.source.path) as archive:
        members = [(_name(each), each) for each in archive.infolist() if not each.is_dir()]
        seen = sorted((each for each in members if not _hidden(each[0])), key=lambda each: each[0])
        if not seen:
            raise SourceError("it holds no file")
        if _overlap([member for _, member in members]):
            raise SourceError("its files lie over each other, as they do in a bomb")
        for name, member in seen:
            if stat.S_ISLNK(member.external_attr >> 16):
                yield not_indexed(file, "links in archives, which lead nowhere")
                continue
            if member.flag_bits & _ENCRYPTED:
                yield inside.left_out(file.name, name, "it is encrypted; unpack the archive")
                continue
            try:
                content = archive.open(member)
            # The entry may name a place, a method or a disk that is not there.
            except Exception as error:
                yield inside.left_out(file.name, name, f"it is damaged ({type(error).__name__})")
                continue
            with content:
                yield from inside.member(file.name, name, content)


def _name(member: zipfile.ZipInfo) -> str:
    """The path in the archive, with its Chinese characters as they were meant."""
    name = member.filename
    if not member.flag_bits & _UTF8_NAME:
        # Archives from Windows say nothing of the encoding, and the library assumes that of DOS.
        name = _decoded(name)
    parts = name.replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in ("", ".", ".."))


def _decoded(name: str) -> str:
    """A name that the library took for one of DOS; bytes that make no text stay bytes."""
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:  # It comes from elsewhere in the entry, and is right.
        return name
    if raw.isascii():
        return name
    try:
        text = decode(raw).text
    except SourceError:
        text = REPLACEMENT
    return raw.decode("utf-8", "surrogateescape") if REPLACEMENT in text else text


def _overlap(members: list[zipfile.ZipInfo]) -> bool:
    """Whether the same bytes are given out as several files."""
    by_place = sorted(members, key=lambda each: each.header_offset)
    return any(
        here.header_offset + here.compress_size > there.header_offset
        for here, there in pairwise(by_place)
    )


def _hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in name.split("/")) or not name
