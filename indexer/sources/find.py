"""Finding the files to read: a walk through folders that nothing in them can stop."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from indexer.errors import SourceError
from indexer.models import Problem, Source
from indexer.sources.opening import suffix_of
from indexer.sources.registry import reader_for, suffixes

_Folder = tuple[int, int]
"""Device and number of a folder: the same for all paths that lead to it."""


def find_sources(roots: Sequence[Path]) -> tuple[tuple[Source, ...], tuple[Problem, ...]]:
    """The files below `roots` that can be read, in sorted order, and the others with a reason.

    A root may be a file. Hidden files and those named README are passed over. A name is the path
    inside its root; with several roots it begins with the root's own name. A file below two of
    the roots is found once. Raises SourceError for a root that does not exist.
    """
    found: dict[Path, Source | Problem] = {}
    labels = _labels(roots)
    for root, label in zip(roots, labels, strict=True):
        if not root.exists():
            raise SourceError(f"there is no file or folder {root}")
        for path, item in _walk_root(root, label):
            found.setdefault(path, item)
    items = found.values()
    return (
        tuple(item for item in items if isinstance(item, Source)),
        tuple(item for item in items if isinstance(item, Problem)),
    )


def _labels(roots: Sequence[Path]) -> list[str]:
    """What names begin with: nothing for one root; else the folder's name, or its whole path
    where two folders have one name."""
    if len(roots) < 2:
        return [""] * len(roots)
    whole = [root.absolute() for root in roots]
    folders = [Path(os.path.normpath(path if path.is_dir() else path.parent)) for path in whole]
    paths_of_name: dict[str, set[Path]] = {}
    for folder in folders:
        paths_of_name.setdefault(folder.name, set()).add(folder)
    return [
        _text(folder.name if len(paths_of_name[folder.name]) == 1 else folder.as_posix().strip("/"))
        for folder in folders
    ]


def _walk_root(root: Path, label: str) -> Iterator[tuple[Path, Source | Problem]]:
    root = Path(os.path.normpath(root.absolute()))
    prefix = f"{label}/" if label else ""
    if root.is_dir():
        yield from _walk(root, prefix, ())
    else:
        yield root, _item(root, prefix + _text(root.name))


def _walk(
    folder: Path, prefix: str, above: tuple[_Folder, ...]
) -> Iterator[tuple[Path, Source | Problem]]:
    try:
        status = folder.stat()
        paths = sorted(folder.iterdir(), key=lambda path: os.fsencode(path.name))
    except OSError as error:
        yield folder, _skipped(prefix, f"the folder cannot be read ({error.strerror})")
        return
    here = (status.st_dev, status.st_ino)
    if here in above:
        yield folder, _skipped(prefix, "the link leads back to a folder that contains it")
        return
    for path in paths:
        name = prefix + _text(path.name)
        if path.name.startswith("."):
            continue
        if _is_folder(path):
            yield from _walk(path, name + "/", (*above, here))
        elif not path.name.upper().startswith("README"):
            yield path, _item(path, name)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _item(path: Path, name: str) -> Source | Problem:
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return _skipped(name, "the link leads to a file that does not exist")
    except OSError as error:
        return _skipped(name, f"it cannot be reached ({error.strerror})")
    if not stat.S_ISREG(mode):
        return _skipped(name, "it is not a file but a device, a pipe or a socket")
    suffix = suffix_of(name)
    if reader_for(suffix) is None:
        known = " ".join(known for known in suffixes() if not known.endswith(".gz"))
        what = f"files ending in {suffix} are" if suffix else "a file without a suffix is"
        return _skipped(name, f"{what} not read; known are {known}, each also with .gz")
    return Source(path, name)


def _skipped(name: str, reason: str) -> Problem:
    return Problem(name.removesuffix("/") or ".", "skipped", reason)


def _text(name: str) -> str:
    """A file name that can be written anywhere, even where its bytes are not UTF-8."""
    return os.fsencode(name).decode("utf-8", "replace")
