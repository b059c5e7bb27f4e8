"""What is in one folder: files that can be read, others with a reason, and folders."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from indexer.models import Problem, Source
from indexer.sources.ignoring import FILE, Ignoring
from indexer.sources.office.needs import INSTALL, is_missing, is_office
from indexer.sources.opening import PACKED, suffix_of
from indexer.sources.registry import reader_for, suffixes

_Number = tuple[int, int]
"""Device and number of a folder: the same for all paths that lead to it."""

Pair = tuple[str, Source | Problem]
"""A path, and what is found there."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder, what names in it begin with, the rules that hold above it, and those above it."""

    path: str
    prefix: str
    ignoring: Ignoring
    above: tuple[_Number, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """What is in a folder, in order."""

    folder: Folder
    entries: tuple[Pair | Folder, ...]
    has_links: bool = False

    @property
    def below(self) -> list[Folder]:
        """The folders in it."""
        return [entry for entry in self.entries if isinstance(entry, Folder)]

    def files(self) -> list[Pair]:
        """All that is no folder."""
        return [entry for entry in self.entries if not isinstance(entry, Folder)]


def list_folder(folder: Folder) -> Listing:
    """List a folder. What cannot be listed becomes a Problem."""
    path, prefix = folder.path, folder.prefix
    try:
        status = Path(path).stat()
        with os.scandir(path) as entries:
            children = sorted(entries, key=lambda entry: os.fsencode(entry.name))
    except OSError as error:
        skipped = _skipped(prefix, f"the folder cannot be read ({error.strerror})")
        return Listing(folder, ((path, skipped),))
    here = (status.st_dev, status.st_ino)
    if here in folder.above:
        skipped = _skipped(prefix, "the link leads back to a folder that contains it")
        return Listing(folder, ((path, skipped),))
    found: list[Pair | Folder] = []
    ignoring = folder.ignoring
    try:
        ignoring = ignoring.below(Path(path), prefix)
    except (OSError, ValueError) as error:
        found.append(
            (f"{path}/{FILE}", _skipped(f"{prefix}{FILE}", f"it cannot be read ({error})"))
        )
    above = (*folder.above, here)
    for entry in children:
        name = prefix + as_text(entry.name)
        if entry.name.startswith("."):
            continue
        is_folder = _is_folder(entry)
        if ignoring.rules and ignoring.covers(name + "/" if is_folder else name):
            continue
        if is_folder:
            found.append(Folder(entry.path, name + "/", ignoring, above))
        elif not entry.name.upper().startswith("README"):
            found.append((entry.path, _entry(entry, name)))
    return Listing(folder, tuple(found), any(entry.is_symlink() for entry in children))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _entry(entry: os.DirEntry[str], name: str) -> Source | Problem:
    """What `_item` gives; without asking the disk for a file that is plainly one."""
    ending = name[name.rfind(".") :].lower()
    if ending != PACKED and reader_for(ending) and entry.is_file(follow_symlinks=False):
        return Source(Path(entry.path), name)
    return item_at(entry.path, name)


def item_at(path: str, name: str) -> Source | Problem:
    """A file, or why it cannot be read."""
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116 - a Path for each of many files takes longer.
    except FileNotFoundError:
        is_link = Path(path).is_symlink()
        what = "the link leads to a file that does not exist" if is_link else "it does not exist"
        return _skipped(name, what)
    except OSError as error:
        return _skipped(name, f"it cannot be reached ({error.strerror})")
    if not stat.S_ISREG(mode):
        return _skipped(name, "it is not a file but a device, a pipe or a socket")
    suffix = suffix_of(name)
    if is_office(suffix):
        return _skipped(name, INSTALL) if is_missing(suffix) else Source(Path(path), name)
    if reader_for(suffix) is None:
        known = " ".join(known for known in suffixes() if not known.endswith(".gz"))
        what = f"files ending in {suffix} are" if suffix else "a file without a suffix is"
        return _skipped(name, f"{what} not read; known are {known}; texts also with .gz")
    return Source(Path(path), name)


def _skipped(name: str, reason: str) -> Problem:
    return Problem(name.removesuffix("/") or ".", "skipped", reason)


def as_text(name: str) -> str:
    """A file name that can be written anywhere, even where its bytes are not UTF-8."""
    return os.fsencode(name).decode("utf-8", "replace")
