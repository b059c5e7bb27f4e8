"""What a reader may have meant: only words of the index, only where they find more."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jianbao.indexer import Searcher, SearchRequest
from jianbao.indexer.engines.base import Found, Search
from jianbao.indexer.engines.embedded import WhooshEngine
from jianbao.indexer.search.broader_queries import TRIED, meant
from jianbao.indexer.search.spelling import Slip, Spelling
from tests.web.indexes import searcher_of

WORDS = [("图书馆", 40), ("图书", 60), ("人工智能", 9), ("人工", 20), ("只能", 90), ("银行", 5)]
TITLES = ["人工智能走进图书馆"] * 12 + ["只能人工搬运"] * 3 + ["银行开业", "Windows 与图书馆"]


def spelling(words: list[tuple[str, int]]) -> Spelling:
    """The words as an engine tells them."""
    counts = dict(words)
    terms = sorted(counts)
    articles = np.array([counts[term] for term in terms], dtype=np.int64)
    return Spelling("".join(term + "\n" for term in terms), articles)


SPELLING = spelling(WORDS)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    """A few articles about a library, one of them by itself of 2020."""
    articles = [
        {"id": f"n{n}", "title": title, "body": "正文。", "date": "2024-01-01"}
        for n, title in enumerate(TITLES)
    ]
    with searcher_of(tmp_path_factory.mktemp("library"), articles) as searcher:
        yield searcher


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("图书管", "图书馆"),
        ("人工只能", "人工智能"),
        ("圖書管 开放", "圖書馆 开放"),
        ("“人工只能”", "“人工智能”"),
        ("标题:人工只能", "标题:人工智能"),
    ],
)
def test_what_sounds_alike_is_offered_in_its_place(typed: str, meant: str) -> None:
    best = SPELLING.corrections(typed)[0]
    expected = meant.replace("圖書馆", "图书馆")
    assert (best.text, best.slip) == (expected, Slip.SOUND)


def test_a_character_that_is_read_in_several_ways_sounds_like_each() -> None:
    assert SPELLING.corrections("银航")[0].text == "银行"


def test_one_other_character_is_a_guess() -> None:
    best = SPELLING.corrections("图书棺")[0]
    assert best.text == "图书馆"
    assert [each.slip for each in SPELLING.corrections("图画馆")] == [Slip.OTHER]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("图馆", "图书馆"),
        ("人工能 走进", "人工智能 走进"),
        ("图书书馆", "图书馆"),
        ("图书馆馆", "图书馆"),
        ("图画书馆", "图书馆"),
        ("书图馆", "图书馆"),
        ("人智工能 走进", "人工智能 走进"),
        ("行银", "银行"),
        ("wndows", "windows"),
        ("windowxs", "windows"),
        ("windwos", "windows"),
    ],
)
def test_a_character_too_few_or_too_many_or_in_the_other_place_is_seen(
    typed: str, meant: str
) -> None:
    assert spelling([*WORDS, ("windows", 3)]).corrections(typed)[0].text == meant


@pytest.mark.parametrize("typed", ["图书馆里", "新图书馆", "银行的"])
def test_a_piece_that_holds_the_word_finds_it_anyway(typed: str) -> None:
    assert SPELLING.corrections(typed) == []


@settings(max_examples=25)  # Each opens the dictionary of pinyin.
@given(st.text("图书馆银行", min_size=3, max_size=6), st.data())
def test_each_slip_is_undone(word: str, data: st.DataObject) -> None:
    slips = {word[:n] + word[n + 1 :] for n in range(len(word))}
    slips |= {word[:n] + other + word[n:] for n in range(1, len(word)) for other in "图人"}
    slips |= {word[:n] + word[n : n + 2][::-1] + word[n + 2 :] for n in range(len(word) - 1)}
    slip = data.draw(st.sampled_from(sorted(slips - {word})))
    assert word in [each.text for each in spelling([(word, 2)]).corrections(slip)]


def test_a_word_that_more_articles_have_is_not_corrected() -> None:
    assert SPELLING.corrections("图书馆") == []
    assert spelling([]).corrections("图书管") == []


TERMS = st.text(st.characters(exclude_characters="\n"), min_size=1, max_size=9)


@given(st.text(max_size=40), st.lists(st.tuples(TERMS, st.integers(1, 9))))
def test_any_text_and_any_words_are_taken(text: str, words: list[tuple[str, int]]) -> None:
    for correction in spelling(words).corrections(text):
        assert correction.text != text


NEWS = spelling(
    [
        *[("使馆", 581), ("图书", 439), ("图片", 346), ("图书馆", 156), ("博物馆", 140)],
        *[("石桥", 5), ("实招", 107), ("石油", 618), ("石板", 60), ("讲故事", 24), ("故事", 900)],
        *[("人工智能", 359), ("职工", 776), ("功能", 1094), ("人工", 600), ("智能", 700)],
        *[("新能源", 1500), ("汽车", 1379), ("骑车", 17), ("大源", 90), ("低估", 60), ("低谷", 34)],
        *[
            ("改革开放", 1846),
            ("开放", 2600),
            ("大学", 5000),
            ("北京", 9000),
            ("京大", 3),
            ("白景", 2),
        ],
    ]
)


@pytest.mark.parametrize(
    ("typed", "first", "not_as_likely"),
    [
        ("图馆", "图书馆", "使馆"),
        ("石乔", "石桥", "实招"),
        ("石乔", "石桥", "石油"),
        ("人智工能", "人工智能", "人职工能"),
        ("人工只能", "人工智能", "人工职能"),
        ("新能源气车", "新能源汽车", "新能源骑车"),
        ("改个开放", "改革开放", "改革"),
        ("北京大学图书管", "北京大学图书馆", "白景大学图书馆"),
        ("石油讲估事", "石油讲故事", "实招讲估事"),
    ],
)
def test_a_whole_word_after_a_small_slip_is_far_likelier(
    typed: str, first: str, not_as_likely: str
) -> None:
    corrections = NEWS.corrections(typed)
    assert corrections[0].text == first
    offered = meant(SearchRequest(typed), 0, lambda _: corrections, lambda _: 1)
    assert not_as_likely not in offered


@pytest.mark.parametrize("typed", ["石桥村的故事", "北京大学的图书馆", "人工智能功能", "石桥石油"])
def test_what_reads_well_is_not_taken_apart(typed: str) -> None:
    assert NEWS.corrections(typed) == []


@given(st.text("图书馆使片石桥人工智能", min_size=1, max_size=14), st.sampled_from([0, 1, 7]))
def test_few_corrections_are_counted(text: str, found: int) -> None:
    counted: list[str] = []

    def count(request: SearchRequest) -> int:
        counted.append(request.query)
        return found

    offered = meant(SearchRequest(text), 0, NEWS.corrections, count)
    assert len(counted) <= TRIED and set(offered) <= set(counted)
    assert len(offered) == (min(len(counted), 3) if found else 0)


def test_the_likeliest_is_offered_even_if_another_finds_more() -> None:
    hits = {"石桥": 1, "乔石": 9}
    words = spelling([("石桥", 5), ("乔石", 5)])

    def count(asked: SearchRequest) -> int:
        return hits[asked.query]

    assert meant(SearchRequest("石乔"), 0, words.corrections, count) == ("石桥", "乔石")
    hits["石桥"], hits["乔石"] = 90, 9
    assert meant(SearchRequest("石乔"), 0, words.corrections, count) == ("石桥",)


def test_only_the_first_runs_of_a_long_query_are_looked_at() -> None:
    assert NEWS.corrections("图书 " * 5 + "图书管")[0].text == "图书 " * 5 + "图书馆"
    assert NEWS.corrections("图书 " * 600 + "图书管") == []


def test_each_query_is_counted_once_in_a_search(
    library: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched: list[Search] = []
    search = WhooshEngine.search

    def counting(engine: WhooshEngine, asked: Search) -> Found:
        searched.append(asked)
        return search(engine, asked)

    monkeypatch.setattr(WhooshEngine, "search", counting)
    assert library.search(SearchRequest("图书管")).words[0].near == ("图书馆",)
    counts = [asked.query for asked in searched if asked.limit == 0]
    assert len(counts) == len(set(counts)) <= 1 + TRIED


def test_a_search_that_finds_nothing_says_what_was_meant(library: Searcher) -> None:
    assert library.search(SearchRequest("图书管")).suggestions == ("图书馆",)


def test_a_search_that_finds_enough_is_left_alone(library: Searcher) -> None:
    page = library.search(SearchRequest("只能"))
    assert page.total == 3 and page.suggestions == ()
    assert library.search(SearchRequest("图书馆")).suggestions == ()


def test_a_suggestion_finds_what_the_conditions_leave(library: Searcher) -> None:
    asked = SearchRequest("人工只能", mode="all", date_from="2025-01-01")
    assert library.search(asked).suggestions == ()
    (offered,) = library.search(SearchRequest("人工只能 图书馆", mode="all")).suggestions
    assert library.search(SearchRequest(offered, mode="all")).total == 12


def test_a_word_in_letters_is_corrected_too(library: Searcher) -> None:
    assert library.search(SearchRequest("Windaws")).suggestions == ("windows",)
