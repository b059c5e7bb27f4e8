"""Calendar parts of mails (iCalendar): the words of an invitation."""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterator

from jianbao.indexer.sources.cleaning.text import clean_body
from jianbao.indexer.sources.markup.visible_text import visible_text

_FOLD = re.compile(r"\r?\n[ \t]")
_SHOWN = ("SUMMARY", "DESCRIPTION", "LOCATION", "COMMENT", "CATEGORIES", "CONTACT", "RESOURCES")
_HTML = "X-ALT-DESC"
_LINE = re.compile(r'([A-Za-z-]+)((?:;(?:"[^"]*"|[^":])*)?):(.*)', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def calendar_text(calendar: str) -> str:
    """The texts of all events and tasks of a calendar, each once, a line or more for each."""
    lines = _FOLD.sub("", calendar).splitlines()
    return clean_body("\n".join(dict.fromkeys(filter(None, _values(lines)))))


def _values(lines: list[str]) -> Iterator[str]:
    has_description = any(line.upper().startswith("DESCRIPTION") for line in lines)
    for line in lines:
        found = _LINE.fullmatch(line)
        name = found[1].upper() if found else ""
        if found and name in _SHOWN:
            yield _unescaped(_decoded(found[3], found[2]))
        elif found and name == _HTML and not has_description:
            yield visible_text(_unescaped(found[3]))


def _decoded(value: str, parameters: str) -> str:
    """A value as version 1 of the format writes it, which had the encodings of mail."""
    if "QUOTED-PRINTABLE" not in parameters.upper():
        return value
    return quopri.decodestring(value.encode()).decode("utf-8", "replace")


def _unescaped(value: str) -> str:
    return _ESCAPED.sub(lambda each: "\n" if each[1] in "nN" else each[1], value)
