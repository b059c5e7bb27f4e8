"""Office files where the extra is not installed: one sentence, not one for each file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jianbao.indexer.sources.formats import office_needs as needs
from tests.sources.helpers import read_with_problems


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An installation without the extra."""
    monkeypatch.setattr(needs, "find_spec", lambda module: None)
    needs.is_missing.cache_clear()
    yield
    needs.is_missing.cache_clear()


def test_one_sentence_names_what_to_install(tmp_path: Path, bare: None) -> None:
    files: dict[str, str | bytes] = {f"{number}.docx": b"x" for number in range(50)}
    files |= {"a.pdf": b"x", "b.zip": b"x", "c.txt": "题目\n正文。", "d.xyz": b"x"}
    (article,), problems = read_with_problems(tmp_path, files)
    assert article.id == "c.txt"
    office, other = sorted(problems, key=lambda problem: problem.source == "d.xyz")
    assert "pip install 'jianbao[office]'" in office.reason
    assert "51 more" in office.reason
    assert other.source == "d.xyz"


def test_every_office_format_has_a_reader() -> None:
    from jianbao.indexer.sources.office.formats.registry import CONTAINERS, DOCUMENTS

    assert {*CONTAINERS, *DOCUMENTS} == set(needs.NEEDS)
