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
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import TypeVar

from filelock import FileLock, Timeout

from jianbao.indexer.engines.base import Backend
from jianbao.indexer.engines.opening import open_backend
from jianbao.indexer.errors import (
    IndexDamagedError,
    IndexLockedError,
    IndexMissingError,
    NothingToPublishError,
)
from jianbao.indexer.store.digest import digest_of
from jianbao.indexer.store.inventory import (
    FOLDER,
    LOCK,
    MARK,
    POINTER,
    State,
    entries,
    mark_unfinished,
    own_files,
    own_manifest,
    remove_empty,
    remove_whole,
    require_own,
    require_place,
    state_of,
    told,
)
from jianbao.indexer.store.manifest import (
    MANIFEST,
    Manifest,
    Pointer,
    generation_name,
    is_generation_name,
    read_manifest,
    read_pointer,
)
from jianbao.indexer.store.permissions import (
    FILE,
    keep_all_private,
    keep_private,
    make_private_folder,
    write_private,
)
from jianbao.indexer.store.sealed_json import sealed

__all__ = [
    "MANIFEST",
    "POINTER",
    "THREADS",
    "Generations",
    "Manifest",
    "Pointer",
    "Seen",
    "are_as_seen",
]

_NEW = ".new"

_SIZE = 2
"""Place of the size in a `FileState`."""

_LISTED = 5
"""Generations that an error names at most."""

THREADS = 4
"""Files compared or brought to disk at once by a run: checksums are computed without Python's lock,
and the disk writes what several wait for together."""

_Done = TypeVar("_Done")


FileState = tuple[int, int, int, int, int]
"""Device, number, size, time of change, and time of change of the entry: that is another where a
file is written over by one that keeps its times."""

Seen = Mapping[str, FileState]
"""The files of a generation at one moment, by their paths."""


class Generations:
    """The generations of one index folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.backend: Backend = open_backend(self.path)
        """The engine that keeps the articles."""

    @contextmanager
    def lock(self, timeout: float) -> Iterator[None]:
        """Hold the write lock; the system frees it when its holder dies.

        Raises IndexLockedError after `timeout` seconds, and UserError where the folder holds what
        Jianbao did not make: then nothing in it is touched.
        """
        require_place(self._folder)
        make_private_folder(self._folder)
        lock = FileLock(self._folder / LOCK, mode=FILE)
        try:
            lock.acquire(timeout=timeout)
        except Timeout as error:
            raise IndexLockedError(
                f"another run is writing to {self._folder}: wait for it, or give --lock-timeout"
            ) from error
        try:
            require_own(self._folder, self._named())
            keep_private(self._folder / LOCK)
            yield
        finally:
            lock.release()

    @property
    def folder(self) -> Path:
        """The folder of the index."""
        return self._folder

    def pointer(self) -> Pointer:
        """The live generation. Raises IndexMissingError, or IndexDamagedError: also where there is
        no pointer but generations that it may have named."""
        try:
            return read_pointer((self._folder / POINTER).read_text("utf-8"))
        except FileNotFoundError as error:
            if self._whole():
                raise self.damaged(POINTER) from error
            raise IndexMissingError(
                f"there is no index at {self._folder}: run `jianbao index PATH` first"
            ) from error
        except (ValueError, IsADirectoryError) as error:
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
        return self._folder / FOLDER / name

    def manifest(self, name: str) -> Manifest:
        """What a generation says of itself. Raises IndexDamagedError."""
        try:
            manifest = read_manifest((self.path(name) / MANIFEST).read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise self.damaged(MANIFEST) from error
        if manifest.generation != name:
            raise self.damaged(MANIFEST)
        return manifest

    @contextmanager
    def begun(self) -> Iterator[str]:
        """A new generation, to be filled and published in the block; the block gets its name. What
        was made of it is removed where the block does not end normally. Call it with the lock held.
        """
        name = self._new_name()
        folder = self.path(name)
        make_private_folder(folder.parent)
        try:
            make_private_folder(folder)
            mark_unfinished(folder)
            # On disk before anything else: without it nobody knows whose the rest is.
            for path in (folder / MARK, folder, folder.parent):
                _sync(path)
            yield name
        except BaseException:
            if not self._may_be_live(name):
                shutil.rmtree(folder, ignore_errors=True)
            raise

    def publish(self, manifest: Manifest) -> Manifest:
        """Make a filled folder the live generation; the checksums of its files are those that the
        manifest has, else those that the files have now. Returns the manifest with all of them.

        Its files are on disk, and were read from there and found to have their checksums, before
        the pointer is replaced. Where the pointer before was sound, whole generations that are
        neither live nor the one before are removed after. Raises IndexDamagedError.
        """
        name = manifest.generation
        folder = self.path(name)
        full = _with_files(manifest, folder)
        keep_all_private(folder)
        new = folder / f"{MANIFEST}{_NEW}"
        write_private(new, sealed(asdict(full)))
        _each(_sync, [*(folder / each for each in full.files), new], THREADS)
        for each in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
            _sync(each)
        _sync(folder.parent)
        if read_manifest(new.read_text("utf-8")) != full:
            raise self.damaged(MANIFEST)
        self._compare(full, THREADS)
        new.replace(folder / MANIFEST)
        (folder / MARK).unlink(missing_ok=True)
        _sync(folder)
        before = self._sound_pointer()
        self._point(Pointer(name, self._best_before(name, before)))
        if before:
            self._remove_replaced()
        return full

    def rollback(self) -> Pointer:
        """Make the generation before the live one live again; the two change places. Where nobody
        knows which one is live, the newest that is whole becomes it."""
        pointer = self._sound_pointer()
        if pointer is None:
            back = self._recovered()
        elif not pointer.previous:
            raise NothingToPublishError("there is no generation before the live one to go back to")
        else:
            self.check(pointer.previous)
            back = Pointer(pointer.previous, pointer.current)
        self._point(back)
        return back

    def check(self, name: str, threads: int = 1) -> None:
        """Raise IndexDamagedError unless every file of the generation is as it was published. With
        one thread it is the one that calls."""
        self._compare(self.manifest(name), threads)

    def glance(self, name: str) -> Seen:
        """The files of the generation as they are now, seen from outside. Raises IndexDamagedError
        where one is missing or of another size; what is in them is not looked at."""
        folder, seen = self.path(name), dict[str, FileState]()
        manifest = self.manifest(name)
        for file in (MANIFEST, *manifest.files):
            path = str(folder / file)
            try:
                state = _state(path)
            except OSError as error:
                raise self.damaged(file) from error
            if state[_SIZE] != manifest.sizes.get(file, state[_SIZE]):
                raise self.damaged(file)
            seen[path] = state
        return seen

    def clean(self) -> None:
        """Remove what a killed run left behind, and nothing that is whole or somebody else's. Call
        it with the lock held."""
        named = self._named()
        for path in entries(self._folder):
            state = state_of(path)
            if path.name in named:
                continue
            if state is State.UNFINISHED:
                shutil.rmtree(path)
            elif state is State.EMPTY:
                remove_empty(path)
        (self._folder / f"{POINTER}{_NEW}").unlink(missing_ok=True)

    def left(self) -> tuple[str, ...]:
        """What lies in `generations/` besides the live generation and the one before it, one
        sentence each; what systems leave in every folder is not told."""
        named = self._named()
        return tuple(told([path for path in entries(self._folder) if path.name not in named]))

    def live(self) -> str:
        """The name of the live generation, empty where there is none or nobody knows."""
        try:
            return self.pointer().current
        except (IndexMissingError, IndexDamagedError):
            return ""

    def damaged(self, file: str) -> IndexDamagedError:
        """What to raise for a damaged file of the index."""
        again = "index PATH --full" if file in (POINTER, MANIFEST) else "index --full"
        what = f"{file} of the index at {self._folder} is missing or altered"
        if file != POINTER:
            return IndexDamagedError(f"{what}: run `jianbao rollback`, or `jianbao {again}`")
        found = self._whole()
        if not found:
            return IndexDamagedError(f"{what}: run `jianbao {again}`")
        return IndexDamagedError(
            f"{what}, but generations are there ({', '.join(found[-_LISTED:])}): run "
            "`jianbao rollback`, which makes the newest of them that is whole the live one, "
            f"or `jianbao {again}`"
        )

    def _new_name(self) -> str:
        """A name that no generation has had."""
        names = {path.name for path in entries(self._folder)} | self._named()
        numbers = [int(name) for name in names if is_generation_name(name)]
        return generation_name(max(numbers, default=0) + 1)

    def _named(self) -> set[str]:
        """The generations that the pointer names, if it is sound."""
        pointer = self._sound_pointer()
        return {pointer.current, pointer.previous} - {""} if pointer else set()

    def _sound_pointer(self) -> Pointer | None:
        try:
            return self.pointer()
        except (IndexMissingError, IndexDamagedError):
            return None

    def _whole(self) -> list[str]:
        """The generations that have a manifest of their own, oldest first."""
        folders = entries(self._folder)
        return [path.name for path in folders if state_of(path) is State.WHOLE]

    def _best_before(self, name: str, before: Pointer | None) -> str:
        """What to go back to from a new generation: the one that was live, or where that is damaged
        the one before it; where nobody knows which was live, the newest."""
        names = [before.current, before.previous] if before else reversed(self._whole())
        return next((each for each in names if each != name and self._looks_whole(each)), "")

    def _looks_whole(self, name: str) -> bool:
        try:
            return bool(name and self.glance(name))
        except IndexDamagedError:
            return False

    def _recovered(self) -> Pointer:
        """The newest generation that is whole, and the next one. Raises IndexMissingError or
        IndexDamagedError where there is none."""
        for name in reversed(self._whole()):
            try:
                self.check(name)
            except IndexDamagedError:
                continue
            older = [each for each in self._whole() if each < name and self._looks_whole(each)]
            return Pointer(name, older[-1] if older else "")
        return self.pointer()

    def _remove_replaced(self) -> None:
        """Remove the generations that are in use no more. What cannot be removed now stays for the
        next run: the new generation is published all the same."""
        named = self._named()
        for path in entries(self._folder):
            with suppress(OSError):
                manifest = own_manifest(path) if state_of(path) is State.WHOLE else None
                if manifest and path.name not in named:
                    remove_whole(path, manifest)

    def _may_be_live(self, name: str) -> bool:
        """Whether readers may have been told of a generation; yes where nobody knows."""
        try:
            pointer = self.pointer()
        except (IndexMissingError, IndexDamagedError):
            return state_of(self.path(name)) is State.WHOLE
        except OSError:
            return True
        return name in (pointer.current, pointer.previous)

    def _compare(self, manifest: Manifest, threads: int) -> None:
        folder, files = self.path(manifest.generation), manifest.files
        found = _each(_digest_or_error, [folder / file for file in files], threads)
        for (file, wanted), digest in zip(files.items(), found, strict=True):
            if isinstance(digest, OSError):
                raise self.damaged(file) from digest
            if digest != wanted:
                raise self.damaged(file)

    def _point(self, pointer: Pointer) -> None:
        new = self._folder / f"{POINTER}{_NEW}"
        write_private(new, sealed(asdict(pointer)))
        _sync(new)
        new.replace(self._folder / POINTER)
        _sync(self._folder)


def are_as_seen(seen: Seen) -> bool:
    """Whether files are still those that were looked at, unchanged: 0.1 ms for 73 of them."""
    try:
        return all(_state(path) == state for path, state in seen.items())
    except OSError:
        return False


def _state(path: str) -> FileState:
    # A `Path` would take half as long again, and this is done with each request.
    found = os.stat(path)  # noqa: PTH116
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _with_files(manifest: Manifest, folder: Path) -> Manifest:
    """The manifest with the checksums and sizes of its files."""
    names = list(manifest.files) or own_files(folder)
    paths = [folder / name for name in names]
    files = manifest.files or dict(zip(names, _each(digest_of, paths, THREADS), strict=True))
    sizes = {name: path.stat().st_size for name, path in zip(names, paths, strict=True)}
    return replace(manifest, files=files, sizes=sizes)


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


def _sync(path: Path) -> None:
    """Bring a file to disk; whoever reads it next reads it from there."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(handle)
