"""What one office file may use before it is given up."""

from __future__ import annotations

from dataclasses import dataclass

MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, bytes and counts. The time limits hold for each file and each member of an archive;
    `total_seconds`, `output`, `unpacked` and `members` for a source with all that is in it."""

    seconds: float = 180.0
    """Without a sign of life. More than `cpu_seconds`, so that a busy machine fails no file."""

    cpu_seconds: int = 120
    """A PDF of a thousand pages takes up to 45 s, a spreadsheet of a million cells some 20 s."""

    total_seconds: float = 900.0
    """An archive with a thousand ordinary files takes under 60 s."""

    memory: int = 1024 * MB
    """Beyond what the process needs to start; a file of `opening.LIMIT` is read whole."""

    output: int = 256 * MB
    """Text that a source may give; more is no document but a bomb or a database."""

    item: int = 64 * MB
    """Text of one article; the parent holds a few of them at a time."""

    unpacked: int = 1024 * MB
    """Bytes that the members of an archive may have, those of archives in it included."""

    members: int = 10_000
    """Files in an archive, those of archives in it included."""

    depth: int = 4
    """Archives and mails inside each other: a mail with an archive of mails is three deep."""

    files: int = 200
    """After so many, a new process: what libraries leak is gone with the old one."""
