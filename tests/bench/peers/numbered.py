"""Ids for engines that know articles by their number only."""

from __future__ import annotations

import json
from pathlib import Path

_IDS = "ids.json"


def write_ids(ids: list[str], folder: Path) -> None:
    """Keep the articles' ids in the order of their numbers."""
    (folder / _IDS).write_text(json.dumps(ids), "utf-8")


def read_ids(folder: Path) -> list[str]:
    """What `write_ids` kept."""
    ids: list[str] = json.loads((folder / _IDS).read_text("utf-8"))
    return ids
