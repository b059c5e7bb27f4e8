"""Fixtures that more than one folder of tests needs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests import dictionaries

ROOT = Path(__file__).resolve().parent.parent

# Hypothesis' deadline is 200 ms by the clock: the first example that fills a table failed on a busy
# machine. Time is never asserted as an absolute figure here.
settings.register_profile("jianbao", deadline=None)
settings.load_profile("jianbao")


@pytest.fixture(scope="session", autouse=True)
def shared_dictionaries() -> Iterator[None]:
    """Indexing runs in this process use the dictionaries that earlier ones opened."""
    with pytest.MonkeyPatch.context() as patch:
        opening = dictionaries.open_bulk_analyzer
        patch.setattr("jianbao.indexer.analysis.open_bulk_analyzer", opening)
        patch.setattr("jianbao.indexer.text.pinyin.open_readings", dictionaries.readings)
        yield


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The optional folder of real text beside the checkout; skips where it is absent."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"no real text: {folder} is absent")
    return folder
