"""Files as readers see them: unpacked, limited in size, decoded."""

from __future__ import annotations

import gzip
import hashlib
import os
import stat
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, cast

from jianbao.indexer.errors import SourceError
from jianbao.indexer.models import Source
from jianbao.indexer.sources.encoding.detection import Decoded, decode
from jianbao.indexer.sources.files.bounds import is_within
from jianbao.indexer.sources.files.file_names import readable

LIMIT = 256 * 1024 * 1024
"""Bytes of a file that is read whole, unpacked: some ten thousand times a long article."""

PACKED = ".gz"

_BINARY = getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A source to be read. All methods raise SourceError, OSError, EOFError or zlib.error.

    `roles` maps the names of fields that this corpus has to the fields of `Article` that they are,
    beside those that are known (`fields.py`).
    """

    source: Source
    roles: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The path inside the corpus."""
        return self.source.name

    @property
    def stem(self) -> str:
        """The file name without its suffixes, for documents that have no title."""
        file_name = self.name.rsplit("/", 1)[-1]
        return readable(file_name[: -len(suffix_of(file_name))] or file_name)

    def digest(self) -> str:
        """The SHA-256 of the file as it lies there, in hexadecimal."""
        with opened(self.source) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    @contextmanager
    def stream(self) -> Iterator[BinaryIO]:
        """The unpacked bytes, for reading in pieces."""
        with opened(self.source) as raw:
            if self.name.lower().endswith(PACKED):
                with gzip.open(raw) as unpacked:
                    yield cast(BinaryIO, unpacked)
            else:
                yield raw

    def read(self) -> bytes:
        """All unpacked bytes; SourceError beyond `LIMIT`, and for an empty file."""
        with self.stream() as stream:
            data = stream.read(LIMIT + 1)
        if len(data) > LIMIT:
            raise SourceError(f"it is larger than {LIMIT >> 20} MB; split it into smaller files")
        if not data.strip():
            raise SourceError("it is empty")
        return data

    def decoded(self, *, hint: str = "") -> Decoded:
        """The whole text. `hint` is the encoding that the file declares, if any."""
        return decode(self.read(), hint=hint)


def opened(source: Source) -> BufferedReader:
    """A source opened for reading. Raises SourceError for what is no file, or lies outside of
    `Source.within`: either may have taken the place of the file since it was listed."""
    # Without the flag, a pipe would be waited for.
    descriptor = os.open(source.path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | _BINARY)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise SourceError("it is not a file but a folder, a device, a pipe or a socket")
        if source.within and not _lies_within(descriptor, source):
            raise SourceError("a link that leads out of the sources took its place")
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def _lies_within(descriptor: int, source: Source) -> bool:
    """Whether the file that was opened, whatever its path leads to by now, lies where it may."""
    place = _place(descriptor)
    if place is None:
        place = os.path.realpath(source.path)
        there, here = os.lstat(place), os.fstat(descriptor)
        if (there.st_dev, there.st_ino) != (here.st_dev, here.st_ino):
            return False
    return is_within(place, source.within)


def _place(descriptor: int) -> str | None:
    """The real path of an open file, where the system tells it."""
    try:
        if sys.platform == "darwin":
            import fcntl

            told = fcntl.fcntl(descriptor, fcntl.F_GETPATH, bytes(1024))
            return os.fsdecode(told.rstrip(b"\0"))
        # A file that was replaced by another of its name is still told, with this at its end.
        return str(Path(f"/proc/self/fd/{descriptor}").readlink()).removesuffix(" (deleted)")
    except OSError:
        return None


def suffix_of(path: Path | str) -> str:
    """The suffix that decides on the reader, in lower case: `.txt`, `.jsonl.gz`; or empty."""
    suffixes = [suffix.lower() for suffix in Path(path).suffixes]
    if not suffixes:
        return ""
    if suffixes[-1] == PACKED and len(suffixes) > 1:
        return suffixes[-2] + PACKED
    return suffixes[-1]
