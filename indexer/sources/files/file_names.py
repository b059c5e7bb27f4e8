"""Names of files as text that can be written anywhere, whatever bytes they are, and back."""

from __future__ import annotations

import os
import re

from jianbao.indexer.errors import SourceError
from jianbao.indexer.sources.cleaning.text import clean_line
from jianbao.indexer.sources.encoding.detection import decode
from jianbao.indexer.sources.encoding.plausibility import REPLACEMENT

# Bytes that are not UTF-8, what a terminal or a line of a log would act on, what nobody sees but
# turns a line around, and a backslash where it would be read as one of ours.
_ESCAPED = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff"
    r"\ud800-\udfff]|\\(?=x[0-9a-f]{2})"
)
_ESCAPE = re.compile(r"\\x([0-9a-f]{2})")


def name_of(path: str | bytes) -> str:
    """A path as the name of a source: valid text in one line.

    Each byte that is not UTF-8 or does not show, and a backslash that would be taken for the
    beginning of such an escape, is written `\\xNN`. Two paths never have one name; `path_bytes` is
    the way back.
    """
    text = os.fsencode(path).decode("utf-8", "surrogateescape")
    return _ESCAPED.sub(_as_escapes, text) if _ESCAPED.search(text) else text


def path_bytes(name: str) -> bytes:
    """The bytes of the path that `name_of` made `name` from."""
    raw = _ESCAPE.sub(lambda found: chr(0xDC00 + int(found[1], 16)), name)
    # The error handler of the same name has no character for a byte below 128.
    return b"".join(
        bytes([ord(each) - 0xDC00]) if "\udc00" <= each <= "\udcff" else each.encode()
        for each in raw
    )


def readable(name: str) -> str:
    """A name for people, such as a title: its bytes read in the encoding they are likely to be in.
    Two names may read alike."""
    if not _ESCAPE.search(name):
        return name
    try:
        text = clean_line(decode(path_bytes(name)).text)
    except SourceError:  # No encoding makes a text of them.
        return name
    return name if REPLACEMENT in text or not text else text


def _as_escapes(found: re.Match[str]) -> str:
    return "".join(f"\\x{byte:02x}" for byte in found[0].encode("utf-8", "surrogateescape"))
