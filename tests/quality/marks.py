"""Headlines that carry marks of their own: rubrics, quotes, dashes, colons, book marks."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

KINDS = {
    "rubric": re.compile(r"\s*(?:【[^】]+】|（[^）]+）|\([^)]+\)|\[[^]]+\]|［[^］]+］)"),
    "quotes": re.compile('.*[“「『"＂]'),
    "dash": re.compile(".*(?:[—–―－‐−]| -)"),
    "colon": re.compile(".*[：:]"),
    "book": re.compile(".*《"),
}
"""A headline may be of several kinds: it is chosen for the rarest of them in its source."""

OF_EACH = 200
"""Headlines of each kind and source, at most."""

SHORTEST = 8
"""Characters; a rubric alone (【快讯】) is the headline of many articles."""


def marked_headlines(articles: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Articles whose headline has a mark and is no other article's, as many of each kind of mark
    and each source as there are, up to OF_EACH. The choice depends on ids alone."""
    found = list(articles)
    times = Counter(each["title"] for each in found)
    alone = [each for each in found if times[each["title"]] == 1]
    chosen: dict[str, dict[str, Any]] = {}
    for source in sorted({each["source"] for each in alone}):
        marked: dict[str, list[dict[str, Any]]] = {kind: [] for kind in KINDS}
        for each in alone:
            for kind in kinds(each["title"]) if each["source"] == source else ():
                marked[kind].append(each)
        for kind in sorted(KINDS, key=lambda kind: len(marked[kind])):
            fresh = (each for each in marked[kind] if each["id"] not in chosen)
            for each in sorted(fresh, key=lambda each: _digest(each["id"]))[:OF_EACH]:
                chosen[each["id"]] = each
    return [chosen[id_] for id_ in sorted(chosen)]


def kinds(title: str) -> list[str]:
    """The kinds of mark that a headline has."""
    if len(title) < SHORTEST:
        return []
    return [kind for kind, pattern in KINDS.items() if pattern.match(title)]


def half_of(id_: str) -> int:
    """Which half a headline belongs to: 0, which may be looked at, or 1, which is held out."""
    return _digest(id_)[-1] & 1


def _digest(id_: str) -> bytes:
    return hashlib.blake2b(id_.encode(), digest_size=8).digest()
