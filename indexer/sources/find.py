"""Finding the files to read: a walk through folders that nothing in them can stop."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from indexer.errors import SourceError
from indexer.models import Problem, Source
from indexer.sources.ignoring import FILE, Ignoring
from indexer.sources.office.needs import INSTALL, gathered, is_missing, is_office
from indexer.sources.opening import PACKED, suffix_of
from indexer.sources.registry import reader_for, suffixes

_Folder = tuple[int, int]
"""Device and number of a folder: the same for all paths that lead to it."""

Found = tuple[tuple[Source, ...], tuple[Problem, ...]]
"""The files that can be read, and the others with a reason."""


def find_sources(roots: Sequence[Path]) -> Found:
    """The files below `roots` that can be read, in sorted order, and the others with a reason.

    A root may be a file. Hidden files, those named README, and those that a `.jianbaoignore` names
    are passed over. A name is the path inside its root; with several roots it begins with the
    root's own name. A file below two of the roots is found once. Raises SourceError for a root
    that does not exist.
    """
    return _sorted_out(
        pair
        for root, label in zip(roots, _labels(roots), strict=True)
        for pair in _walk_root(root, f"{label}/" if label else "")
    )


def find_listed(roots: Sequence[Path], listed: Iterable[Path]) -> Found:
    """The files of a list, and those below its folders, named as `find_sources` would name them.

    What is listed itself is neither hidden nor ignored. A path that does not exist is a Problem.
    Raises SourceError for a root that does not exist, or a path that is below none of them.
    """
    prefixes = [f"{label}/" if label else "" for label in _labels(roots)]
    folders = [(_folder_of(root), prefix) for root, prefix in zip(roots, prefixes, strict=True)]
    found, problems = _sorted_out(pair for path in listed for pair in _listed(path, folders))
    return tuple(sorted(found, key=lambda source: os.fsencode(source.path))), problems


def _sorted_out(pairs: Iterable[tuple[str, Source | Problem]]) -> Found:
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
        _text(folder.name if len(paths_of_name[folder.name]) == 1 else folder.as_posix().strip("/"))
        for folder in folders
    ]


def _folder_of(root: Path) -> Path:
    whole = root.absolute()
    return Path(os.path.normpath(whole if whole.is_dir() else whole.parent))


def _walk_root(root: Path, prefix: str) -> Iterator[tuple[str, Source | Problem]]:
    root = Path(os.path.normpath(root.absolute()))
    if root.is_dir():
        yield from _walk(str(root), prefix, Ignoring(), ())
    else:
        yield str(root), _item(str(root), prefix + _text(root.name))


def _listed(
    path: Path, folders: Sequence[tuple[Path, str]]
) -> Iterator[tuple[str, Source | Problem]]:
    whole = Path(os.path.normpath(path.absolute()))
    # Roots have their links resolved; a list made by `find` in a linked folder has not.
    for place in (whole, whole.parent.resolve() / whole.name):
        for folder, prefix in folders:
            if place == folder or folder in place.parents:
                inside = place.relative_to(folder).as_posix()
                name = prefix + ("" if inside == "." else _text(inside))
                if place.is_dir():
                    below = name if not name or name.endswith("/") else name + "/"
                    yield from _walk(str(place), below, Ignoring(), ())
                else:
                    yield str(place), _item(str(place), name)
                return
    roots = ", ".join(str(folder) for folder, _ in folders)
    raise SourceError(f"{path} is listed but is not below {roots}: give the folder it is below")


def _walk(
    folder: str, prefix: str, ignoring: Ignoring, above: tuple[_Folder, ...]
) -> Iterator[tuple[str, Source | Problem]]:
    try:
        status = Path(folder).stat()
        with os.scandir(folder) as entries:
            children = sorted(entries, key=lambda entry: os.fsencode(entry.name))
    except OSError as error:
        yield folder, _skipped(prefix, f"the folder cannot be read ({error.strerror})")
        return
    here = (status.st_dev, status.st_ino)
    if here in above:
        yield folder, _skipped(prefix, "the link leads back to a folder that contains it")
        return
    try:
        ignoring = ignoring.below(Path(folder), prefix)
    except (OSError, ValueError) as error:
        yield f"{folder}/{FILE}", _skipped(f"{prefix}{FILE}", f"it cannot be read ({error})")
    for entry in children:
        name = prefix + _text(entry.name)
        if entry.name.startswith("."):
            continue
        is_folder = _is_folder(entry)
        if ignoring.rules and ignoring.covers(name + "/" if is_folder else name):
            continue
        if is_folder:
            yield from _walk(entry.path, name + "/", ignoring, (*above, here))
        elif not entry.name.upper().startswith("README"):
            yield entry.path, _entry(entry, name)


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
    return _item(entry.path, name)


def _item(path: str, name: str) -> Source | Problem:
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


def _text(name: str) -> str:
    """A file name that can be written anywhere, even where its bytes are not UTF-8."""
    return os.fsencode(name).decode("utf-8", "replace")
