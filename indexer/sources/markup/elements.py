"""Which elements of HTML are not shown, and which do not begin a line."""

from __future__ import annotations

UNSEEN = frozenset(
    ("head", "script", "style", "template", "noscript", "iframe", "object", "svg", "datalist")
)
IN_LINE = frozenset(
    (
        *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn"),
        *("em", "font", "hi", "i", "ins", "kbd", "label", "mark", "q", "ref", "rp", "rt", "ruby"),
        *("s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u"),
        *("var", "wbr"),
    )
)
"""Elements that do not begin a line; all others do."""
