"""A damaged file makes an engine raise or answer wrongly, until `check` tells; it never crashes."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from indexer.engines.base import FACETS, Search
from indexer.engines.whoosh_engine import WhooshEngine, WhooshWriter
from indexer.engines.whoosh_engine.opening import is_native_built
from indexer.models import Article
from indexer.query.parse import parse
from indexer.text.analyzer import Analyzer
from indexer.text.segment import open_segmenter
from tests.dictionaries import bulk_analyzer

QUERIES = [
    "中国",
    "中国 经济 大桥",
    "经济 5G",
    '"中国。经济"',
    '"国。经"',
    "的",
    "title:中国",
    "大桥*",
]
HEADER = 128
"""Bytes of a `.npy` file before its items."""


def write(folder: Path) -> None:
    """An index in which some terms are bitmaps, some are lists, some counts are exceptions."""
    chance = random.Random(3)
    words = ["中国", "经济", "发展", "大桥", "长江", "南京", "5G", "的"]
    bulk = bulk_analyzer()
    with WhooshWriter(folder, lambda: bulk) as writer:
        for number in range(300):
            some = [word for place, word in enumerate(words) if chance.random() < 1 / (place + 1)]
            body = "。".join(chance.choices(some, k=chance.choice([2, 30, 400])))
            writer.add(Article(f"a{number}", chance.choice(words), body, date="2024-01-01"))


def damage(folder: Path, seed: int) -> None:
    """Change one byte, or many, or cut a file off."""
    chance = random.Random(seed)
    files = sorted(file for file in folder.glob("*.npy") if file.stat().st_size > HEADER)
    file = chance.choice(files)
    raw = bytearray(file.read_bytes())
    for _ in range(chance.choice([1, 1, 20])):
        raw[chance.randrange(HEADER, len(raw))] = chance.randrange(256)
    file.write_bytes(raw)


def ask_damaged(source: Path, target: Path, seeds: range) -> None:
    """Ask every query of a differently damaged index for each seed."""
    analyzer = Analyzer(open_segmenter())
    for seed in seeds:
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target)
        damage(target, seed)
        for text in QUERIES:
            for mode in ("all", "any"):
                search = Search(
                    parse(text, analyzer, "any" if mode == "any" else "all"),
                    phrase=None,
                    facets=FACETS,
                    by_date=True,
                )
                try:
                    WhooshEngine(target).search(search)
                except Exception as error:
                    print(seed, text, type(error).__name__)


@pytest.mark.skipif(not is_native_built(), reason="the functions in C were not built")
def test_no_damage_crashes_the_process(tmp_path: Path) -> None:
    write(tmp_path / "engine")
    asked = subprocess.run(
        [sys.executable, "-m", __name__, tmp_path / "engine", tmp_path / "damaged", "0", "60"],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert asked.returncode == 0, asked.stderr[-2000:]


if __name__ == "__main__":
    ask_damaged(Path(sys.argv[1]), Path(sys.argv[2]), range(int(sys.argv[3]), int(sys.argv[4])))
