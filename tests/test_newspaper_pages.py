"""The generator of newspaper pages: its gold is true to its text, and every layout is itself."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.newspaper_pages import (
    CASES,
    LAYOUTS,
    FoundItem,
    GoldItem,
    GoldPage,
    GuideEntry,
    Score,
    generate_issue,
    generate_page,
    load_case,
    score,
    squeeze,
)

SEEDS = st.integers(0, 2**32)
PAGES_PER_LAYOUT = 30
WEEKDAYS = [f"星期{c}" for c in "一二三四五六日"]


def sample(layout: str) -> list[GoldPage]:
    return [generate_page(layout, random.Random(seed)) for seed in range(PAGES_PER_LAYOUT)]


def perfect(page: GoldPage) -> list[FoundItem]:
    return [FoundItem(item.kind, item.title, item.authors, item.body) for item in page.items]


def without_pictures(page: GoldPage) -> str:
    """The page's characters in order, pictures taken out, as a photo may split a paragraph."""
    text = squeeze(re.sub(r"!\[\]\([^)]*\)", "", page.text))
    for item in page.of_kind("picture"):
        for part in (*item.paragraphs, *item.margin):
            text = text.replace(squeeze(part), "", 1)
    return text


def assert_gold_is_on_the_page(page: GoldPage) -> None:
    everything = squeeze(page.text)
    for item in page.items:
        text = everything if item.kind == "picture" else without_pictures(page)
        for part in (item.title, item.kicker, item.subtitle, *item.paragraphs, *item.margin):
            assert squeeze(part) in text, (item.title, part)
        names = squeeze("".join((*item.paragraphs, *item.margin)))
        assert all(name in names for name in item.authors), item
        assert all(squeeze(entry.title) in text for entry in item.entries)


@pytest.mark.parametrize("layout", LAYOUTS)
@given(seed=SEEDS)
def test_every_part_of_the_gold_is_printed_on_the_page(layout: str, seed: int) -> None:
    assert_gold_is_on_the_page(generate_page(layout, random.Random(seed)))


@pytest.mark.parametrize("layout", LAYOUTS)
@given(seed=SEEDS)
def test_a_page_holds_what_newspapers_hold(layout: str, seed: int) -> None:
    page = generate_page(layout, random.Random(seed))
    stories = page.of_kind("article")
    assert 3 <= len(stories) <= 8
    assert len({story.title for story in stories}) == len(stories)
    for story in stories:
        assert 8 <= len(story.title) <= 28
        assert 1 <= len(story.paragraphs) <= 11
        assert story.paragraphs[-1][-1] in "。！？”）)"
        assert max(map(len, story.paragraphs)) <= 260
    if page.date and page.weekday:
        assert page.weekday == WEEKDAYS[date.fromisoformat(page.date).weekday()]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_same_seed_gives_the_same_page(layout: str) -> None:
    first, again, other = (generate_page(layout, random.Random(seed)) for seed in (7, 7, 8))
    assert first == again
    assert first.text != other.text


@pytest.mark.parametrize("layout", LAYOUTS)
@given(seed=SEEDS)
def test_an_issue_continues_one_story_on_its_second_page(layout: str, seed: int) -> None:
    front, inner = generate_issue(layout, random.Random(seed))
    (head,) = [item for item in front.items if item.part == "head"]
    (tail,) = [item for item in inner.items if item.part == "tail"]
    assert squeeze(head.title) == squeeze(tail.title)
    assert "下转" in head.margin[0]
    assert "上接" in tail.margin[0]
    assert_gold_is_on_the_page(front)
    assert_gold_is_on_the_page(inner)


def texts(layout: str) -> str:
    return "\n".join(page.text for page in sample(layout))


def headlines_in(pages: Sequence[GoldPage], pattern: str) -> bool:
    return all(
        re.search(pattern.replace("TITLE", re.escape(item.title)), page.text, re.MULTILINE)
        for page in pages
        for item in page.of_kind("article")
    )


@pytest.mark.parametrize(
    ("layout", "pattern"),
    [
        ("markdown", r"^##? TITLE$"),
        ("bold", r"^\*\*TITLE\*\*$"),
        ("symbol", r"^(■ |●|【|★ |◆)TITLE】?$"),
        ("plain", r"^TITLE$"),
    ],
)
def test_headlines_are_marked_as_the_layout_says(layout: str, pattern: str) -> None:
    assert headlines_in(sample(layout), pattern)


@pytest.mark.parametrize("layout", ["plain", "wrapped"])
def test_unmarked_layouts_have_no_markup(layout: str) -> None:
    assert not re.search(r"^#|\*\*|^[■●★◆【]\S*[^。]$", texts(layout).replace("■ 本报", ""), re.M)


@pytest.mark.parametrize("layout", ["markdown", "bold", "mixed"])
def test_some_headlines_stand_after_their_story(layout: str) -> None:
    late = early = 0
    for page in sample(layout):
        text = without_pictures(page)
        for item in page.of_kind("article"):
            after = text.rindex(squeeze(item.title)) > text.index(squeeze(item.paragraphs[0]))
            late, early = late + after, early + (not after)
    assert late > 5
    assert early > 2 * late


def test_wrapped_columns_are_short_lines() -> None:
    for page in sample("wrapped"):
        running = [line for line in page.text.split("\n") if line and line[-1] in "，,、"]
        assert running
        assert all(len(line) <= 26 for line in running)
    assert "\n　　" in texts("wrapped")


@pytest.mark.parametrize("layout", ["markdown", "bold", "symbol", "plain", "formal", "mixed"])
def test_columns_end_inside_sentences(layout: str) -> None:
    cut = 0
    for page in sample(layout):
        whole = {squeeze(text) for item in page.items for text in item.paragraphs}
        for text in whole:
            parts = [squeeze(line) for line in page.text.split("\n")]
            left = [line for line in parts if len(line) >= 30 and line != text and line in text]
            cut += any(text.startswith(line) and line[-1] not in "。！？”" for line in left)
    assert cut > 20


def test_formal_pages_stack_their_headlines_and_have_all_kinds_of_bylines() -> None:
    stories = [item for page in sample("formal") for item in page.of_kind("article")]
    assert sum(bool(item.kicker) for item in stories) > 20
    assert sum(bool(item.subtitle) for item in stories) > 20
    text = texts("formal")
    for sign in (r"新华社\S+日电", r"^[□■◎] ?本报记者", r"^本报记者", r"^[（(]", r"。[（(]\S*记者"):
        assert re.search(sign, text, re.MULTILINE), sign


def test_mixed_pages_are_noisy() -> None:
    pages = sample("mixed")
    assert sum(" and " in page.text for page in pages) > 10
    assert any("\n\n\n" in page.text for page in pages)
    assert any(" \n" in page.text for page in pages)
    assert any("![](" in page.text for page in pages)
    assert any(not page.newspaper for page in pages)
    assert any(not page.date for page in pages)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_pictures_and_guides_occur(layout: str) -> None:
    pages = sample(layout)
    assert any(page.of_kind("picture") for page in pages)
    assert any(page.of_kind("guide") for page in pages)


@pytest.mark.parametrize("name", CASES)
def test_hand_written_gold_is_on_its_page(name: str) -> None:
    assert_gold_is_on_the_page(load_case(name))


def test_there_are_enough_hand_written_pages() -> None:
    assert len(CASES) >= 8


def unclaimed(page: GoldPage) -> str:
    """The page's characters that belong to no item: masthead, footer and markup."""
    text = without_pictures(page)
    parts = [
        squeeze(part)
        for item in page.items
        for part in (item.title, item.kicker, item.subtitle, *item.paragraphs, *item.margin)
    ]
    for part in sorted(parts, key=len, reverse=True):
        text = text.replace(part, "", 1)
    return text


@pytest.mark.parametrize("name", CASES)
def test_hand_written_gold_leaves_no_sentence_unclaimed(name: str) -> None:
    assert not re.search("[。！？”]", unclaimed(load_case(name)))


@given(seed=SEEDS, layout=st.sampled_from(LAYOUTS))
def test_no_sentence_of_a_page_is_unclaimed(seed: int, layout: str) -> None:
    for page in (
        generate_page(layout, random.Random(seed)),
        *generate_issue(layout, random.Random(seed)),
    ):
        assert not re.search("[。！？”]", unclaimed(page))


def opening(item: GoldItem) -> str:
    """What an item begins with besides its headline, short of any column break."""
    return squeeze(item.title if item.kind == "guide" else item.paragraphs[0])[:25]


@given(seed=SEEDS, layout=st.sampled_from(LAYOUTS))
def test_what_follows_a_late_headline_has_its_own(seed: int, layout: str) -> None:
    page = generate_page(layout, random.Random(seed))
    text = squeeze(page.text)
    starts = sorted((at, item.kind) for item in page.items if (at := text.find(opening(item))) >= 0)
    titles = {item.title: text.rindex(squeeze(item.title)) for item in page.of_kind("article")}
    for item in page.of_kind("article"):
        at = titles[item.title]
        if at < text.find(opening(item)):
            continue
        after = next(((start, kind) for start, kind in starts if start > at), None)
        if after is not None and after[1] == "article":
            assert any(at < other < after[0] for other in titles.values())
        assert after is None or after[1] != "picture"


@given(seed=SEEDS, layout=st.sampled_from(LAYOUTS))
def test_a_perfect_reading_scores_full_marks(seed: int, layout: str) -> None:
    page = generate_page(layout, random.Random(seed))
    got = score(page, perfect(page))
    assert got.stories.f1 == got.pictures.f1 == got.stories.author_accuracy == 1.0
    assert got.paragraphs == got.paragraphs_right
    assert got.guide_entries == got.guide_entries_right


def one_story_page() -> GoldPage:
    body = tuple("".join(chr(0x4E00 + 100 * row + col) for col in range(60)) for row in range(3))
    item = GoldItem("article", "标题", ("张伟",), body, kicker="引题", margin=("（张伟）",))
    return GoldPage("", (item,), "", "", "", "", "", "hand")


def read_as(body: str, title: str = "标 题", authors: tuple[str, ...] = ("张伟",)) -> Score:
    return score(one_story_page(), [FoundItem("article", title, authors, body)])


def test_white_space_and_the_margin_count_neither_way() -> None:
    whole = one_story_page().items[0].body
    got = read_as("引题\n" + whole + "（张 伟）")
    assert got.stories.right == got.stories.authors_right == 1
    assert got.paragraphs_right == got.paragraphs == 3


@pytest.mark.parametrize(("dropped", "right"), [(8, 1), (10, 0)])
def test_a_story_may_lose_one_character_in_twenty(dropped: int, right: int) -> None:
    assert read_as(one_story_page().items[0].body[dropped:]).stories.right == right


@pytest.mark.parametrize(("foreign", "right"), [(8, 1), (10, 0)])
def test_a_story_may_hold_one_foreign_character_in_twenty(foreign: int, right: int) -> None:
    assert read_as(one_story_page().items[0].body + "外" * foreign).stories.right == right


def test_paragraphs_in_the_wrong_order_are_not_the_story() -> None:
    first, second, third = one_story_page().items[0].paragraphs
    assert read_as("\n".join((third, second, first))).stories.right == 0


def test_a_wrong_title_or_author_is_told_apart() -> None:
    whole = one_story_page().items[0].body
    assert read_as(whole, title="别的").stories.right == 0
    stranger = read_as(whole, authors=("张伟", "李洋")).stories
    assert (stranger.right, stranger.authors_right) == (1, 0)


def test_scores_add_up() -> None:
    whole = one_story_page().items[0].body
    both = read_as(whole) + read_as(whole, title="别的")
    assert (both.stories.gold, both.stories.found, both.stories.right) == (2, 2, 1)
    assert both.stories.precision == both.stories.recall == both.stories.f1 == 0.5


@pytest.mark.parametrize(
    ("line", "right"), [("导航新闻 12版", 1), ("导航新闻 2版", 0), ("12版", 0)]
)
def test_a_guide_entry_needs_its_headline_and_its_page(line: str, right: int) -> None:
    guide = GoldItem("guide", "导读", entries=(GuideEntry("导航新闻", "12"),))
    page = GoldPage("", (guide,), "", "", "", "", "", "hand")
    assert score(page, [FoundItem("guide", "导读", (), line)]).guide_entries_right == right
