"""The OpenSearch description: how a browser or another program asks this search."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree

from jianbao.web.formats.feed import MIMETYPE as ATOM
from jianbao.web.formats.feed import OPENSEARCH
from jianbao.web.formats.xml import add, document
from jianbao.web.languages.strings import STRINGS

MIMETYPE: Final = "application/opensearchdescription+xml"
_ASKING: Final = "?q={searchTerms}&page={startPage?}"


@dataclass(frozen=True, slots=True)
class Doors:
    """Absolute addresses, without arguments, of what can be asked, and of the icon."""

    here: str
    page: str
    atom: str
    json: str
    icon: str


def description(doors: Doors) -> bytes:
    """The document; its templates take the words and, optionally, the page."""
    root = ElementTree.Element("OpenSearchDescription", {"xmlns": OPENSEARCH})
    add(root, "ShortName", STRINGS["name"])
    add(root, "Description", STRINGS["tagline"])
    add(root, "InputEncoding", "UTF-8")
    add(root, "OutputEncoding", "UTF-8")
    add(root, "Language", "zh-CN")
    icon = {"type": "image/svg+xml", "width": "16", "height": "16"}
    add(root, "Image", doors.icon, icon)
    for kind, address in (
        ("text/html", doors.page),
        (ATOM, doors.atom),
        ("application/json", doors.json),
    ):
        add(root, "Url", None, {"type": kind, "template": address + _ASKING})
    add(root, "Url", None, {"type": MIMETYPE, "rel": "self", "template": doors.here})
    return document(root)
