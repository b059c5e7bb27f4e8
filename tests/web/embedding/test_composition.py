"""Input methods in the search box: words that are not finished are nobody's query."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.web.embedding.sites import PAUSE_MS, Tab


def compose(tab: Tab, text: str) -> None:
    """What stands in the box while the input method is at work."""
    end = {"selectionStart": len(text), "selectionEnd": len(text)}
    door = tab.page.context.new_cdp_session(tab.page)
    door.send("Input.imeSetComposition", {"text": text, **end})


@pytest.mark.parametrize("steps", [["t", "tu", "tu shu", "图书"], ["ㄊ", "ㄊㄨ", "ㄊㄨˊ", "圖"]])
def test_nothing_is_searched_while_an_input_method_composes(typing: Tab, steps: list[str]) -> None:
    for text in steps:
        compose(typing, text)
        typing.page.keyboard.press("Enter")
        typing.page.wait_for_timeout(PAUSE_MS // 2)
    assert typing.searches == []


def test_the_end_of_a_composition_searches_exactly_once(
    typing: Tab,
) -> None:
    compose(typing, "tu shu guan")
    door = typing.page.context.new_cdp_session(typing.page)
    door.send("Input.insertText", {"text": "图书馆"})
    expect(typing.page.locator("jianbao-search [role=status]")).to_have_text("共 40 条结果")
    typing.page.keyboard.press("Enter")
    typing.page.wait_for_timeout(PAUSE_MS)
    assert len(typing.searches) == 1


# Each is a list of events as the browser sends them: name, then what differs from the default.
ENDINGS: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "Chromium": [
        ("keydown", {"key": "Enter", "keyCode": 229, "isComposing": True}),
        ("input", {"isComposing": True}),
        ("compositionend", {}),
    ],
    "Firefox": [
        ("keydown", {"key": "Process", "keyCode": 229, "isComposing": True}),
        ("compositionend", {}),
        ("input", {"isComposing": False}),
    ],
    "Safari": [
        ("input", {"isComposing": True}),
        ("compositionend", {}),
        ("input", {"isComposing": False}),
        ("keydown", {"key": "Enter", "keyCode": 229, "isComposing": False}),
    ],
    "Android, the search key": [
        ("input", {"isComposing": True}),
        ("submit", {}),
        ("compositionend", {}),
    ],
    "Android, two words": [
        ("keydown", {"key": "Unidentified", "keyCode": 229, "isComposing": True}),
        ("input", {"isComposing": True}),
        ("compositionend", {}),
        ("compositionstart", {}),
        ("keydown", {"key": "Unidentified", "keyCode": 229, "isComposing": True}),
        ("input", {"isComposing": True}),
        ("compositionend", {}),
    ],
}

PLAY = """
([events, text]) => {
  const input = document.querySelector("jianbao-search").shadowRoot.querySelector("input");
  input.dispatchEvent(new CompositionEvent("compositionstart"));
  input.value = text;
  for (const [name, given] of events) {
    if (name === "submit") {
      input.form.requestSubmit();
      continue;
    }
    const kind = {keydown: KeyboardEvent, input: InputEvent}[name] ?? CompositionEvent;
    const event = new kind(name, {bubbles: true, cancelable: true, ...given});
    // Enter submits a form unless the page prevents it.
    if (input.dispatchEvent(event) && given.key === "Enter") input.form.requestSubmit();
  }
}
"""


@pytest.mark.parametrize("browser", ENDINGS)
def test_the_events_of_every_browser_make_one_search(typing: Tab, browser: str) -> None:
    typing.page.evaluate(PLAY, [ENDINGS[browser], "图书馆"])
    assert typing.searches == []
    typing.page.wait_for_timeout(PAUSE_MS)
    assert len(typing.searches) == 1
