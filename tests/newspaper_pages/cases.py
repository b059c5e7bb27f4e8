"""Pages written by hand, with their gold, for what the generator does not think of."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.newspaper_pages.gold import GoldItem, GoldPage, GuideEntry

FOLDER = Path(__file__).parent / "cases"
CASES: tuple[str, ...] = tuple(sorted(path.stem for path in FOLDER.glob("*.json")))


def load_case(name: str) -> GoldPage:
    """One hand-written page; its layout is its name. Raises FileNotFoundError."""
    gold = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    items = tuple(_item(entry) for entry in gold.pop("items"))
    return GoldPage(text=text, items=items, layout=name, **gold)


def _item(entry: dict[str, Any]) -> GoldItem:
    listed = ("authors", "paragraphs", "margin")
    fields: dict[str, Any] = entry | {name: tuple(entry.get(name, ())) for name in listed}
    guide = tuple(GuideEntry(title, page) for title, page in entry.get("entries", ()))
    return GoldItem(**(fields | {"entries": guide}))
