"""What each source was when it was last read, kept in its generation as an SQLite file."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import NamedTuple

from jianbao.indexer.errors import IndexDamagedError
from jianbao.indexer.models import Problem
from jianbao.indexer.store.digest import TEXT_DIGEST

FILE = "sources.sqlite"

_TABLE = """
CREATE TABLE sources (
    name TEXT PRIMARY KEY, size INTEGER, changed_ns INTEGER, digest TEXT, with_folder INTEGER,
    articles INTEGER, ids_json TEXT, texts_joined BLOB, problems_json TEXT
) WITHOUT ROWID
"""


class Entry(NamedTuple):
    """A source as it was read: size, time of change and SHA-256 of the file, and how many articles
    it has; `of` makes one.

    `with_folder` marks a newspaper page, which is read together with those beside it. What few
    runs look at stays as it is stored: reading fifty thousand entries takes 0.2 s so, else 0.6 s.
    """

    name: str
    size: int
    changed_ns: int
    digest: str
    with_folder: int
    articles: int
    ids_json: str
    texts_joined: bytes
    problems_json: str

    @classmethod
    def of(
        cls,
        name: str,
        state: tuple[int, int, str],
        *,
        with_folder: bool,
        ids: Sequence[str],
        texts: Sequence[str],
        problems: Sequence[Problem],
    ) -> Entry:
        """An entry of a source in a `state` of size, time of change and digest; `texts` are the
        digests of its articles' texts, in the order of `ids`."""
        told = json.dumps([asdict(problem) for problem in problems]) if problems else ""
        joined = bytes.fromhex("".join(texts))
        return cls(name, *state, int(with_folder), len(ids), json.dumps(ids), joined, told)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of its articles, in the order they were read. Raises IndexDamagedError."""
        with _reading(FILE):
            ids = json.loads(self.ids_json)
            if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
                raise TypeError("the ids of a source are no list of texts")
        return tuple(ids)

    @property
    def texts(self) -> tuple[str, ...]:
        """The digest of each article's title and body."""
        joined = self.texts_joined.hex()
        return tuple(joined[at : at + TEXT_DIGEST] for at in range(0, len(joined), TEXT_DIGEST))

    @property
    def digests(self) -> Sequence[bytes]:
        """The same as bytes: of a source of one article they are made in a tenth of the time."""
        joined, length = self.texts_joined, TEXT_DIGEST // 2
        if self.articles == 1:
            return (joined,)
        return [joined[at : at + length] for at in range(0, len(joined), length)]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What there was to tell of it. Raises IndexDamagedError."""
        if not self.problems_json:
            return ()
        with _reading(FILE):
            return tuple(Problem(**problem) for problem in json.loads(self.problems_json))


Ledger = Mapping[str, Entry]
"""Entries by the names of their sources."""


def write_ledger(folder: Path, entries: Iterable[Entry]) -> None:
    """Write the ledger of a generation into its folder."""
    with closing(sqlite3.connect(folder / FILE)) as database, database:
        database.execute(_TABLE)
        _insert(database, entries)


def carry_ledger(
    earlier: Path, folder: Path, removed: Iterable[str], entries: Iterable[Entry]
) -> None:
    """Write the ledger of a generation as that of an earlier one without the sources `removed`,
    and with `entries`."""
    shutil.copyfile(earlier / FILE, folder / FILE)
    with closing(sqlite3.connect(folder / FILE)) as database, database:
        gone = ((name,) for name in removed)
        database.executemany("DELETE FROM sources WHERE name = ?", gone)
        _insert(database, entries)


def read_ledger(folder: Path) -> Ledger:
    """The ledger of a generation. Raises IndexDamagedError."""
    with _reading(folder / FILE):
        address = f"{(folder / FILE).resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True)) as database:
            rows = database.execute("SELECT * FROM sources").fetchall()
        return {row[0]: Entry(*row) for row in rows}


@contextmanager
def _reading(path: Path | str) -> Iterator[None]:
    """What reading a damaged ledger raises, as IndexDamagedError."""
    try:
        yield
    except (sqlite3.Error, TypeError, ValueError, RecursionError) as error:
        raise IndexDamagedError(
            f"{path} cannot be read ({error}): run `jianbao index --full`"
        ) from error


def count_sources(folder: Path) -> tuple[int, int]:
    """How many sources a generation has, and of how many something was skipped. Raises
    IndexDamagedError."""
    problems = [entry.problems for entry in read_ledger(folder).values()]
    failed = sum(any(each.outcome == "skipped" for each in told) for told in problems)
    return len(problems), failed


def _insert(database: sqlite3.Connection, entries: Iterable[Entry]) -> None:
    database.executemany("INSERT INTO sources VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", entries)
