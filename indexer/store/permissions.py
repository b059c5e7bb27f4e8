"""Files and folders that nobody but their owner may read, whatever the umask is."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

FILE = 0o600
FOLDER = 0o700
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def make_private_folder(path: Path) -> None:
    """Make a folder, and those above it, where it is missing; others lose what rights they have
    in it. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir(FOLDER, exist_ok=True)
    keep_private(path)


def write_private(path: Path, text: str) -> None:
    """Write a file anew; a link of that name is replaced, not followed. Raises OSError."""
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE)
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        file.write(text)


def keep_private(path: Path) -> None:
    """Take the rights of others from a file or folder. One that belongs to somebody else stays as
    it is: only its owner can do that."""
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & _OTHERS:
        with suppress(PermissionError):
            path.chmod(mode & ~_OTHERS)


def keep_all_private(folder: Path) -> None:
    """Set the rights of all that a folder holds. Raises OSError."""
    for place, folders, files in os.walk(folder):
        for name in folders:
            Path(place, name).chmod(FOLDER)
        for name in files:
            path = Path(place, name)
            if not path.is_symlink():
                path.chmod(FILE)
