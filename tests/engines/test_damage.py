"""A damaged file is refused, or answered from; what is raised is IndexDamagedError, always."""

from __future__ import annotations

import copy
import gc
import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from jianbao.indexer.engines.base import Search
from jianbao.indexer.engines.embedded import WhooshEngine
from jianbao.indexer.engines.embedded.native import is_built
from jianbao.indexer.errors import IndexDamagedError
from jianbao.indexer.query.parse import parse
from jianbao.indexer.text.analyzer import Analyzer
from jianbao.indexer.text.segment import open_segmenter
from tests.conftest import ROOT
from tests.engines.asking import ARTICLES, Asking
from tests.engines.damaging import attributed, damage
from tests.engines.mutations import files_of

BUILT = pytest.mark.skipif(not is_built(), reason="the functions in C were not built")
KERNELS = [pytest.param(True, marks=BUILT, id="native"), pytest.param(False, id="numpy")]
ANALYZER = Analyzer(open_segmenter())

Change = Callable[[NDArray[Any]], NDArray[Any]]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("damage") / "engine"
    Asking().write(folder)
    return folder


@pytest.fixture
def copied(whole: Path, tmp_path: Path) -> Path:
    return shutil.copytree(whole, tmp_path / "copied")


def exchange(first: int, second: int) -> Change:
    def change(items: NDArray[Any]) -> NDArray[Any]:
        items[[first, second]] = items[[second, first]]
        return items

    return change


def with_item(at: int, value: int) -> Change:
    def change(items: NDArray[Any]) -> NDArray[Any]:
        items[at] = value
        return items

    return change


HOSTILE: list[tuple[str, Change]] = [
    ("newest", lambda items: np.append(items, np.arange(4, dtype=items.dtype))),
    ("newest", lambda items: items.astype(np.uint64)),
    ("newest", lambda items: np.zeros_like(items)),
    ("oldest", with_item(5, 1 << 31)),
    ("ordinals", lambda items: items[:-1]),
    ("text_starts", exchange(4096, 4100)),
    ("text_starts", with_item(-1, 1 << 16)),
    ("text", lambda items: items[:-1]),
    ("text", lambda items: items.astype(np.uint32)),
    ("folding", lambda items: items[:100]),
    ("in_run", lambda items: items[:-1]),
    ("in_run", lambda items: np.full(len(items), 2, dtype=np.uint8).view(np.bool_)),
    ("has_high", lambda items: ~items),
    ("is_word", lambda items: items.astype(np.uint8)),
    ("terms_lengths", lambda items: np.sort(items)[::-1] * 0 + 1),
    ("terms_lengths", lambda items: np.append(items[:-2], [0, items[-2:].sum()]).astype("u1")),
    ("term_places", with_item(0, 1)),
    ("articles_of", with_item(0, (1 << 32) - 1)),
    ("articles_of", with_item(0, 0)),
    ("occurrences_of", with_item(0, (1 << 32) - 1)),
    ("exceptions", lambda items: items[::-1]),
    ("exceptions", lambda items: items.astype(np.uint8)),
    ("exception_counts", lambda items: items[:-1]),
    ("packed", lambda items: items[:-1]),
    ("positions", lambda items: items[:1]),
    ("bitmaps", lambda items: items[: len(items) // 2]),
    ("articles_low", lambda items: items[:0]),
    ("articles_high", lambda items: np.ones(3, dtype=np.uint8)),
    ("ids_ends", lambda items: items[::-1]),
    ("ids_text", lambda items: items[:-1]),
    ("id_numbers", with_item(0, ARTICLES)),
    ("rare_characters", with_item(0, 0x110000)),
    ("source_codes", with_item(0, 200)),
    ("author_more_articles", with_item(0, ARTICLES)),
    ("author_more_codes", with_item(0, -1)),
    ("article_block_firsts", with_item(0, 1)),
    ("article_block_ends", with_item(-1, 1 << 15)),
    ("term_numbers", lambda items: items[::-1]),
]


@pytest.mark.parametrize(("name", "change"), HOSTILE, ids=lambda each: str(each)[:20])
def test_arrays_that_cannot_be_are_refused(copied: Path, name: str, change: Change) -> None:
    path = copied / f"{name}.npy"
    items = change(np.load(path).copy())
    path.unlink()
    np.save(path, items, allow_pickle=False)
    with pytest.raises(IndexDamagedError, match=r"jianbao rollback"):
        WhooshEngine(copied)


def test_one_altered_byte_of_any_header_is_refused(copied: Path) -> None:
    """The file stays as long as it was: nobody but a checksum would tell otherwise."""
    chance = random.Random(1)
    for path in (path for path in files_of(copied) if path.suffix == ".npy"):
        raw = path.read_bytes()
        for at in {6, 8, 10, 22, 62, 75, chance.randrange(128)}:
            altered = bytearray(raw)
            altered[at] ^= chance.randrange(1, 256)
            path.unlink()
            path.write_bytes(altered)
            with pytest.raises(IndexDamagedError, match=re.escape(path.name)):
                WhooshEngine(copied)
        path.unlink()
        path.write_bytes(raw)
    WhooshEngine(copied)


@pytest.mark.parametrize("by", [-4096, -1, 1, 4096])
def test_a_file_of_another_length_is_refused(copied: Path, by: int) -> None:
    """A map that ends before its items do kills the process that reads them."""
    for path in files_of(copied):
        raw = path.read_bytes()
        path.unlink()
        path.write_bytes(raw[:by] if by < 0 else raw + bytes(by))
        with pytest.raises(IndexDamagedError):
            WhooshEngine(copied)
        path.unlink()
        path.write_bytes(raw)


def test_a_missing_file_is_named(copied: Path) -> None:
    for path in files_of(copied):
        raw = path.read_bytes()
        path.unlink()
        with pytest.raises(IndexDamagedError, match=re.escape(path.name)):
            WhooshEngine(copied)
        path.write_bytes(raw)


@pytest.mark.parametrize("native", KERNELS)
def test_a_phrase_whose_positions_are_out_of_order_is_noticed(copied: Path, native: bool) -> None:
    """They are offsets within an article, too many to be compared at each opening."""
    path = copied / "positions.npy"
    positions = np.load(path)
    path.unlink()
    np.save(path, np.random.default_rng(1).integers(0, 1 << 16, len(positions)).astype(np.uint16))
    engine = WhooshEngine(copied, native=native)
    noticed = 0
    for text in ('"中国。经济"', '"大桥。长江"', '"5G。经济"', '"长江。大桥。南京"'):
        try:
            engine.search(Search(parse(text, ANALYZER)))
        except IndexDamagedError:
            noticed += 1
    assert noticed


@BUILT
def test_nothing_is_asked_of_an_object_that_was_not_opened() -> None:
    from jianbao.indexer.engines.embedded.native._native import Segment
    from jianbao.indexer.text.native._words import Trie

    for kind in (Segment, Trie):
        for given in ((), (1, 2), ((), ()), tuple([np.zeros(1)] * 4)):
            with pytest.raises((TypeError, ValueError)):
                kind.__new__(kind, *given)
        assert not any(type(each) is kind and gc.is_tracked(each) for each in gc.get_objects())


@BUILT
def test_an_opened_object_is_not_opened_again(whole: Path) -> None:
    kernel: Any = WhooshEngine(whole)._kernel
    segment = kernel._segment
    place = segment.place("中国")
    segment.__init__((), ())  # As for every type that is made by `__new__` alone, it does nothing.
    with pytest.raises(TypeError):
        copy.copy(segment)
    assert segment.place("中国") == place >= 0


@BUILT
def test_what_c_is_given_beside_the_files_is_compared_too(whole: Path) -> None:
    kernel: Any = WhooshEngine(whole)._kernel
    segment = kernel._segment
    best, scores = np.empty(10, dtype=np.int64), np.empty(10)
    every = np.empty(ARTICLES, dtype=np.int64)
    codes, wanted = np.zeros(ARTICLES, dtype=np.uint8), np.ones(1, dtype=np.bool_)

    def search(numbers: list[int], *given: Any, conditions: Any = ()) -> None:
        found = np.array(numbers, dtype=np.int64)
        leaf = (False, None, b"", False, False, None, found, np.ones(len(found)))
        segment.search((leaf, leaf), None, conditions, *given)

    search([1, 2, 2047, 2048], best, scores, every, conditions=((codes, wanted),))
    for numbers in ([2, 1], [1, 1], [-1, 5], [0, ARTICLES]):
        with pytest.raises(ValueError, match="in order"):
            search(numbers, best, scores, None)
    with pytest.raises(ValueError, match="short"):
        search([1], best, scores, every[:-1])
    with pytest.raises(ValueError, match="short"):
        search([1], best[:5], scores, None)
    with pytest.raises(ValueError, match="code"):
        search([1], best, scores, None, conditions=((codes[1:], wanted),))
    with pytest.raises(TypeError):
        search([1], best.astype(np.int32), scores, None)
    with pytest.raises(ValueError, match="number"):
        segment.scan("国", b"", np.array([ARTICLES]), every)
    with pytest.raises(TypeError):
        segment.scan("国", b"", np.frombuffer(bytes(17), dtype=np.uint8)[1:].view("u8"), every)


def test_no_damage_crashes_the_process(whole: Path, tmp_path: Path) -> None:
    outcome = damage(whole, tmp_path / "damaged", range(60))
    print(f"\n{outcome}")
    assert not attributed(outcome)
    assert outcome.counts.total() == 60


@pytest.mark.slow
def test_no_damage_of_many_crashes_the_process(whole: Path, tmp_path: Path) -> None:
    outcome = damage(whole, tmp_path / "damaged", range(1000, 1600))
    print(f"\n{outcome}")
    assert not attributed(outcome)


def test_the_readme_tells_what_a_segment_contains() -> None:
    from jianbao.indexer.engines.embedded.format.layout import FILES, VALUED

    readme = (ROOT / "indexer/engines/embedded/README.md").read_text("utf-8")
    table = readme.split("## What does a segment contain?")[1].split("\n| file ")[1]
    told = {}
    for line in table.splitlines()[2:]:
        if not line.startswith("|"):
            break
        names, items, length, _ = (cell.strip() for cell in line.strip("|").split("|"))
        for name in re.findall(r"`([^`]+)`", names):
            told[name] = (items, length)
    kept = {}
    for name, (kinds, length) in FILES.items():
        field = next((each for each in VALUED if name.startswith(f"{each}_")), None)
        shown = f"FIELD{name.removeprefix(field)}" if field else name
        items = "unsigned" if len(kinds) == 4 else " or ".join(kinds)
        kept[shown] = (items, length.replace(f"{field} values", "FIELD values"))
    assert {name: told[name] for name in kept} == kept
    assert set(told) - set(kept) == {"FIELD_names.json", "articles.bin"}
