"""Input methods at work in a box of a real Chromium, and the events that other browsers send."""

from __future__ import annotations

from typing import Any, Final

from playwright.sync_api import Locator, Page

Event = tuple[str, dict[str, Any]]

STEPS: Final = (["g", "gong", "gong x", "tu shu"], ["ㄊ", "ㄊㄨ", "ㄊㄨˊ", "圖書"])
"""What stands in the box one after the other: pinyin, Zhuyin."""

COMPOSED: Final = ("tu shu", "ㄊㄨˊㄕㄨ")

_ENTER: Final = {"key": "Enter", "keyCode": 229}
_UNIDENTIFIED: Final = {"key": "Unidentified", "keyCode": 229, "isComposing": True}
_WITHIN: Final[Event] = ("input", {"isComposing": True})

# Each is a list of events as the browser sends them: name, then what differs from the default.
ENDINGS: Final[dict[str, list[Event]]] = {
    "Chromium": [("keydown", {**_ENTER, "isComposing": True}), _WITHIN, ("compositionend", {})],
    "Firefox": [
        ("keydown", {**_ENTER, "key": "Process", "isComposing": True}),
        ("compositionend", {}),
        ("input", {}),
    ],
    "Safari": [_WITHIN, ("compositionend", {}), ("input", {}), ("keydown", _ENTER)],
    "Android, letter by letter": [
        ("keydown", _UNIDENTIFIED),
        _WITHIN,
        ("keydown", _UNIDENTIFIED),
        _WITHIN,
        ("compositionend", {}),
    ],
    "Android, two words": [
        ("keydown", _UNIDENTIFIED),
        _WITHIN,
        ("compositionend", {}),
        ("compositionstart", {}),
        ("keydown", _UNIDENTIFIED),
        _WITHIN,
        ("compositionend", {}),
    ],
}
SEARCH_KEY: Final[dict[str, list[Event]]] = {
    "before the end": [("keydown", _UNIDENTIFIED), _WITHIN, ("submit", {}), ("compositionend", {})],
    "after the end": [("keydown", _UNIDENTIFIED), _WITHIN, ("compositionend", {}), ("submit", {})],
}
"""The search key of a phone, which submits the form without any key."""

_PLAY: Final = """
(input, [events, text]) => {
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


def compose(page: Page, text: str) -> None:
    """What stands in the box with the cursor while the input method is at work."""
    end = {"selectionStart": len(text), "selectionEnd": len(text)}
    door = page.context.new_cdp_session(page)
    door.send("Input.imeSetComposition", {"text": text, **end})


def commit(page: Page, text: str) -> None:
    """The end of a composition."""
    page.context.new_cdp_session(page).send("Input.insertText", {"text": text})


def play(box: Locator, events: list[Event], text: str) -> None:
    """A composition of that text in the box, as these events."""
    box.evaluate(_PLAY, [events, text])
