"""A reader to copy for a new format: here, `.poem` files of one poem each.

1. Copy this file, name it after the format, and rename the function.
2. Add one line to `registry.py`: `".poem": _in("poem", "read_poem")`.
3. Add a file of the format to `corpus/` and a test to `tests/sources/`.
"""

from __future__ import annotations

from collections.abc import Iterator

from jianbao.indexer.errors import SourceError
from jianbao.indexer.sources.files.reader import Item, doubts
from jianbao.indexer.sources.files.source_file import SourceFile
from jianbao.indexer.sources.records.fields import article_from


def read_poem(file: SourceFile) -> Iterator[Item]:
    """One article: the title and the poet in the first two lines, the verses below."""
    # `decoded()` unpacks .gz, keeps to the size limit and finds out the encoding.
    decoded = file.decoded()
    # A doubtful decoding is indexed, and the operator is told.
    yield from doubts(file, decoded)
    lines = decoded.text.strip().splitlines()
    # What cannot be read raises SourceError: half a sentence that goes on from the file's name.
    if len(lines) < 3:
        raise SourceError("it needs a title, a poet and at least one verse, each on its own line")
    # Names of fields are those of `fields.ALIASES`; cleaning, dates and ids are done there.
    record = {"title": lines[0], "author": lines[1], "body": "\n".join(lines[2:])}
    # A file of several articles gives each its `ordinal`, counted from 1.
    yield article_from(record, name=file.name)
