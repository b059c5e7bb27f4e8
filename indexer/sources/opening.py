"""Files as readers see them: unpacked, limited in size, decoded."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from indexer.errors import SourceError
from indexer.models import Source
from indexer.sources.encoding import Decoded, decode

LIMIT = 256 * 1024 * 1024
"""Bytes of a file that is read whole, unpacked: some ten thousand times a long article."""

PACKED = ".gz"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A source to be read. All methods raise SourceError, OSError, EOFError or zlib.error."""

    source: Source

    @property
    def name(self) -> str:
        """The path inside the corpus."""
        return self.source.name

    @property
    def stem(self) -> str:
        """The file name without its suffixes, for documents that have no title."""
        file_name = self.name.rsplit("/", 1)[-1]
        return file_name[: -len(suffix_of(file_name))] or file_name

    @contextmanager
    def stream(self) -> Iterator[BinaryIO]:
        """The unpacked bytes, for reading in pieces."""
        with self.source.path.open("rb") as raw:
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


def suffix_of(path: Path | str) -> str:
    """The suffix that decides on the reader, in lower case: `.txt`, `.jsonl.gz`; or empty."""
    suffixes = [suffix.lower() for suffix in Path(path).suffixes]
    if not suffixes:
        return ""
    if suffixes[-1] == PACKED and len(suffixes) > 1:
        return suffixes[-2] + PACKED
    return suffixes[-1]
