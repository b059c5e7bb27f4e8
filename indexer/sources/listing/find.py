"""Finding the files to read: a walk through folders that nothing in them can stop."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jianbao.indexer.errors import SourceError
from jianbao.indexer.models import Problem, Source
from jianbao.indexer.sources.files.bounds import bounds_of, is_within
from jianbao.indexer.sources.files.file_names import name_of
from jianbao.indexer.sources.formats.office_needs import gathered
from jianbao.indexer.sources.listing.folder import (
    Folder,
    Link,
    Listing,
    Pair,
    followed,
    item_at,
    list_folder,
)
from jianbao.indexer.sources.listing.ignore_rules import FILE, Ignoring

Found = tuple[tuple[Source, ...], tuple[Problem, ...]]
"""The files that can be read, and the others with a reason."""


def find_sources(roots: Sequence[Path], *, follow_links: Sequence[Path] = ()) -> Found:
    """The files below `roots` that can be read, in sorted order, and the others with a reason.

    A root may be a file. Hidden files, those named README, and those that a `.jianbaoignore` names
    are passed over. A name is the path inside its root; with several roots it begins with the
    root's own name. A file below two of the roots is found once, and one to which a link leads as
    well under its own name, if it has one; those that only links lead to come last. A link that
    leads out of the roots and of the folders `follow_links` is not followed. Raises SourceError for
    a root that does not exist.
    """
    return Tree(roots, follow_links).look().found


@dataclass(frozen=True, slots=True)
class Look:
    """What was found, and the names of the files that were looked at to know it: None for all."""

    found: Found
    at: frozenset[str] | None = None


class Tree:
    """What `find_sources` finds, remembered by folder: where only a few files changed, only their
    folders are listed again."""

    def __init__(self, roots: Sequence[Path], follow_links: Sequence[Path] = ()) -> None:
        self.roots = roots
        self.follow_links = follow_links
        self._listings: dict[str, Listing] = {}
        self._is_plain = True
        """Whether a path has one name, and only it leads there."""

    def look(self, changed: Collection[Path] | None = None) -> Look:
        """Look at all; or, where nothing but the paths `changed` has, at least at these. Raises
        SourceError."""
        labels = _labels(self.roots)
        at = None if changed is None or not self._listings else self._look_again(changed)
        if at is None:
            self._listings.clear()
            self._is_plain = True
        walk = _Walk(self._listed)
        bounds = bounds_of(self.roots, self.follow_links)
        for root, label in zip(self.roots, labels, strict=True):
            self._root(walk, root, f"{label}/" if label else "", bounds)
        self._is_plain &= not walk.follow()
        return Look(walk.found(), at)

    def _look_again(self, changed: Collection[Path]) -> frozenset[str] | None:
        """The names in the folders of these files; None where more may be another."""
        if not self._is_plain:
            return None
        names: list[str] = []
        for folder in {str(path.parent) for path in changed}:
            known = self._listings.get(folder)
            if known is None:
                return None
            listing = list_folder(known.folder)
            if listing.below != known.below or listing.links:
                return None
            self._listings[folder] = listing
            names += (item.name for _, item in listing.files() if isinstance(item, Source))
        is_folder = any(str(path) in self._listings for path in changed)
        is_rule = any(path.name == FILE for path in changed)
        return None if is_folder or is_rule else frozenset(names)

    def _root(self, walk: _Walk, root: Path, prefix: str, bounds: tuple[str, ...]) -> None:
        root = Path(os.path.normpath(root.absolute()))
        real = os.path.realpath(root)
        if root.is_dir():
            walk.folder(Folder(str(root), real, prefix, Ignoring(), bounds))
        else:
            self._is_plain = False
            walk.add(real, item_at(str(root), prefix + name_of(root.name), bounds))

    def _listed(self, folder: Folder) -> Listing:
        listing = self._listings.get(folder.path)
        if listing is not None and listing.folder.prefix != folder.prefix:
            self._is_plain, listing = False, None
        if listing is None:
            listing = self._listings[folder.path] = list_folder(folder)
        return listing


class _Walk:
    """What is found below folders: each file once, each folder listed once whatever leads there,
    so that links, however they lead to each other, cost no more than there are."""

    def __init__(self, listed: Callable[[Folder], Listing]) -> None:
        self._listed = listed
        self._items: dict[str, Source | Problem] = {}
        self._folders: set[str] = set()
        self._links: deque[Link] = deque()
        self._follows = False

    def add(self, real: str, item: Source | Problem) -> None:
        """Add what lies at a real path."""
        self._items.setdefault(real, item)

    def folder(self, folder: Folder) -> None:
        """Add all below a folder but what links in it lead to."""
        open_folders = [self._entries(folder)]
        while open_folders:
            entry = next(open_folders[-1], None)
            if entry is None:
                open_folders.pop()
            elif isinstance(entry, Folder):
                open_folders.append(self._entries(entry))
            else:
                self.add(*entry)

    def _entries(self, folder: Folder) -> Iterator[Pair | Folder]:
        # A folder below two roots is looked at from both: the rules that hold there may differ.
        if self._follows and folder.real in self._folders:
            return iter(())
        self._folders.add(folder.real)
        listing = self._listed(folder)
        self._links += listing.links
        return iter(listing.entries)

    def link(self, link: Link) -> None:
        """Add what a link leads to, once all else is known."""
        self._links.append(link)

    def follow(self) -> bool:
        """Add what the links lead to; whether there are any."""
        any_there, self._follows = bool(self._links), True
        while self._links:
            target = followed(self._links.popleft())
            if isinstance(target, Folder):
                self.folder(target)
            else:
                self.add(*target)
        return any_there

    def found(self) -> Found:
        """All of it."""
        items = self._items.values()
        return (
            tuple(item for item in items if isinstance(item, Source)),
            tuple(gathered(item for item in items if isinstance(item, Problem))),
        )


def find_listed(
    roots: Sequence[Path], listed: Iterable[Path], *, follow_links: Sequence[Path] = ()
) -> Found:
    """The files of a list, and those below its folders, named as `find_sources` would name them.

    What is listed itself is neither hidden nor ignored. A path that does not exist, or is a link
    that is not followed, is a Problem. Raises SourceError for a root that does not exist, or a path
    that is below none of them.
    """
    prefixes = [f"{label}/" if label else "" for label in _labels(roots)]
    folders = [(_folder_of(root), prefix) for root, prefix in zip(roots, prefixes, strict=True)]
    bounds = bounds_of(roots, follow_links)
    walk = _Walk(list_folder)
    for path in listed:
        place, name = _place_of(path, folders)
        _add_listed(walk, place, name, bounds)
    walk.follow()
    found, problems = walk.found()
    return tuple(sorted(found, key=lambda source: os.fsencode(source.path))), problems


def _place_of(path: Path, folders: Sequence[tuple[Path, str]]) -> tuple[Path, str]:
    """Where a listed path lies below the roots, and its name."""
    whole = Path(os.path.normpath(path.absolute()))
    # Roots have their links resolved; a list made by `find` in a linked folder has not.
    for place in (whole, whole.parent.resolve() / whole.name):
        for folder, prefix in folders:
            if place == folder or folder in place.parents:
                inside = place.relative_to(folder)
                return place, prefix + ("" if place == folder else name_of(inside.as_posix()))
    roots = ", ".join(str(folder) for folder, _ in folders)
    raise SourceError(f"{path} is listed but is not below {roots}: give the folder it is below")


def _add_listed(walk: _Walk, place: Path, name: str, bounds: tuple[str, ...]) -> None:
    real = os.path.realpath(place)
    below = name if not name or name.endswith("/") else name + "/"
    above = Folder(str(place.parent), os.path.realpath(place.parent), "", Ignoring(), bounds)
    if real != f"{above.real.rstrip(os.sep)}{os.sep}{place.name}" or not is_within(real, bounds):
        walk.link(Link(str(place), name, above))
    elif place.is_dir():
        walk.folder(Folder(str(place), real, below, Ignoring(), bounds))
    else:
        walk.add(real, item_at(str(place), name, bounds))


def _labels(roots: Sequence[Path]) -> list[str]:
    """What names begin with: nothing for one root; else the folder's name, or its whole path
    where names could be those of files below another."""
    for root in roots:
        if not root.exists():
            raise SourceError(f"there is no file or folder {root}")
    if len(roots) < 2:
        return [""] * len(roots)
    folders = [_folder_of(root) for root in roots]
    labels = {folder: name_of(folder.name) for folder in folders}
    # A label inside another would give two files one name. Whole paths never do.
    while ambiguous := [folder for folder in labels if _is_ambiguous(folder, labels)]:
        labels |= {folder: _whole(folder) for folder in ambiguous}
    return [labels[folder] for folder in folders]


def _is_ambiguous(folder: Path, labels: Mapping[Path, str]) -> bool:
    """Whether a label could be longer, and lies in that of another folder or around it."""
    label = labels[folder]
    others = (other for each, other in labels.items() if each != folder)
    return label != _whole(folder) and any(
        not label
        or not other
        or f"{other}/".startswith(f"{label}/")
        or f"{label}/".startswith(f"{other}/")
        for other in others
    )


def _whole(folder: Path) -> str:
    return name_of(folder.as_posix().strip("/"))


def _folder_of(root: Path) -> Path:
    whole = root.absolute()
    return Path(os.path.normpath(whole if whole.is_dir() else whole.parent))
