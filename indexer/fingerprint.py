"""What an index was built with, and whether it is still valid."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from jianbao.indexer.engines.opening import VERSION
from jianbao.indexer.errors import IndexOutdatedError
from jianbao.indexer.text.analyzer import identity
from jianbao.indexer.text.segment import UserWord

Fingerprint = dict[str, str | int]

WORDS = "user_dictionary"
"""The part of a fingerprint that tells the user words. They are kept in the generation, which is
read with its own words: only an indexing run compares them."""


def fingerprint(user_words: Sequence[UserWord]) -> Fingerprint:
    """Everything that the tokens and their stored form depend on."""
    words = "\n".join(f"{entry.word} {entry.frequency}" for entry in sorted(user_words, key=str))
    digest = hashlib.sha256(words.encode()).hexdigest()[:16]
    return {**_installed(), WORDS: digest}


def require_same(stored: Mapping[str, object]) -> None:
    """Raise IndexOutdatedError, naming what differs, where an index with that fingerprint was built
    by something else than what is installed. Its words may be others than those of the settings."""
    installed = _installed()
    changed = [name for name in installed if stored.get(name) != installed[name]]
    if changed:
        raise IndexOutdatedError(
            f"the index was built with another {', '.join(changed)}; "
            "run `jianbao index --full` to bring it up to date"
        )


def _installed() -> Fingerprint:
    return {**identity(), "schema": VERSION}
