"""Input methods in the search box: words that are not finished are nobody's query."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.web.composing import COMPOSED, ENDINGS, SEARCH_KEY, STEPS, commit, compose, play
from tests.web.embedding.sites import PAUSE_MS, Tab


@pytest.mark.parametrize("steps", STEPS)
def test_nothing_is_asked_while_an_input_method_composes(typing: Tab, steps: list[str]) -> None:
    for text in steps:
        compose(typing.page, text)
        typing.page.keyboard.press("Enter")
        typing.page.wait_for_timeout(PAUSE_MS // 2)
    assert (typing.suggested, typing.searches) == ([], [])
    expect(typing.page.get_by_role("listbox")).to_be_hidden()


@pytest.mark.parametrize("composed", COMPOSED)
def test_the_end_of_a_composition_searches_exactly_once(typing: Tab, composed: str) -> None:
    compose(typing.page, composed)
    commit(typing.page, "图书馆")
    expect(typing.status).to_have_text("共 40 条结果")
    expect(typing.page.get_by_role("listbox")).to_be_visible()
    typing.page.keyboard.press("Enter")
    typing.page.wait_for_timeout(PAUSE_MS)
    assert len(typing.suggested) == len(typing.searches) == 1
    expect(typing.page.get_by_role("listbox")).to_be_hidden()


def test_composing_anew_puts_the_list_away(typing: Tab) -> None:
    typing.page.keyboard.type("图书")
    expect(typing.page.get_by_role("listbox")).to_be_visible()
    compose(typing.page, "guan")
    expect(typing.page.get_by_role("listbox")).to_be_hidden()
    typing.page.keyboard.press("ArrowDown")
    typing.page.wait_for_timeout(PAUSE_MS)
    assert len(typing.suggested) == 1
    expect(typing.page.get_by_role("listbox")).to_be_hidden()


@pytest.mark.parametrize("browser", ENDINGS)
def test_the_events_of_every_browser_make_one_search(typing: Tab, browser: str) -> None:
    play(typing.box, ENDINGS[browser], "图书馆")
    assert typing.searches == []
    typing.page.wait_for_timeout(PAUSE_MS)
    assert len(typing.searches) == len(typing.suggested) == 1


@pytest.mark.parametrize("when", SEARCH_KEY)
def test_the_search_key_of_a_phone_searches_once(typing: Tab, when: str) -> None:
    play(typing.box, SEARCH_KEY[when], "图书馆")
    expect(typing.status).to_have_text("共 40 条结果")
    typing.page.wait_for_timeout(PAUSE_MS)
    assert (len(typing.searches), typing.suggested) == (1, [])


def test_without_suggestions_each_makes_one_search_too(typing: Tab) -> None:
    typing.set("suggestions", "off")
    plays = {**ENDINGS, **SEARCH_KEY}
    for number, (name, events) in enumerate(plays.items(), 1):
        play(typing.box, events, f"图书馆{number}")
        typing.page.wait_for_timeout(PAUSE_MS)
        assert len(typing.searches) == number, name
    assert typing.suggested == []
