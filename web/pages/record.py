"""What the article page tells of where an article comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from jianbao.indexer import Article
from jianbao.web.languages.strings import STRINGS

_NUMBERED: Final = re.compile("第([0-9A-Za-z]+)版|([0-9A-Za-z]+)")

SHOWN_ELSEWHERE: Final = frozenset({"kicker", "subtitle"})
"""They stand above and below the title."""

PAGE_REFERENCES: Final = frozenset({"continues_to", "continued_from"})

SAID_BY: Final[Mapping[str, str]] = {
    "number": "issue",
    "total": "issue",
    "photographer": "author",
}
"""Name -> the field that says the same where it is known."""


def record(article: Article) -> Iterator[tuple[str, str]]:
    """The facts that have no field of their own, as (name, value) in the words of a reader."""
    for name, value in article.meta.items():
        said = name in SAID_BY and getattr(article, SAID_BY[name])
        if value and name not in SHOWN_ELSEWHERE and not said:
            reference = name in PAGE_REFERENCES
            shown = newspaper_page(value) if reference else value
            yield STRINGS.get(f"meta_{name}", name), shown


def newspaper_page(value: str) -> str:
    """A newspaper page number as a reader says it; what is not a plain number stays as it is."""
    found = _NUMBERED.fullmatch(value)
    return STRINGS["newspaper_page"].format(page=found[1] or found[2]) if found else value
