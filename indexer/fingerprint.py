"""What an index was built with, and whether it is still valid."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from indexer.engines.whoosh_engine import VERSION
from indexer.errors import IndexOutdatedError
from indexer.text.analyzer import Analyzer
from indexer.text.segment import UserWord

Fingerprint = dict[str, str | int]


def fingerprint(analyzer: Analyzer, user_words: Sequence[UserWord]) -> Fingerprint:
    """Everything that the tokens and their stored form depend on."""
    words = "\n".join(f"{entry.word} {entry.frequency}" for entry in sorted(user_words, key=str))
    digest = hashlib.sha256(words.encode()).hexdigest()[:16]
    return {**analyzer.identity, "schema": VERSION, "user_dictionary": digest}


def require_same(stored: Mapping[str, object], current: Fingerprint) -> None:
    """Raise IndexOutdatedError, naming what differs, unless the two are equal."""
    changed = [name for name in current if stored.get(name) != current[name]]
    if changed:
        command = "jianbao index" if changed == ["user_dictionary"] else "jianbao index --full"
        raise IndexOutdatedError(
            f"the index was built with another {', '.join(changed)}; "
            f"run `{command}` to bring it up to date"
        )
