"""Finding the files to read: a walk through folders that nothing in them can stop."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import SourceError
from indexer.models import Problem, Source
from indexer.sources.ignoring import FILE, Ignoring
from indexer.sources.listing import Folder, Listing, Pair, as_text, item_at, list_folder
from indexer.sources.office.needs import gathered

Found = tuple[tuple[Source, ...], tuple[Problem, ...]]
"""The files that can be read, and the others with a reason."""


def find_sources(roots: Sequence[Path]) -> Found:
    """The files below `roots` that can be read, in sorted order, and the others with a reason.

    A root may be a file. Hidden files, those named README, and those that a `.jianbaoignore` names
    are passed over. A name is the path inside its root; with several roots it begins with the
    root's own name. A file below two of the roots is found once. Raises SourceError for a root
    that does not exist.
    """
    return Tree(roots).look().found


@dataclass(frozen=True, slots=True)
class Look:
    """What was found, and the names of the files that were looked at to know it: None for all."""

    found: Found
    at: frozenset[str] | None = None


class Tree:
    """What `find_sources` finds, remembered by folder: where only a few files changed, only their
    folders are listed again."""

    def __init__(self, roots: Sequence[Path]) -> None:
        self.roots = roots
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
        pairs = (
            pair
            for root, label in zip(self.roots, labels, strict=True)
            for pair in self._root(root, f"{label}/" if label else "")
        )
        return Look(_sorted_out(pairs), at)

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
            if listing.below != known.below or listing.has_links:
                return None
            self._listings[folder] = listing
            names += (item.name for _, item in listing.files() if isinstance(item, Source))
        is_folder = any(str(path) in self._listings for path in changed)
        is_rule = any(path.name == FILE for path in changed)
        return None if is_folder or is_rule else frozenset(names)

    def _root(self, root: Path, prefix: str) -> Iterator[Pair]:
        root = Path(os.path.normpath(root.absolute()))
        if root.is_dir():
            yield from self._walk(Folder(str(root), prefix, Ignoring(), ()))
        else:
            self._is_plain = False
            yield str(root), item_at(str(root), prefix + as_text(root.name))

    def _walk(self, folder: Folder) -> Iterator[Pair]:
        listing = self._listings.get(folder.path)
        if listing is not None and listing.folder.prefix != folder.prefix:
            self._is_plain, listing = False, None
        if listing is None:
            listing = self._listings[folder.path] = list_folder(folder)
            self._is_plain &= not listing.has_links
        for entry in listing.entries:
            if isinstance(entry, Folder):
                yield from self._walk(entry)
            else:
                yield entry


def find_listed(roots: Sequence[Path], listed: Iterable[Path]) -> Found:
    """The files of a list, and those below its folders, named as `find_sources` would name them.

    What is listed itself is neither hidden nor ignored. A path that does not exist is a Problem.
    Raises SourceError for a root that does not exist, or a path that is below none of them.
    """
    prefixes = [f"{label}/" if label else "" for label in _labels(roots)]
    folders = [(_folder_of(root), prefix) for root, prefix in zip(roots, prefixes, strict=True)]
    found, problems = _sorted_out(pair for path in listed for pair in _listed(path, folders))
    return tuple(sorted(found, key=lambda source: os.fsencode(source.path))), problems


def _sorted_out(pairs: Iterable[Pair]) -> Found:
    found: dict[str, Source | Problem] = {}
    for path, item in pairs:
        found.setdefault(path, item)
    items = found.values()
    return (
        tuple(item for item in items if isinstance(item, Source)),
        tuple(gathered(item for item in items if isinstance(item, Problem))),
    )


def _labels(roots: Sequence[Path]) -> list[str]:
    """What names begin with: nothing for one root; else the folder's name, or its whole path
    where two folders have one name."""
    for root in roots:
        if not root.exists():
            raise SourceError(f"there is no file or folder {root}")
    if len(roots) < 2:
        return [""] * len(roots)
    folders = [_folder_of(root) for root in roots]
    paths_of_name: dict[str, set[Path]] = {}
    for folder in folders:
        paths_of_name.setdefault(folder.name, set()).add(folder)
    return [
        as_text(
            folder.name if len(paths_of_name[folder.name]) == 1 else folder.as_posix().strip("/")
        )
        for folder in folders
    ]


def _folder_of(root: Path) -> Path:
    whole = root.absolute()
    return Path(os.path.normpath(whole if whole.is_dir() else whole.parent))


def _listed(path: Path, folders: Sequence[tuple[Path, str]]) -> Iterator[Pair]:
    whole = Path(os.path.normpath(path.absolute()))
    # Roots have their links resolved; a list made by `find` in a linked folder has not.
    for place in (whole, whole.parent.resolve() / whole.name):
        for folder, prefix in folders:
            if place == folder or folder in place.parents:
                inside = place.relative_to(folder).as_posix()
                name = prefix + ("" if inside == "." else as_text(inside))
                if place.is_dir():
                    below = name if not name or name.endswith("/") else name + "/"
                    yield from _walk(Folder(str(place), below, Ignoring(), ()))
                else:
                    yield str(place), item_at(str(place), name)
                return
    roots = ", ".join(str(folder) for folder, _ in folders)
    raise SourceError(f"{path} is listed but is not below {roots}: give the folder it is below")


def _walk(folder: Folder) -> Iterator[Pair]:
    for entry in list_folder(folder).entries:
        if isinstance(entry, Folder):
            yield from _walk(entry)
        else:
            yield entry
