"""Printed lines to paragraphs, without a PDF around them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jianbao.indexer.sources.office.parts.printed_lines import Glyph, Line, paragraphs

SIZE = 10.0


def line(text: str, *, left: float = 0.0, size: float = SIZE) -> Line:
    """`text` set solid."""
    made = Line()
    for number, character in enumerate(text):
        at = left + number * size
        made.add(Glyph(character, at, at + size, 0.0, size, False))
    return made


def test_full_lines_are_one_paragraph_and_a_short_one_ends_it() -> None:
    page = [line("甲" * 20), line("乙" * 20), line("丙" * 5), line("丁" * 20), line("戊" * 3)]
    assert list(paragraphs(page)) == ["甲" * 20 + "乙" * 20 + "丙" * 5, "丁" * 20 + "戊" * 3]


def test_an_indent_begins_a_paragraph() -> None:
    page = [line("甲" * 20), line("乙" * 18, left=20.0), line("丙" * 20)]
    assert list(paragraphs(page)) == ["甲" * 20, "乙" * 18 + "丙" * 20]


def test_another_size_or_column_is_another_paragraph() -> None:
    page = [line("题" * 13, size=15.0), line("甲" * 20), line("右" * 20, left=300.0)]
    assert list(paragraphs(page)) == ["题" * 13, "甲" * 20, "右" * 20]


def test_a_long_word_that_did_not_fit_ends_no_paragraph() -> None:
    page = [line("甲" * 20), line("乙" * 16), line("international丙")]
    assert list(paragraphs(page)) == ["甲" * 20 + "乙" * 16 + "international丙"]


def test_a_split_word_is_whole_again() -> None:
    first = line("search en")
    first.split_word = True
    assert list(paragraphs([first, line("gine")])) == ["search engine"]


def test_a_space_is_kept_if_it_was_typed_or_is_wide() -> None:
    for made_up, left, expected in (
        (True, 12.0, "年2"),
        (False, 12.0, "年 2"),
        (True, 16.0, "年 2"),
    ):
        made = line("年")
        made.add(Glyph(" ", 10.0, left, 0.0, SIZE, made_up))
        made.add(Glyph("2", left, left + 5, 0.0, SIZE, False))
        assert made.text == expected


@given(st.lists(st.text(st.sampled_from("甲乙丙。 a1"), min_size=1, max_size=30), max_size=12))
def test_no_character_is_lost_or_moved(texts: list[str]) -> None:
    whole = "".join(paragraphs(line(text) for text in texts))
    assert whole.replace(" ", "") == "".join(texts).replace(" ", "")
