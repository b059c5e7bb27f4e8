"""What each source was when it was last read, kept in its generation as an SQLite file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from indexer.errors import IndexDamagedError
from indexer.models import Problem

FILE = "sources.sqlite"

_TABLE = """
CREATE TABLE sources (
    name TEXT PRIMARY KEY, size INTEGER, changed_ns INTEGER, digest TEXT, with_folder INTEGER,
    ids TEXT, problems TEXT
) WITHOUT ROWID
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A source as it was read: size, time of change and SHA-256 of the file, the ids of its
    articles, and what there was to tell of it.

    `with_folder` marks a newspaper page, which is read together with those beside it.
    """

    name: str
    size: int
    changed_ns: int
    digest: str
    with_folder: bool
    ids: tuple[str, ...]
    problems: tuple[Problem, ...]


Ledger = Mapping[str, Entry]
"""Entries by the names of their sources."""


def write_ledger(folder: Path, entries: Iterable[Entry]) -> None:
    """Write the ledger of a generation into its folder."""
    rows = (
        (
            entry.name,
            entry.size,
            entry.changed_ns,
            entry.digest,
            entry.with_folder,
            json.dumps(entry.ids),
            json.dumps([asdict(problem) for problem in entry.problems]),
        )
        for entry in entries
    )
    with closing(sqlite3.connect(folder / FILE)) as database, database:
        database.execute(_TABLE)
        database.executemany("INSERT INTO sources VALUES (?, ?, ?, ?, ?, ?, ?)", rows)


def read_ledger(folder: Path) -> Ledger:
    """The ledger of a generation. Raises IndexDamagedError."""
    try:
        address = f"{(folder / FILE).resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True)) as database:
            rows = database.execute("SELECT * FROM sources").fetchall()
    except sqlite3.Error as error:
        raise IndexDamagedError(
            f"{folder / FILE} cannot be read ({error}): run `jianbao index --full`"
        ) from error
    return {row[0]: _entry(*row) for row in rows}


def _entry(
    name: str,
    size: int,
    changed_ns: int,
    digest: str,
    with_folder: int,
    ids: str,
    problems: str,
) -> Entry:
    told = tuple(Problem(**problem) for problem in json.loads(problems))
    return Entry(name, size, changed_ns, digest, bool(with_folder), tuple(json.loads(ids)), told)
