"""Generated pages: how many of their stories are read as they were written."""

from __future__ import annotations

import random

import pytest

from jianbao.indexer.sources.newspaper import looks_like_page, split_page
from tests.newspaper_pages import LAYOUTS, Score, generate_page, score
from tests.sources.newspaper.finding import find_items

PAGES = 100
LEAST = 0.95


@pytest.mark.slow
@pytest.mark.parametrize("layout", LAYOUTS)
def test_stories_and_authors_of_a_layout(layout: str) -> None:
    total = Score()
    for seed in range(PAGES):
        gold = generate_page(layout, random.Random(seed))
        total += score(gold, find_items(gold.text))
    print(
        f"{layout}: story F1 {total.stories.f1:.3f}, authors {total.stories.author_accuracy:.3f}, "
        f"picture F1 {total.pictures.f1:.3f}, paragraphs {total.paragraphs_right}/"
        f"{total.paragraphs}, guide {total.guide_entries_right}/{total.guide_entries}"
    )
    assert total.stories.f1 >= LEAST
    assert total.stories.author_accuracy >= LEAST
    assert total.pictures.f1 >= LEAST
    assert total.paragraphs_right >= LEAST * total.paragraphs
    assert total.guide_entries_right >= LEAST * total.guide_entries


@pytest.mark.parametrize("layout", LAYOUTS)
def test_mastheads_and_page_likeness_of_a_layout(layout: str) -> None:
    wrong = unlike = 0
    for seed in range(1000, 1020):
        gold = generate_page(layout, random.Random(seed))
        masthead = split_page(gold.text).masthead
        found = (masthead.newspaper, masthead.date, masthead.weekday, masthead.issue, masthead.page)
        wrong += found != (gold.newspaper, gold.date, gold.weekday, gold.issue, gold.page)
        unlike += not looks_like_page(gold.text)
    assert wrong <= 1
    assert unlike <= 1
