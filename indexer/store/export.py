"""All articles of an index as lines of JSON, from which the same index can be built."""

from __future__ import annotations

import gzip
import json
from contextlib import ExitStack, closing
from pathlib import Path
from typing import BinaryIO

from jianbao.indexer.errors import IndexOutdatedError
from jianbao.indexer.models import Article
from jianbao.indexer.sources.files.source_file import PACKED
from jianbao.indexer.sources.formats.exported import record_of
from jianbao.indexer.store.atomic_file import placed
from jianbao.indexer.store.generations import Generations


def export_to(generations: Generations, path: Path) -> int:
    """Write every article of the live generation to a file, packed where its name ends in `.gz`;
    how many there are. The file appears when it is whole.

    Raises OSError, IndexMissingError, IndexDamagedError, IndexOutdatedError.
    """
    with ExitStack() as stack:
        file = stack.enter_context(placed(path))
        if path.suffix == PACKED:
            packed = gzip.GzipFile("", "wb", fileobj=file, mtime=0)
            return export(generations, stack.enter_context(closing(packed)))
        return export(generations, file)


def export(generations: Generations, file: BinaryIO | gzip.GzipFile) -> int:
    """Write every article of the live generation, in the order in which they were added; how many
    there are. Raises like `export_to`."""
    name = generations.pointer().current
    if generations.manifest(name).fingerprint.get("schema") != generations.backend.version:
        raise IndexOutdatedError(
            "the index was written by another version: export it with that one, "
            "or run `jianbao index --full`"
        )
    generations.check(name)
    count = 0
    with closing(generations.backend.open(name)) as engine:
        for article in engine.articles():
            file.write(_line(article))
            count += 1
    return count


def _line(article: Article) -> bytes:
    record = record_of(article)
    try:
        return json.dumps(record, ensure_ascii=False).encode() + b"\n"
    except UnicodeEncodeError:
        # The id of a file whose name is not UTF-8; escaped it is ASCII.
        return json.dumps(record).encode() + b"\n"
