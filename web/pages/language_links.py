"""The same page in another language, and the choice that links carry on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from flask import request

from jianbao.web.languages import LANGUAGES
from jianbao.web.languages.strings import ARGUMENT, chosen, language

_CARRYING: Final = frozenset(
    {"search", "embed", "article", "browse", "atom"}
    | {"api_search", "api_article", "api_suggest", "api_export_csv"}
)
"""Endpoints whose answers hold sentences."""


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """A language and the present page in it."""

    tag: str
    name: str
    href: str
    current: bool


def carry(endpoint: str, values: dict[str, Any]) -> None:
    """Put the language that this address names into an address about to be built, unless a value
    (None: without one) is given for it."""
    if endpoint.rpartition(".")[2] in _CARRYING:
        for name, value in carried().items():
            values.setdefault(name, value)


def carried() -> dict[str, str]:
    """The argument that links carry on; empty where the browser's own language holds."""
    found = chosen()
    return {ARGUMENT: found.tag} if found else {}


def language_links() -> tuple[LanguageLink, ...]:
    """The present page in each language; the addresses are relative to it."""
    pairs = [pair for pair in request.args.items(multi=True) if pair[0] != ARGUMENT]
    return tuple(
        LanguageLink(
            tag=each.tag,
            name=each.name,
            href="?" + urlencode([*pairs, (ARGUMENT, each.tag)]),
            current=each is language(),
        )
        for each in LANGUAGES
    )
