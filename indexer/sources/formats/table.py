"""CSV and TSV: one article a row; the first row names the fields, in English or Chinese."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from jianbao.indexer.errors import SourceError
from jianbao.indexer.models import Article, Problem
from jianbao.indexer.sources.files.reader import Item, doubtful, doubts, skipped
from jianbao.indexer.sources.files.source_file import LIMIT, SourceFile
from jianbao.indexer.sources.records.failing import Failing
from jianbao.indexer.sources.records.fields import LONGEST_LINE, MOST_NAMES
from jianbao.indexer.sources.records.record import Records
from jianbao.indexer.sources.records.roles import role_of

DELIMITERS = ",\t;|，"


def read_table(file: SourceFile) -> Iterator[Item]:
    """One article a row; a row that cannot be read is a Problem, and the others go on."""
    decoded = file.decoded()
    text = decoded.text.replace("\0", "").lstrip()
    delimiter = _delimiter(text, file.roles)
    rows, complaint = _rows(text, delimiter)
    yield from doubts(file, decoded)
    if complaint:
        yield doubtful(file, complaint)
    # No row has a cell for the rest of what may be millions of names.
    names = _own_names(rows[0][: max(map(len, rows[1:]), default=0)])
    if len(rows) == 1:
        raise SourceError("it has a row of field names, but no rows of articles")
    count = Failing(size=len(text.encode("utf-8", "surrogatepass")))
    records = Records(file)
    for ordinal, row in enumerate(rows[1:], start=1):
        if any(cell.strip() for cell in row):
            for item in _read_row(file, names, row, ordinal, delimiter, records):
                count.read += isinstance(item, Article)
                count.failed += isinstance(item, Problem) and item.outcome == "skipped"
                yield item
        if reason := count.given_up("row", ordinal):
            yield skipped(file, reason)
            break
    yield from records.unread()


def _delimiter(text: str, roles: Mapping[str, str]) -> str:
    """The character that splits the first line into the most known field names."""
    first_line = text.split("\n", 1)[0]
    counts = {mark: _known_names(first_line, mark, roles) for mark in DELIMITERS}
    best = max(counts, key=lambda mark: counts[mark])
    if not counts[best]:
        raise SourceError(
            "its first row names no known field, such as title or 标题, body or 正文; say what its "
            "names are with the setting fields, as --fields 'my_text=body'"
        )
    return best


def _known_names(first_line: str, delimiter: str, roles: Mapping[str, str]) -> int:
    names = (name.strip().strip('"') for name in first_line.split(delimiter, MOST_NAMES))
    return len({role_of(name[:LONGEST_LINE], roles) for name in names} - {""})


def _rows(text: str, delimiter: str) -> tuple[list[list[str]], str]:
    """All rows, and a complaint when quotation marks had to be taken loosely."""
    try:
        return _parsed(text, delimiter, strict=True), ""
    except csv.Error as error:
        complaint = f"a quotation mark is out of place ({error})"
    try:
        return _parsed(text, delimiter, strict=False), complaint
    except csv.Error as error:
        raise SourceError(f"its rows cannot be told apart ({error})") from error


def _parsed(text: str, delimiter: str, *, strict: bool) -> list[list[str]]:
    # The limit belongs to the whole process, so it is only ever raised for the parse itself.
    before = csv.field_size_limit(LIMIT)
    try:
        source = io.StringIO(text, newline="")
        return list(csv.reader(source, delimiter=delimiter, strict=strict))
    finally:
        csv.field_size_limit(before)


def _read_row(
    file: SourceFile,
    names: Sequence[str],
    row: list[str],
    ordinal: int,
    delimiter: str,
    records: Records,
) -> Iterator[Item]:
    if len(row) > len(names) and names:
        yield doubtful(file, f"row {ordinal} has more cells than names; the last ones are joined")
        row = [*row[: len(names) - 1], delimiter.join(row[len(names) - 1 :])]
    try:
        yield records.article(dict(zip(names, row, strict=False)), ordinal)
    except SourceError as error:
        yield skipped(file, f"row {ordinal}: {error}")


def _own_names(cells: Sequence[str]) -> list[str]:
    """The names of the columns; one without a name, or with that of another, gets its own."""
    names: dict[str, None] = {}
    for number, cell in enumerate(cells, start=1):
        name = cell.strip() or f"column {number}"
        while name in names:
            name = f"{name} {number}"
        names[name] = None
    return list(names)
