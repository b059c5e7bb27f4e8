"""The languages of the pages: one table of sentences for each, and which one a tag asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from jianbao.web.languages import en, zh_hans, zh_hant


@dataclass(frozen=True, slots=True)
class Language:
    """A language by its BCP 47 tag, its name in itself, and its sentences."""

    tag: str
    name: str
    strings: Mapping[str, str]


SIMPLIFIED: Final = Language("zh-Hans", "简体中文", zh_hans.STRINGS)
TRADITIONAL: Final = Language("zh-Hant", "繁體中文", zh_hant.STRINGS)
ENGLISH: Final = Language("en", "English", en.STRINGS)
LANGUAGES: Final = (SIMPLIFIED, TRADITIONAL, ENGLISH)
"""The first is that of a caller who asks for none."""

_TRADITIONAL_PARTS: Final = frozenset({"hant", "tw", "hk", "mo"})


def nearest(tag: str) -> Language | None:
    """The language that a tag such as `zh-HK` or `en-GB` asks for; None where there is none."""
    main, *parts = tag.strip().lower().replace("_", "-").split("-")
    if main == "en":
        return ENGLISH
    if main == "yue":
        return SIMPLIFIED if "hans" in parts else TRADITIONAL
    if main != "zh":
        return None
    traditional = "hans" not in parts and not _TRADITIONAL_PARTS.isdisjoint(parts)
    return TRADITIONAL if traditional else SIMPLIFIED
