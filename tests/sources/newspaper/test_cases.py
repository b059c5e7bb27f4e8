"""Hand-written pages: stories, pictures, guides and mastheads as a person reads them."""

from __future__ import annotations

import pytest

from jianbao.indexer.sources.newspaper import looks_like_page, split_page
from tests.newspaper_pages import CASES, load_case, score
from tests.sources.newspaper.finding import find_items


@pytest.mark.parametrize("name", CASES)
def test_stories_of_a_case(name: str) -> None:
    gold = load_case(name)
    result = score(gold, find_items(gold.text))
    assert result.stories.f1 == 1.0
    assert result.stories.author_accuracy == 1.0
    assert result.pictures.f1 == 1.0
    assert result.paragraphs_right == result.paragraphs
    assert result.guide_entries_right == result.guide_entries


@pytest.mark.parametrize("name", CASES)
def test_masthead_of_a_case(name: str) -> None:
    gold = load_case(name)
    masthead = split_page(gold.text).masthead
    assert masthead.newspaper == gold.newspaper
    assert masthead.date == gold.date
    assert masthead.weekday == gold.weekday
    assert masthead.issue == gold.issue
    assert masthead.page == gold.page
    assert looks_like_page(gold.text)
