"""JSON Lines: one object a line. Read as a stream, so the file may be of any size."""

from __future__ import annotations

import json
from collections.abc import Iterator

from indexer.errors import SourceError
from indexer.sources.encoding import Decoded, decode
from indexer.sources.exported import exported_article, is_exported
from indexer.sources.opening import SourceFile
from indexer.sources.reading import Item, doubtful, skipped
from indexer.sources.records import Records

LONGEST_LINE = 64 * 1024 * 1024
"""Bytes of one line; only a damaged file or a trap has more."""

HEAD = 1 << 18
"""Bytes from the start that the encoding is told from."""


def read_jsonlines(file: SourceFile) -> Iterator[Item]:
    """One article a line; a line that cannot be read is a Problem, and the others go on."""
    encoding = _encoding(file)
    empty = True
    records = Records(file)
    for number, line in enumerate(_lines(file, encoding), start=1):
        if line.strip():
            empty = False
            yield from _read_line(file, line, number, encoding, records)
    yield from records.unread()
    if empty:
        raise SourceError("it is empty")


def _encoding(file: SourceFile) -> str:
    with file.stream() as stream:
        head = stream.read(HEAD)
    return decode(head[: head.rfind(b"\n") + 1] or head).encoding


def _lines(file: SourceFile, encoding: str) -> Iterator[bytes]:
    """The lines; of an encoding with wide units, in which a byte 10 is no line end, as UTF-8."""
    if encoding.startswith(("utf-16", "utf-32")):
        yield from file.decoded(hint=encoding).text.encode("utf-8", "replace").split(b"\n")
        return
    with file.stream() as stream:
        while line := stream.readline(LONGEST_LINE + 1):
            yield line
            while len(line) > LONGEST_LINE and not line.endswith(b"\n"):
                line = stream.readline(LONGEST_LINE + 1)


def _read_line(
    file: SourceFile, line: bytes, number: int, encoding: str, records: Records
) -> Iterator[Item]:
    try:
        decoded = _decoded(line, encoding)
        record = json.loads(decoded.text)
        if not isinstance(record, dict):
            raise SourceError("it is not an object in braces")
        if is_exported(record):
            article = exported_article(record, name=file.name)
        else:
            article = records.article(record, number)
        if decoded.doubtful:
            yield doubtful(file, f"line {number}: {decoded.doubtful}")
        yield article
    except SourceError as error:
        yield skipped(file, f"line {number}: {error}")
    except RecursionError:
        yield skipped(file, f"line {number}: its JSON is nested too deep")
    except ValueError as error:
        yield skipped(file, f"line {number}: it is not valid JSON ({error})")


def _decoded(line: bytes, encoding: str) -> Decoded:
    """One line, in the encoding of the file unless it is in another."""
    if len(line) > LONGEST_LINE:
        raise SourceError(f"it is longer than {LONGEST_LINE >> 20} MB")
    try:
        return Decoded(line.decode(encoding), encoding)
    except UnicodeDecodeError:
        return decode(line)
