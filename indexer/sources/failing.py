"""When to give up a file of many records: most of what is in it are none."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.errors import SourceError

FAILED = 10_000
"""Records that fail before a file is given up, where not one in ten can be read: a file of twenty
megabytes may have ten million of two bytes, each with a Problem of its own."""

EMPTY = 5_000_000
"""Empty lines: a packed file of one megabyte may have a billion."""

SHARE = 10
"""Records that may fail, and lines that may be empty, for each that is read."""


@dataclass(slots=True)
class Failing:
    """Counts the records of one file."""

    read: int = 0
    failed: int = 0
    empty: int = 0

    def check(self, part: str, number: int) -> None:
        """Raises SourceError where too little of the file, up to that line or row, could be
        read."""
        if self.failed > FAILED + SHARE * self.read:
            raise SourceError(
                f"{self.failed} of its records cannot be read, so it was given up at {part} {number}, and "
                "what comes after is left out; see whether it is of the format that its suffix says"
            )
        if self.empty > EMPTY + SHARE * self.read:
            raise SourceError(
                f"it has {self.empty} empty lines, so it was given up at {part} {number}"
            )
