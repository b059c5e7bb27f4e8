"""Complete published states of an index, and the pointer to the live one.

An index folder holds `generations/NAME/`, each complete and never changed again, and
`current.json`, which names the live one and the one before it. The pointer is replaced in one step,
so a reader sees one generation, whole.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from filelock import FileLock, Timeout

from indexer.digest import digest_of
from indexer.errors import (
    IndexDamagedError,
    IndexLockedError,
    IndexMissingError,
    NothingToPublishError,
)
from indexer.sealing import sealed, unsealed

POINTER = "current.json"
MANIFEST = "manifest.json"
_FOLDER = "generations"
_LOCK = "lock"

THREADS = 4
"""Files compared or brought to disk at once by a run: checksums are computed without Python's lock,
and the disk writes what several wait for together."""

_Done = TypeVar("_Done")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation says of itself. `files` maps each of its files to its SHA-256, `sizes` to
    its bytes. `fields` are the roles that names of fields were given by the setting `fields`."""

    generation: str
    built: str
    articles: int
    fingerprint: dict[str, Any]
    roots: list[str]
    files: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)


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
            return Pointer(**unsealed(path.read_text("utf-8")))
        except FileNotFoundError as error:
            raise IndexMissingError(
                f"there is no index at {self._folder}: run `jianbao index PATH` first"
            ) from error
        except (ValueError, TypeError) as error:
            raise self.damaged(POINTER) from error

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
            manifest = read_manifest((self.path(name) / MANIFEST).read_text("utf-8"))
        except (OSError, ValueError, TypeError) as error:
            raise self.damaged(MANIFEST) from error
        if manifest.generation != name:
            raise self.damaged(MANIFEST)
        return manifest

    def new_name(self) -> str:
        """A name that no generation has had."""
        numbers = [int(path.name) for path in self._all() if path.name.isdigit()]
        return f"{max(numbers, default=0) + 1:06}"

    def publish(self, manifest: Manifest) -> Manifest:
        """Make a filled folder the live generation; the checksums of its files are those that the
        manifest has, else those that the files have now. Returns the manifest with all of them.

        Its files are on disk, and were read from there and found to have their checksums, before
        the pointer is replaced; all but it and the one before it are removed after. Raises
        IndexDamagedError.
        """
        folder = self.path(manifest.generation)
        names = [name for name in _files(folder) if name != MANIFEST]
        paths = [folder / name for name in names]
        files = manifest.files or dict(zip(names, _each(digest_of, paths, THREADS), strict=True))
        sizes = {name: (folder / name).stat().st_size for name in names}
        full = replace(manifest, files=files, sizes=sizes)
        (folder / MANIFEST).write_text(sealed(asdict(full)), "utf-8")
        _each(_sync, [*paths, folder / MANIFEST], THREADS)
        for each in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
            _sync(each)
        _sync(folder.parent)
        self.check(manifest.generation, THREADS)
        previous = self.live()
        self._point(Pointer(manifest.generation, previous))
        self.clean()
        return full

    def rollback(self) -> Pointer:
        """Make the generation before the live one live again; the two change places."""
        pointer = self.pointer()
        if not pointer.previous:
            raise NothingToPublishError("there is no generation before the live one to go back to")
        self.check(pointer.previous)
        back = Pointer(pointer.previous, pointer.current)
        self._point(back)
        return back

    def check(self, name: str, threads: int = 1) -> None:
        """Raise IndexDamagedError unless every file of the generation is as it was published. With
        one thread it is the one that calls."""
        folder, files = self.path(name), self.manifest(name).files
        found = _each(_digest_or_error, [folder / file for file in files], threads)
        for (file, wanted), digest in zip(files.items(), found, strict=True):
            if isinstance(digest, OSError):
                raise self.damaged(file) from digest
            if digest != wanted:
                raise self.damaged(file)

    def glance(self, name: str) -> Mapping[str, int]:
        """When each file of the generation was changed, in nanoseconds. Raises IndexDamagedError
        where one is missing or of another size; what is in them is not looked at."""
        folder, changed = self.path(name), {}
        manifest = self.manifest(name)
        for file in (*manifest.files, MANIFEST):
            try:
                status = (folder / file).stat()
            except OSError as error:
                raise self.damaged(file) from error
            if status.st_size != manifest.sizes.get(file, status.st_size):
                raise self.damaged(file)
            changed[file] = status.st_mtime_ns
        return changed

    def clean(self) -> None:
        """Remove what a killed run left behind. Call it with the lock held. Where the pointer is
        damaged nobody knows what that is, and all stays."""
        kept: set[str] = set()
        if (self._folder / POINTER).exists():
            try:
                pointer = self.pointer()
            except IndexDamagedError:
                return
            kept = {pointer.current, pointer.previous}
        for path in self._all():
            if path.name not in kept:
                shutil.rmtree(path)
        (self._folder / f"{POINTER}.new").unlink(missing_ok=True)

    def live(self) -> str:
        """The name of the live generation, empty where there is none or nobody knows."""
        try:
            return self.pointer().current
        except (IndexMissingError, IndexDamagedError):
            return ""

    def _all(self) -> list[Path]:
        folder = self._folder / _FOLDER
        return sorted(folder.iterdir()) if folder.is_dir() else []

    def _point(self, pointer: Pointer) -> None:
        new = self._folder / f"{POINTER}.new"
        new.write_text(sealed(asdict(pointer)), "utf-8")
        _sync(new)
        new.replace(self._folder / POINTER)
        _sync(self._folder)

    def damaged(self, file: str) -> IndexDamagedError:
        """What to raise for a damaged file of the index."""
        again = "index PATH --full" if file in (POINTER, MANIFEST) else "index --full"
        ways = (
            f"`jianbao {again}`" if file == POINTER else f"`jianbao rollback`, or `jianbao {again}`"
        )
        return IndexDamagedError(
            f"{file} of the index at {self._folder} is missing or altered: run {ways}"
        )


def read_manifest(text: str) -> Manifest:
    """The manifest that was written as `text`. Raises ValueError or TypeError."""
    return Manifest(**unsealed(text))


def _each(job: Callable[[Path], _Done], paths: Sequence[Path], threads: int) -> Iterable[_Done]:
    """What the job gives for each path, in order. Raises what it raises."""
    if threads == 1:
        return map(job, paths)
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(job, paths))


def _digest_or_error(path: Path) -> str | OSError:
    try:
        return digest_of(path)
    except OSError as error:
        return error


def _files(folder: Path) -> list[str]:
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.name != MANIFEST
    ) + ([MANIFEST] if (folder / MANIFEST).exists() else [])


def _sync(path: Path) -> None:
    """Bring a file to disk; whoever reads it next reads it from there."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(handle)
