"""JSON Lines: one object a line. Read as a stream, so the file may be of any size."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from jianbao.indexer.errors import SourceError
from jianbao.indexer.models import Article, Problem
from jianbao.indexer.sources.encoding.detection import Decoded, decode
from jianbao.indexer.sources.files.reader import Item, doubtful, skipped
from jianbao.indexer.sources.files.source_file import SourceFile
from jianbao.indexer.sources.formats.exported import exported_article, is_exported
from jianbao.indexer.sources.records.failing import Failing
from jianbao.indexer.sources.records.record import Records

LONGEST_LINE = 64 * 1024 * 1024
"""Bytes of one line; only a damaged file or a trap has more."""

HEAD = 1 << 18
"""Bytes from the start that the encoding is told from."""

MOST_GUESSES = 1000
"""Lines in another encoding than their file's that are guessed at: a guess takes 1 to 10 ms, and a
file may have a million lines. Later ones are read in the file's, and told as doubtful."""


def read_jsonlines(file: SourceFile) -> Iterator[Item]:
    """One article a line; a line that cannot be read is a Problem, and the others go on."""
    encoding = _encoding(file)
    decoder = _LineDecoder(encoding, MOST_GUESSES)
    count = Failing()
    records = Records(file)
    reason = ""
    for number, line in enumerate(_lines(file, encoding), start=1):
        count.size += len(line)
        if line.strip():
            for item in _read_line(file, line, number, decoder, records):
                count.read += isinstance(item, Article)
                count.failed += isinstance(item, Problem) and item.outcome == "skipped"
                yield item
        else:
            count.empty += 1
        if reason := count.given_up("line", number):
            yield skipped(file, reason)
            break
    yield from records.unread()
    if not count.read and not count.failed and not reason:
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
    file: SourceFile, line: bytes, number: int, decoder: _LineDecoder, records: Records
) -> Iterator[Item]:
    try:
        decoded = decoder.decoded(line)
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


@dataclass(slots=True)
class _LineDecoder:
    """Decodes lines in the encoding of their file, and `guesses` of them in another."""

    encoding: str
    guesses: int

    def decoded(self, line: bytes) -> Decoded:
        """One line. Raises SourceError where it is too long, or no text."""
        if len(line) > LONGEST_LINE:
            raise SourceError(f"it is longer than {LONGEST_LINE >> 20} MB")
        try:
            return Decoded(line.decode(self.encoding), self.encoding)
        except UnicodeDecodeError:
            if self.guesses:
                self.guesses -= 1
                return decode(line)
        text = line.decode(self.encoding, "replace")
        return Decoded(text, self.encoding, f"it is not in {self.encoding}, as the file is")
