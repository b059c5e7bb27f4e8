"""When to give up a file of many records: most of what is in it are none."""

from __future__ import annotations

from dataclasses import dataclass

FAILED = 10_000
"""Records that fail before a file is given up, where not one in ten can be read: a file of twenty
megabytes may have ten million of two bytes, each with a Problem of its own."""

EMPTY = 5_000_000
"""Empty lines: a packed file of one megabyte may have a billion."""

RECORDS, BYTES = 150_000, 40
"""Records of one file that are read, and bytes of the file for which one more is: each takes time
of its own however short it is, and a file of twenty megabytes may have ten million."""

SHARE = 10
"""Records that may fail, and lines that may be empty, for each that is read."""


@dataclass(slots=True)
class Failing:
    """Counts the records of one file."""

    read: int = 0
    failed: int = 0
    empty: int = 0
    size: int = 0
    """Bytes of the file, or of what was read of it."""

    def given_up(self, part: str, number: int) -> str:
        """Why nothing beyond that line or row is read, or empty."""
        rest = f"so it was given up at {part} {number}, and what comes after is left out"
        if self.failed > FAILED + SHARE * self.read:
            why = "see whether it is of the format that its suffix says"
            return f"{self.failed} of its records cannot be read, {rest}; {why}"
        if self.empty > EMPTY + SHARE * self.read:
            return f"it has {self.empty} empty lines, {rest}"
        if self.read >= RECORDS and self.read - RECORDS >= self.size // BYTES:
            why = f"it has more than {RECORDS} records, of fewer than {BYTES} bytes each"
            return f"{why}, {rest}; split it into several files"
        return ""
