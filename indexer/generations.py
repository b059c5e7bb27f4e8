"""Complete published states of an index, and the pointer to the live one.

An index folder holds `generations/NAME/`, each complete and never changed again, and
`current.json`, which names the live one and the one before it. The pointer is replaced in one step,
so a reader sees one generation, whole.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from indexer.digest import digest_of
from indexer.errors import (
    IndexDamagedError,
    IndexLockedError,
    IndexMissingError,
    NothingToPublishError,
)

POINTER = "current.json"
MANIFEST = "manifest.json"
_FOLDER = "generations"
_LOCK = "lock"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation says of itself. `files` maps each of its files to its SHA-256."""

    generation: str
    built: str
    articles: int
    fingerprint: dict[str, Any]
    roots: list[str]
    files: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pointer:
    """The live generation and the one before it, empty where there is none."""

    current: str
    previous: str = ""


class Generations:
    """The generations of one index folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def lock(self, timeout: float) -> Iterator[None]:
        """Hold the write lock; the system frees it when its holder dies.

        Raises IndexLockedError after `timeout` seconds.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self._folder / _LOCK)
        try:
            lock.acquire(timeout=timeout)
        except Timeout as error:
            raise IndexLockedError(
                f"another run is writing to {self._folder}: wait for it, or give --lock-timeout"
            ) from error
        try:
            yield
        finally:
            lock.release()

    def pointer(self) -> Pointer:
        """The live generation. Raises IndexMissingError, or IndexDamagedError."""
        path = self._folder / POINTER
        try:
            return Pointer(**json.loads(path.read_text("utf-8")))
        except FileNotFoundError as error:
            raise IndexMissingError(
                f"there is no index at {self._folder}: run `jianbao index PATH` first"
            ) from error
        except (ValueError, TypeError) as error:
            raise self._damaged(POINTER) from error

    def stamp(self) -> int:
        """A number that changes when another generation becomes live."""
        try:
            status = (self._folder / POINTER).stat()
        except OSError:
            return 0
        return status.st_mtime_ns ^ status.st_ino

    def path(self, name: str) -> Path:
        """The folder of a generation."""
        return self._folder / _FOLDER / name

    def manifest(self, name: str) -> Manifest:
        """What a generation says of itself. Raises IndexDamagedError."""
        try:
            return Manifest(**json.loads((self.path(name) / MANIFEST).read_text("utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise self._damaged(MANIFEST) from error

    def new_name(self) -> str:
        """A name that no generation has had."""
        numbers = [int(path.name) for path in self._all() if path.name.isdigit()]
        return f"{max(numbers, default=0) + 1:06}"

    def publish(self, manifest: Manifest) -> None:
        """Make a filled folder the live generation. Its files are complete on disk before the
        pointer is replaced; all but it and the one before it are removed after."""
        folder = self.path(manifest.generation)
        files = {name: digest_of(folder / name) for name in _files(folder)}
        text = json.dumps(asdict(manifest) | {"files": files}, ensure_ascii=False, indent=1)
        (folder / MANIFEST).write_text(text, "utf-8")
        for name in _files(folder):
            _sync(folder / name)
        for each in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
            _sync(each)
        _sync(folder.parent)
        previous = self._live_name()
        self._point(Pointer(manifest.generation, previous))
        self.clean()

    def rollback(self) -> Pointer:
        """Make the generation before the live one live again; the two change places."""
        pointer = self.pointer()
        if not pointer.previous:
            raise NothingToPublishError("there is no generation before the live one to go back to")
        self.check(pointer.previous)
        back = Pointer(pointer.previous, pointer.current)
        self._point(back)
        return back

    def check(self, name: str) -> None:
        """Raise IndexDamagedError unless every file of the generation is as it was published."""
        folder = self.path(name)
        for file, digest in self.manifest(name).files.items():
            if not (folder / file).is_file() or digest_of(folder / file) != digest:
                raise self._damaged(file)

    def clean(self) -> None:
        """Remove what a killed run left behind. Call it with the lock held."""
        kept: set[str] = set()
        if (self._folder / POINTER).exists():
            pointer = self.pointer()
            kept = {pointer.current, pointer.previous}
        for path in self._all():
            if path.name not in kept:
                shutil.rmtree(path)
        (self._folder / f"{POINTER}.new").unlink(missing_ok=True)

    def _live_name(self) -> str:
        try:
            return self.pointer().current
        except IndexMissingError:
            return ""

    def _all(self) -> list[Path]:
        folder = self._folder / _FOLDER
        return sorted(folder.iterdir()) if folder.is_dir() else []

    def _point(self, pointer: Pointer) -> None:
        new = self._folder / f"{POINTER}.new"
        new.write_text(json.dumps(asdict(pointer)), "utf-8")
        _sync(new)
        new.replace(self._folder / POINTER)
        _sync(self._folder)

    def _damaged(self, file: str) -> IndexDamagedError:
        return IndexDamagedError(
            f"{file} of the index at {self._folder} is missing or altered: "
            "run `jianbao rollback`, or `jianbao index --full`"
        )


def _files(folder: Path) -> list[str]:
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.name != MANIFEST
    ) + ([MANIFEST] if (folder / MANIFEST).exists() else [])


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
