"""What a text becomes on its way to a page: the same text, and nothing but `<mark>` added."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao.indexer import Snippet
from jianbao.web.render import (
    cut_ends,
    encoded,
    joined,
    marked,
    merged,
    numbered,
    sendable,
    web_address,
)

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)
MARKS = st.lists(st.tuples(st.integers(-5, 70), st.integers(-5, 70)), max_size=8)
TAG = re.compile("<[^>]*>")


@given(ANY_TEXT, MARKS)
def test_the_only_tag_is_mark_and_the_text_survives(
    text: str, marks: list[tuple[int, int]]
) -> None:
    html = str(marked(Snippet(text, tuple(marks))))
    assert set(TAG.findall(html)) <= {"<mark>", "</mark>"}
    bare = html.replace("<mark>", "").replace("</mark>", "")
    assert "<" not in bare and ">" not in bare
    assert _unescaped(bare) == sendable(text)
    html.encode("utf-8")


@given(ANY_TEXT, MARKS)
def test_exactly_the_marked_characters_stand_inside_marks(
    text: str, marks: list[tuple[int, int]]
) -> None:
    html = str(marked(Snippet(text, tuple(marks))))
    inside = "".join(_unescaped(part) for part in re.findall("<mark>(.*?)</mark>", html, re.S))
    wanted = {n for start, end in marks for n in range(max(0, start), min(end, len(text)))}
    assert inside == "".join(sendable(text)[n] for n in sorted(wanted))


@given(st.lists(st.tuples(ANY_TEXT, MARKS), max_size=4))
def test_numbers_count_all_marks_and_nothing_else_differs(
    texts: list[tuple[str, list[tuple[int, int]]]],
) -> None:
    snippets = [Snippet(text, tuple(marks)) for text, marks in texts]
    found, total = numbered(snippets)
    together = "".join(found)
    expected = [str(number) for number in range(1, total + 1)]
    assert re.findall('<mark id="m(\\d+)" tabindex="-1">', together) == expected
    bare = [re.sub('<mark id="m\\d+" tabindex="-1">', "<mark>", html) for html in found]
    assert bare == [str(marked(snippet)) for snippet in snippets]


@given(MARKS, st.integers(0, 60))
def test_merged_marks_are_ordered_apart_and_within_the_text(
    marks: list[tuple[int, int]], length: int
) -> None:
    found = list(merged(marks, length))
    edges = [edge for mark in found for edge in mark]
    assert edges == sorted(set(edges))
    assert all(0 <= edge <= length for edge in edges)


@given(ANY_TEXT)
def test_what_cannot_be_sent_is_replaced_one_for_one(text: str) -> None:
    clean = sendable(text)
    assert len(clean) == len(text)
    assert "\0" not in clean
    assert encoded(text) == clean.encode("utf-8")


@pytest.mark.parametrize(
    ("piece", "cut"),
    [
        ("甲乙丙。", (False, False)),
        ("乙丙。", (True, False)),
        ("丁戊，己", (False, True)),
        ("丁戊，己庚", (False, False)),
        ("辛", (False, False)),
        ("不在其中", (False, False)),
        ("", (False, False)),
    ],
)
def test_a_piece_that_is_cut_inside_a_sentence_is_known(piece: str, cut: tuple[bool, bool]) -> None:
    assert cut_ends("甲乙丙。丁戊，己庚\n辛", piece) == cut


def test_snippets_are_joined_by_an_ellipsis() -> None:
    html = joined([Snippet("甲<乙", ((0, 1),)), Snippet("丙")])
    assert html == "<mark>甲</mark>&lt;乙 … 丙"


@pytest.mark.parametrize("url", ["javascript:x", "data:text/html,x", "//x.org", "http://a b"])
def test_only_web_addresses_are_linked(url: str) -> None:
    assert web_address(url) == ""


def test_a_web_address_is_linked_as_it_is() -> None:
    assert web_address("https://news.example/1?a=b") == "https://news.example/1?a=b"


def _unescaped(html: str) -> str:
    """The inverse of escaping alone: `html.unescape` would also touch what looks like an entity
    in the text itself, and control characters."""
    pairs = (("&lt;", "<"), ("&gt;", ">"), ("&#34;", '"'), ("&#39;", "'"), ("&amp;", "&"))
    for entity, character in pairs:
        html = html.replace(entity, character)
    return html
