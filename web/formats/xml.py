"""XML documents as bytes that any parser accepts, whatever characters an article holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from xml.etree import ElementTree

from jianbao.web.render import sendable

_FORBIDDEN: Final = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def add(
    parent: ElementTree.Element,
    name: str,
    text: str | None = None,
    attributes: Mapping[str, str] | None = None,
) -> ElementTree.Element:
    """A new last child of `parent`, with U+FFFD for what XML cannot carry."""
    kept = {key: carried(value) for key, value in (attributes or {}).items()}
    child = ElementTree.SubElement(parent, name, kept)
    child.text = None if text is None else carried(text)
    return child


def carried(text: str) -> str:
    """The text with U+FFFD for every character that XML 1.0 does not allow."""
    return _FORBIDDEN.sub("\ufffd", sendable(text))


def document(root: ElementTree.Element) -> bytes:
    """The whole document in UTF-8, with its declaration."""
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))
