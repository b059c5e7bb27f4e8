"""What lies in the folder of an index, and whose it is.

Nothing is Jianbao's because of where it lies: a folder is a generation where a sealed manifest
says so by its name, and was left by a run where the run's mark says so. All else is somebody
else's, and is never removed.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from enum import Enum
from pathlib import Path

from jianbao.indexer.errors import UserError
from jianbao.indexer.store.manifest import (
    MANIFEST,
    Manifest,
    is_generation_name,
    read_manifest,
    read_pointer,
)
from jianbao.indexer.store.permissions import write_private
from jianbao.indexer.store.sealed_json import sealed, unsealed

POINTER = "current.json"
FOLDER = "generations"
LOCK = "lock"
MARK = "unfinished.json"
"""Written into a new generation before anything else, and gone when its manifest is there."""

_LITTER = {"thumbs.db", "desktop.ini", "@eadir", "lost+found", "$recycle.bin"}
"""What systems leave in every folder, beside names that begin with a dot: it is left in peace."""


class State(Enum):
    """What an entry of `generations/` is."""

    WHOLE = "a generation that is not in use"
    UNFINISHED = "what a run that was killed left behind"
    EMPTY = "an empty folder with the name of a generation"
    UNCLEAR = "a generation without a sound manifest"
    FILE = "no file of Jianbao's"
    LITTER = "what a system leaves in every folder"
    FOREIGN = "no folder of Jianbao's"


def state_of(path: Path) -> State:
    """What an entry of `generations/` is. Raises OSError."""
    if not path.is_dir():
        return State.LITTER if is_litter(path.name) else State.FILE
    if path.is_symlink():
        return State.FOREIGN
    if is_litter(path.name):
        return State.LITTER
    if not is_generation_name(path.name):
        return State.FOREIGN
    return _state_of_generation(path)


def _state_of_generation(path: Path) -> State:
    names = [each.name for each in path.iterdir()]
    if MANIFEST in names:
        return State.WHOLE if own_manifest(path) else State.UNCLEAR
    if MARK in names:
        # Only a machine that lost its power leaves a mark without its words.
        if names == [MARK] and not (path / MARK).stat().st_size:
            return State.EMPTY
        return State.UNFINISHED if _is_marked(path) else State.FOREIGN
    if not names:
        return State.EMPTY
    return State.UNCLEAR if all(map(is_litter, names)) else State.FOREIGN


def own_manifest(path: Path) -> Manifest | None:
    """The manifest of a generation that has its name; None where it is missing, altered or another
    one's."""
    try:
        manifest = read_manifest((path / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return manifest if manifest.generation == path.name else None


def mark_unfinished(path: Path) -> None:
    """Say in the empty folder of a generation that a run is filling it. Raises OSError."""
    write_private(path / MARK, sealed({"made_by": "jianbao", "generation": path.name}))


def is_litter(name: str) -> bool:
    """Whether systems leave files or folders of that name everywhere."""
    return name.startswith(".") or name.lower() in _LITTER


def require_place(folder: Path) -> None:
    """Raise UserError where a folder is there, is not empty, and nothing in it is a sign of an
    index: files would be strewn among somebody's own."""
    if not folder.is_dir() or _has_sign(folder):
        return
    for path in sorted(folder.iterdir()):
        is_empty_folder = path.name == FOLDER and path.is_dir() and not any(path.iterdir())
        is_harmless = is_litter(path.name) and not (path.name.startswith(".") and path.is_dir())
        if not is_harmless and not is_empty_folder:
            raise UserError(
                f"{folder} is no index: it holds {path.name!r} and nothing that Jianbao made, so "
                "nothing was done; name a new or an empty folder, `--index FOLDER`"
            )


def require_own(folder: Path, named: Collection[str]) -> None:
    """Raise UserError where `generations/` holds a folder that is not Jianbao's; those `named` by
    the pointer are."""
    place = folder / FOLDER
    if place.exists() and not place.is_dir():
        raise UserError(
            f"{place} is a file where an index has a folder: move it elsewhere, or name another "
            "folder, `--index FOLDER`"
        )
    for path in entries(folder):
        if path.name not in named and state_of(path) is State.FOREIGN:
            raise UserError(
                f"{path} was not made by Jianbao, so nothing was done: move it elsewhere, or name "
                "another folder for the index, `--index FOLDER`"
            )


def entries(folder: Path) -> list[Path]:
    """All that lies in `generations/`, in order of name."""
    place = folder / FOLDER
    return sorted(place.iterdir()) if place.is_dir() else []


def remove_whole(path: Path, manifest: Manifest) -> bool:
    """Remove the files that the manifest of a generation names, and its folder where nothing else
    is in it; whether it is gone. Where something is, the manifest stays and says whose it was.

    Raises OSError.
    """
    own = {*manifest.files, MARK}
    folders = {str(parent) for name in own for parent in Path(name).parents}
    for place, _, names in os.walk(path, topdown=False):
        inner = Path(place).relative_to(path)
        for name in names:
            if (inner / name).as_posix() in own and _is_regular(Path(place, name)):
                Path(place, name).unlink()
        if str(inner) in folders and str(inner) != ".":
            with suppress(OSError):  # Something else is in it.
                Path(place).rmdir()
    if [each.name for each in path.iterdir()] != [MANIFEST]:
        return False
    (path / MANIFEST).unlink()
    path.rmdir()
    return True


def remove_empty(path: Path) -> None:
    """Remove a folder that holds nothing. Raises OSError."""
    (path / MARK).unlink(missing_ok=True)
    path.rmdir()


def own_files(path: Path) -> list[str]:
    """The names of the files of a generation that is to be published, without what a system left
    there meanwhile."""
    return sorted(
        each.relative_to(path).as_posix()
        for each in path.rglob("*")
        if each.is_file()
        and not is_litter(each.name)
        and each.relative_to(path).as_posix() not in (MARK, MANIFEST)
    )


def told(paths: Sequence[Path]) -> Iterator[str]:
    """What is to be said of entries that stay, one sentence each."""
    for path in paths:
        state = state_of(path)
        if state is State.WHOLE and not _is_complete(path):
            yield f"{FOLDER}/{path.name}: it holds something else than a generation's files"
        elif state is not State.LITTER:
            yield f"{FOLDER}/{path.name}: {state.value}"


def _is_complete(path: Path) -> bool:
    manifest = own_manifest(path)
    return manifest is not None and all((path / name).is_file() for name in manifest.files)


def _has_sign(folder: Path) -> bool:
    """Whether anything in the folder tells of an index."""
    try:
        if stat.S_ISREG((status := (folder / LOCK).lstat()).st_mode) and not status.st_size:
            return True
    except FileNotFoundError:
        pass
    try:
        read_pointer((folder / POINTER).read_text("utf-8"))
    except (OSError, ValueError):
        signs = (State.WHOLE, State.UNFINISHED)
        return any(state_of(path) in signs for path in entries(folder))
    return True


def _is_marked(path: Path) -> bool:
    try:
        mark = unsealed((path / MARK).read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return mark == {"made_by": "jianbao", "generation": path.name}


def _is_regular(path: Path) -> bool:
    return stat.S_ISREG(path.lstat().st_mode)
