"""What tells one content from another: of a file, and of an article's text."""

from __future__ import annotations

import hashlib
from pathlib import Path

TEXT_DIGEST = 32
"""Characters of a text's digest."""


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def text_digest(title: str, body: str) -> str:
    """The BLAKE2b of an article's title and body, in hexadecimal: what is segmented of it."""
    # The length says where the title ends: no other pair joins to the same text.
    text = f"{len(title)} {title}{body}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(text, digest_size=TEXT_DIGEST // 2).hexdigest()
