"""What is in one folder: files that can be read, others with a reason, and folders."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, replace
from pathlib import Path

from jianbao.indexer.errors import SourceError
from jianbao.indexer.models import Problem, Source
from jianbao.indexer.sources.files.bounds import LEADS_OUT, is_within
from jianbao.indexer.sources.files.file_names import name_of
from jianbao.indexer.sources.files.source_file import PACKED, suffix_of
from jianbao.indexer.sources.formats.office_needs import (
    INSTALL,
    is_missing,
    is_office,
    unread_reason,
)
from jianbao.indexer.sources.formats.registry import reader_for
from jianbao.indexer.sources.listing.ignore_rules import FILE, Ignoring

Pair = tuple[str, Source | Problem]
"""The real path of what is found, by which a file is known whatever leads to it; and what it is."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder: its path and its real path, what names in it begin with, the rules that hold above
    it, and the real paths of the folders in which sources may lie."""

    path: str
    real: str
    prefix: str
    ignoring: Ignoring
    bounds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A symbolic link in a folder, with the name that it has there."""

    path: str
    name: str
    folder: Folder


@dataclass(frozen=True, slots=True)
class Listing:
    """What is in a folder, in order, without the links; and those."""

    folder: Folder
    entries: tuple[Pair | Folder, ...]
    links: tuple[Link, ...] = ()

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
        with os.scandir(path) as entries:
            children = sorted(entries, key=lambda entry: os.fsencode(entry.name))
    except OSError as error:
        skipped = _skipped(prefix, f"the folder cannot be read ({error.strerror})")
        return Listing(folder, ((folder.real, skipped),))
    found: list[Pair | Folder] = []
    links: list[Link] = []
    ignoring, complaint = rules_in(folder)
    if complaint is not None:
        found.append((f"{folder.real}/{FILE}", complaint))
    inner = replace(folder, ignoring=ignoring)
    for entry in children:
        if entry.name.startswith("."):
            continue
        is_folder = _is_folder(entry)
        if ignoring.rules and ignoring.covers(entry.path + "/" if is_folder else entry.path):
            continue
        name = prefix + name_of(entry.name)
        if not is_folder and entry.name.upper().startswith("README"):
            continue
        if entry.is_symlink():
            links.append(Link(entry.path, name, inner))
        elif is_folder:
            found.append(_below(inner, entry.path, f"{folder.real}/{entry.name}", name))
        else:
            found.append((f"{folder.real}/{entry.name}", _entry(entry, name, folder.bounds)))
    return Listing(folder, tuple(found), tuple(links))


def rules_in(folder: Folder) -> tuple[Ignoring, Problem | None]:
    """The rules that hold in a folder, and what is wrong with those that it has itself."""
    name = f"{folder.prefix}{FILE}"
    try:
        place = f"{folder.path}/{FILE}"
        if Path(place).is_symlink() and not is_within(os.path.realpath(place), folder.bounds):
            return folder.ignoring, Problem(name, "not indexed", LEADS_OUT)
        return folder.ignoring.below(folder.path), None
    except (OSError, ValueError, SourceError) as error:
        return folder.ignoring, _skipped(name, f"it cannot be read ({error})")


def followed(link: Link) -> Folder | Pair:
    """What a link leads to, under the link's name."""
    real = os.path.realpath(link.path)
    folder = link.folder
    if not is_within(real, folder.bounds):
        return link.path, Problem(link.name, "not indexed", LEADS_OUT)
    if not Path(link.path).is_dir():
        return real, item_at(link.path, link.name, folder.bounds)
    if is_within(folder.real, (real,)):
        return link.path, _skipped(link.name, "the link leads back to a folder that contains it")
    return _below(folder, link.path, real, link.name)


def _below(folder: Folder, path: str, real: str, name: str) -> Folder:
    return Folder(path, real, name + "/", folder.ignoring, folder.bounds)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _entry(entry: os.DirEntry[str], name: str, bounds: tuple[str, ...]) -> Source | Problem:
    """What `item_at` gives; without asking the disk for a file that is plainly one."""
    ending = name[name.rfind(".") :].lower()
    if ending != PACKED and reader_for(ending) and entry.is_file(follow_symlinks=False):
        return Source(Path(entry.path), name, bounds)
    return item_at(entry.path, name, bounds)


def item_at(path: str, name: str, bounds: tuple[str, ...]) -> Source | Problem:
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
        return _skipped(name, INSTALL) if is_missing(suffix) else Source(Path(path), name, bounds)
    if reader_for(suffix) is None:
        return Problem(name, "not indexed", unread_reason(suffix))
    return Source(Path(path), name, bounds)


def _skipped(name: str, reason: str) -> Problem:
    return Problem(name.removesuffix("/") or ".", "skipped", reason)
