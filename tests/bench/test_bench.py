"""The benchmark as a stranger runs it, on the articles of `corpus/`."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("tantivy", reason="the peers come with the extra `bench`")
pytest.importorskip("bm25s", reason="the peers come with the extra `bench`")

from jianbao.indexer.text.fold import fold
from jianbao.indexer.text.scripts import HAN_RUN
from tests.bench.articles import SOURCES, grown_collection, read_base
from tests.bench.peers import PEERS, Peer, open_peer
from tests.bench.queries import draw
from tests.bench.query import Query
from tests.bench.words import Words, open_words

pytestmark = pytest.mark.slow

ARTICLES = 300
"""What `--quick` grows."""

SHOWN = {
    "jianbao": "Jianbao",
    "tantivy": "Tantivy",
    "sqlite": "SQLite FTS5",
    "bm25s": "bm25s",
    "whoosh": "stock Whoosh",
}


@pytest.fixture(scope="module")
def out(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a quick run, its indexes still in it."""
    folder = tmp_path_factory.mktemp("bench")
    command = [sys.executable, "-m", "tests.bench", "--quick", "--out", str(folder)]
    subprocess.run(command, cwd=root, check=True, stdout=subprocess.DEVNULL)
    return folder


@pytest.fixture(scope="module")
def records(out: Path) -> list[dict[str, str]]:
    """The articles that the run indexed."""
    lines = _articles(out).read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def peers(out: Path) -> Iterator[dict[str, Peer]]:
    """The engines over their indexes, but for stock Whoosh, which splits words in its own way."""
    opened = {name: open_peer(name) for name in PEERS if name != "whoosh"}
    for name, peer in opened.items():
        peer.open(out / "indexes" / _articles(out).stem / name / "index")
    yield opened
    for peer in opened.values():
        peer.close()


@pytest.fixture(scope="module")
def queries() -> list[Query]:
    """What is asked of collections grown from `corpus/`, all of it counted."""
    drawn = draw(read_base(corpus_only=True).articles, SOURCES, seed=2, share=0.25)
    return [replace(query, limit=ARTICLES, counted=True) for query in drawn]


def _articles(out: Path) -> Path:
    return next(out.glob(f"articles/*-{ARTICLES}.jsonl"))


def _spell(records: list[dict[str, str]], query: Query, words: Words) -> set[str]:
    """The ids of the articles whose title or body has what the query spells, by looking."""
    parts = [query.text] if query.kind == "phrase" else words.asked(query.text)
    needed = any if query.kind == "any" else all
    return {
        record["id"]
        for record in records
        if needed(
            fold(part) in fold(record["title"]) or fold(part) in fold(record["body"])
            for part in parts
        )
    }


def test_every_engine_has_its_rows(out: Path) -> None:
    table = (out / "bench.md").read_text("utf-8")
    index, _, rest = table.partition("### Queries\n")
    overview = rest.partition("### Queries by class")[0]
    for name in SHOWN.values():
        assert f"\n| {name} |" in index
        assert f"\n| {name} |" in overview
    assert "left out" not in table or "wrk is not installed" in table
    assert "## Growth" in table


def test_every_class_is_timed_on_all_that_answer_it(out: Path) -> None:
    measured = json.loads((out / "bench.json").read_text("utf-8"))["collections"][0]
    for timed in measured["timed"]:
        missing = set(SHOWN.values()) - set(timed["ms"])
        assert missing <= {"bm25s"}, timed["query"]
        assert not (missing and timed["query"]["kind"] == "any"), timed["query"]


def test_the_word_engines_agree(peers: dict[str, Peer], queries: list[Query]) -> None:
    asked = [query for query in queries if query.kind != "phrase"]
    assert any(query.where for query in asked)
    for query in asked:
        expected = peers["tantivy"].search(query)
        for name in ("sqlite", "bm25s"):
            if peers[name].answers(query):
                found = peers[name].search(query)
                assert set(found.ids) == set(expected.ids), (name, query)
                assert found.total == expected.total == len(expected.ids), (name, query)
                assert found.sources == expected.sources, (name, query)
                assert found.years == expected.years, (name, query)


def test_jianbao_finds_what_is_spelled_and_so_all_that_tantivy_finds(
    peers: dict[str, Peer], queries: list[Query], records: list[dict[str, str]]
) -> None:
    words = open_words()
    looked_up = 0
    for query in queries:
        found = peers["jianbao"].search(query)
        assert set(found.ids) >= set(peers["tantivy"].search(query).ids), query
        assert found.total == len(found.ids), query
        if query.where is None and HAN_RUN.fullmatch(query.text.replace(" ", "")):
            assert set(found.ids) == _spell(records, query, words), query
            looked_up += 1
    assert looked_up > len(queries) / 2


def test_the_same_seed_grows_and_draws_the_same(tmp_path: Path) -> None:
    base = read_base(corpus_only=True)
    few = grown_collection(base, 30, 5, tmp_path / "a")
    more = grown_collection(base, 60, 5, tmp_path / "b")
    lines = more.path.read_text("utf-8").splitlines()
    assert few.path.read_text("utf-8").splitlines() == lines[:30]
    assert len({json.loads(line)["id"] for line in lines}) == 60
    assert draw(base.articles, SOURCES, 5, 0.2) == draw(base.articles, SOURCES, 5, 0.2)
