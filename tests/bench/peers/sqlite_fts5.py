"""SQLite's FTS5 with the words of Jianbao's segmenter."""

from __future__ import annotations

import sqlite3
from collections import Counter
from pathlib import Path

from tests.bench.peers.base import Answer, Peer, known
from tests.bench.query import Query
from tests.bench.words import open_words, segmented

_FILE = "articles.sqlite"
_SETUP = """
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    PRAGMA cache_size = -262144;
    CREATE TABLE article (number INTEGER PRIMARY KEY, id TEXT, source TEXT, year TEXT);
    CREATE VIRTUAL TABLE text USING fts5 (words, content = '', tokenize = 'unicode61');
"""
_JOINED = "FROM text JOIN article ON article.number = text.rowid WHERE text MATCH ?"
_BEST = """
    SELECT id
    FROM (SELECT rowid AS best FROM text WHERE text MATCH ? ORDER BY rank LIMIT {limit})
    JOIN article ON number = best
"""
_BEST_RESTRICTED = f"SELECT id {_JOINED}{{condition}} ORDER BY rank LIMIT {{limit}}"
_CONDITION = {"": "", "source": " AND source = ?", "year": " AND year = ?"}


class SqliteFts5(Peer):
    """One full-text table without content beside one of values, in one database."""

    name = "SQLite FTS5"
    note = "title and body as one column, contentless; stores no texts"

    @property
    def version(self) -> str:
        return sqlite3.sqlite_version

    def build(self, articles: Path, folder: Path) -> None:
        database = sqlite3.connect(folder / _FILE)
        database.executescript(_SETUP)
        with segmented(articles) as found:
            for number, article in enumerate(found):
                values = (number, article.id, article.source, article.year)
                database.execute("INSERT INTO article VALUES (?, ?, ?, ?)", values)
                row = (number, article.text)
                database.execute("INSERT INTO text (rowid, words) VALUES (?, ?)", row)
        database.execute("INSERT INTO text (text) VALUES ('optimize')")
        database.commit()
        database.execute("VACUUM")
        database.close()

    def open(self, folder: Path) -> None:
        self._words = open_words()
        self._database = sqlite3.connect(folder / _FILE)
        self._database.execute("PRAGMA mmap_size = 4294967296")
        self._database.execute("PRAGMA cache_size = -262144")

    def search(self, query: Query) -> Answer:
        field, *values = query.where or ("",)
        given = [self._match(query), *values]
        condition = _CONDITION[field]
        best = _BEST_RESTRICTED if query.where else _BEST
        statement = best.format(condition=condition, limit=query.limit)
        ids = self._database.execute(statement, given).fetchall()
        if not query.counted:
            return Answer([id_ for (id_,) in ids])
        sources: Counter[str] = Counter()
        years: Counter[str] = Counter()
        groups = f"SELECT source, year, count(*) {_JOINED}{condition} GROUP BY source, year"
        for source, year, count in self._database.execute(groups, given):
            sources[source] += count
            years[year] += count
        return Answer([id_ for (id_,) in ids], sources.total(), known(sources), known(years))

    def close(self) -> None:
        self._database.close()

    def _match(self, query: Query) -> str:
        if query.kind == "phrase":
            return f'"{" ".join(self._words.phrase(query.text))}"'
        words = [f'"{word}"' for word in self._words.asked(query.text)]
        return (" OR " if query.kind == "any" else " ").join(words)
