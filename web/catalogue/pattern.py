"""One piece of the interface in one state, as the page of patterns shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

_AROUND: Final = {
    "_hits": "hits",
    **dict.fromkeys(("_within", "_timeline", "_facets", "_facts", "_neighbours"), "aside"),
}


@dataclass(frozen=True, slots=True)
class Pattern:
    """One piece in one state: a template, a part of a page or a whole one, and what it shows.

    `opened` has its folds open; `suggestions` are listed under its search box.
    """

    name: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    opened: bool = False
    suggestions: tuple[dict[str, Any], ...] = ()

    @property
    def whole(self) -> bool:
        """Whether it is a page and no part of one."""
        return not self.template.startswith(("_", "patterns_"))

    @property
    def around(self) -> str:
        """What a part stands in: its styles depend on it."""
        return _AROUND.get(self.template, "")

    @property
    def place(self) -> str:
        """The kind of page that it is part of; the home page's own would take the focus."""
        return "article" if self.template == "article" else "pattern"
