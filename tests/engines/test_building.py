"""An index is the same to the byte, whether it is written in C or with array operations."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from jianbao.indexer.engines.embedded import Earlier, WhooshEngine, WhooshWriter
from jianbao.indexer.engines.embedded.build.scatter import open_scatter
from jianbao.indexer.engines.embedded.format.code_units import (
    converted,
    rare_among,
    to_codes,
    to_units,
)
from jianbao.indexer.engines.embedded.format.tf_codes import codes
from jianbao.indexer.engines.embedded.native import is_built
from jianbao.indexer.models import Article
from tests.dictionaries import bulk_analyzer

BULK = bulk_analyzer()
BUILT = pytest.mark.skipif(not is_built("_building"), reason="the functions in C were not built")
WIDE = "".join(chr(0x20000 + n) for n in range(3000))

TEXTS = st.text(alphabet="中国长江大桥南京市长5Ga 。\n😀𠀀\ud800", max_size=60)


def write(
    articles: Sequence[Article],
    folder: Path,
    *,
    native: bool,
    earlier: Path | None = None,
    without: Sequence[str] = (),
) -> None:
    with WhooshWriter(folder, lambda: BULK, 1, 50, native=native) as writer:
        for article in articles:
            writer.add(article)
        if earlier:
            writer.carry_over(Earlier(earlier), without)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@BUILT
@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(TEXTS, TEXTS, st.integers(1, 40)), min_size=1, max_size=10),
    st.sets(st.integers(0, 9)),
)
def test_both_ways_to_write_give_the_same_files(
    texts: list[tuple[str, str, int]], gone: set[int]
) -> None:
    articles = [
        Article(f"n{number}", title.replace("\n", ""), body * often)
        for number, (title, body, often) in enumerate(texts)
    ]
    with TemporaryDirectory() as name:
        for native in (True, False):
            folder = Path(name) / str(native)
            write(articles, folder / "first", native=native)
            more = [Article("more", "题", "长江大桥")]
            without = [f"n{number}" for number in gone]
            write(more, folder / "second", native=native, earlier=folder / "first", without=without)
        for part in ("first", "second"):
            assert files(Path(name) / "True" / part) == files(Path(name) / "False" / part)


@BUILT
def test_positions_in_another_order_are_refused() -> None:
    from jianbao.indexer.engines.embedded.native._building import invert

    room = [np.empty(8, dtype=kind) for kind in ("u4", "i8", "i8", "u4", "u1", "u2", "i8")]
    room.append(np.empty(32, dtype=np.uint32))
    terms, aligned = np.full(2, 20, dtype=np.uint32), np.ones(2, dtype=np.uint8)
    starts = np.array([0, 1, 9], dtype=np.int64)
    for positions in ([5, 4], [5, 9], [-1, 3]):
        with pytest.raises(ValueError, match="positions"):
            invert(100, codes(), terms, np.array(positions), aligned, starts, *room)


@pytest.mark.parametrize("native", [pytest.param(True, marks=BUILT), False])
def test_pieces_go_where_they_are_wanted(native: bool) -> None:
    scatter = open_scatter(native=native)
    source = np.array([1, 2, 3, 4, 5], dtype=np.uint32)
    targets, target = np.array([3, 0, 5]), np.zeros(6, dtype=np.uint32)
    scatter(source, np.array([2, 2, 1]), targets, target, 10)
    assert target.tolist() == [13, 14, 0, 11, 12, 15]
    assert targets.tolist() == [5, 2, 6]


@BUILT
def test_a_piece_without_room_is_refused() -> None:
    scatter = open_scatter(native=True)
    for length, at in ((3, 4), (6, 0), (-1, 0), (1, -1)):
        with pytest.raises(ValueError, match="room"):
            scatter(
                np.zeros(5, dtype=np.uint8),
                np.array([length]),
                np.array([at]),
                np.zeros(6, dtype=np.uint8),
                0,
            )


def test_texts_are_as_narrow_as_what_stays_allows(tmp_path: Path) -> None:
    wide, narrow = Article("wide", "题", WIDE), Article("narrow", "桥😀", "大桥\ud800𠀀")
    write([wide, narrow], tmp_path / "both", native=True)
    with WhooshWriter(tmp_path / "one", lambda: BULK) as writer:
        writer.carry_over(Earlier(tmp_path / "both"), ["wide"])
    write([narrow], tmp_path / "anew", native=True)
    carried, anew = files(tmp_path / "one"), files(tmp_path / "anew")
    for name in ("text.npy", "folding.npy", "rare_characters.npy", "in_run.npy"):
        assert carried[name] == anew[name]
    write([wide], tmp_path / "widened", native=True, earlier=tmp_path / "one")
    assert WhooshEngine(tmp_path / "widened").article("narrow") == narrow


@given(st.text(max_size=20), st.text(max_size=20))
def test_units_stand_for_the_same_characters_among_others(own: str, others: str) -> None:
    codes, more = (np.array(list(map(ord, each)), dtype=np.uint32) for each in (own, others))
    rare, all_rare = rare_among(codes), rare_among(np.concatenate([codes, more]))
    units = converted(to_units(codes, rare), rare, all_rare, narrow=True)
    assert to_codes(units, all_rare).tolist() == codes.tolist()
    assert converted(units, all_rare, rare[:0], narrow=False).tolist() == codes.tolist()


@BUILT
@settings(deadline=None, max_examples=200)
@given(st.data())
def test_postings_that_contradict_each_other_are_refused(data: st.DataObject) -> None:
    """Whatever a damaged file says, nothing outside of an array is touched."""
    from jianbao.indexer.engines.embedded.native._building import carry

    def some(kind: str, low: int, high: int, count: int) -> NDArray[Any]:
        values = st.lists(st.integers(low, high), min_size=count, max_size=count)
        return np.array(data.draw(values), dtype=kind)

    terms, postings, positions, exceptions = (data.draw(st.integers(0, 4)) for _ in range(4))
    stored = [
        some("i8", -1, 5, terms),
        some("i8", -2, 3, terms),
        some("u1", 0, 1, terms),
        some("u1", 0, 1, terms),
        some("u2", 0, 9, data.draw(st.integers(0, 4))),
        some("u1", 0, 2, data.draw(st.integers(0, 4))),
        some("u1", 0, 255, data.draw(st.integers(0, 4))),
        some("u1", 254, 255, postings),
        some("u2", 0, 9, positions),
        np.arange(-254, 2),
        some("i8", -1, 3, exceptions),
        np.array([0, 0xFFFFFFFF, 1, 2, 3], dtype=np.uint32),
    ]
    room = (("u4", postings), ("u1", postings), ("u2", positions), ("i8", terms), ("i8", terms))
    exceptional = (("i8", exceptions), ("u1", exceptions))
    kept = [np.empty(count, dtype=kind) for kind, count in (*room, *exceptional)]
    try:
        found = carry(*stored, *kept)
    except ValueError:
        return
    assert found[0] <= postings
    assert found[1] <= positions
    assert found[2] <= exceptions
    assert kept[3].sum() == found[0] and kept[4].sum() == found[1]
