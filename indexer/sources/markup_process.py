"""Long HTML and Markdown, whose parsers may take any time: read in a process that has a limit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jianbao.indexer.errors import SourceError
from jianbao.indexer.models import Problem
from jianbao.indexer.sources.files.reader import Item, doubtful
from jianbao.indexer.sources.files.source_file import LIMIT, PACKED, SourceFile, suffix_of
from jianbao.indexer.sources.formats.registry import crude_reader_for
from jianbao.indexer.sources.office.sandbox.limits import MB, Limits
from jianbao.indexer.sources.office.sandbox.reading import OfficeReading

SMALL = 32 * 1024
"""Bytes of a file that is read without a limit. The dearest shapes of `tests/trials/readers.py`
took 0.3 s at this size on a busy machine (a tag with thousands of attributes, a wide table)."""

LARGE = 8 * MB
"""Bytes beyond which no parser is tried: both read one to two megabytes of plain text in a second,
so none would be done in the time it has."""

LIMITS = Limits(seconds=90.0, cpu_seconds=6, total_seconds=90.0, item=LIMIT)


class MarkupReading:
    """Reads long files of markup in a process that is started with the first and used again.

    A context: the process ends with it.
    """

    def __init__(self, limits: Limits = LIMITS) -> None:
        self._limits = limits
        self._process = OfficeReading(limits)

    def __enter__(self) -> MarkupReading:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self._process.stop()

    def read(self, file: SourceFile) -> Iterator[Item]:
        """The items of a file. Where its markup cannot be read in time, all of its text, and a
        Problem that says so. Raises SourceError, OSError, EOFError or zlib.error."""
        crude = crude_reader_for(suffix_of(file.name))
        assert crude is not None
        if _is_longer(file, LARGE):
            yield doubtful(file, f"it is larger than {LARGE // MB} MB, so its {_KEPT}")
            yield from crude(file)
            return
        items = self._within_limits(file)
        if any(not isinstance(item, Problem) for item in items):
            yield from items
            return
        kept = list(crude(file))
        yield doubtful(
            file,
            f"its markup takes more than {self._limits.cpu_seconds} s or "
            f"{self._limits.memory // MB} MB to read, so its {_KEPT}",
        )
        yield from kept

    def _within_limits(self, file: SourceFile) -> Sequence[Item]:
        try:
            return list(self._process.read(file))
        except SourceError:
            return []


_KEPT = "text is kept whole, menus and all, with the commonest marks taken out"


def is_costly(file: SourceFile) -> bool:
    """Whether a file is to be read by `MarkupReading`. Raises OSError, EOFError or zlib.error."""
    return crude_reader_for(suffix_of(file.name)) is not None and _is_longer(file, SMALL)


def _is_longer(file: SourceFile, size: int) -> bool:
    if not file.name.lower().endswith(PACKED):
        return file.source.path.stat().st_size > size
    with file.stream() as stream:
        return len(stream.read(size + 1)) > size
