"""What the machine can deny a run, as an error that says what to do about it."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from pathlib import Path

from jianbao.indexer.errors import RunFailedError

_REMEDIES = {
    errno.ENOSPC: "make room there; a run needs about as much as the index has",
    errno.EDQUOT: "ask for a larger quota there; a run needs about as much as the index has",
    errno.EFBIG: "allow larger files, `ulimit -f`",
    errno.EMFILE: "allow more open files, `ulimit -n`",
    errno.ENFILE: "allow more open files on this machine",
    errno.ENOMEM: "give it more memory, or --jobs 1",
    errno.EAGAIN: "allow more processes, `ulimit -u`, or give --jobs 1",
    errno.EROFS: "mount it so that it can be written to",
    errno.EACCES: "run as a user who may write there",
    errno.EPERM: "run as a user who may write there",
    errno.EIO: "look at the disk's health",
}
_THREADS = (
    "no more threads can be started: allow more memory, `ulimit -v`, or processes, `ulimit -u`"
)
_MEMORY = "memory ran out: give it more, or --jobs 1"
_LIBRARY = "give it more memory, or install Jianbao anew"
_WORKER = "a worker process was ended by the system, mostly for want of memory: give --jobs 1"


@contextmanager
def explained(index: Path) -> Iterator[None]:
    """Raise RunFailedError for what the machine denies while the index at `index` is written."""
    try:
        yield
    except OSError as error:
        raise _failed(index, reason(error)) from error
    except sqlite3.Error as error:
        raise _failed(index, f"{error}: see whether there is room and the disk is sound") from error
    except ImportError as error:
        raise _failed(index, f"{error}: {_LIBRARY}") from error
    except MemoryError as error:
        raise _failed(index, _MEMORY) from error
    except BrokenExecutor as error:
        raise _failed(index, _WORKER) from error
    except RuntimeError as error:
        if not _is_want_of_threads(error):
            raise
        raise _failed(index, _THREADS) from error


def denied(error: Exception) -> str | None:
    """What the machine denied, and what to do about it; None for an error of another kind."""
    if isinstance(error, OSError):
        return reason(error)
    if isinstance(error, MemoryError):
        return _MEMORY
    if isinstance(error, RuntimeError) and _is_want_of_threads(error):
        return _THREADS
    return None


def reason(error: OSError) -> str:
    """What was denied and what to do about it, for a message."""
    if error.errno is None:  # NumPy's for a full disk: what it says of it are two numbers.
        return f"a file could not be written whole, {error}: see whether there is room there"
    what = error.strerror or str(error)
    where = f"{error.filename}: " if error.filename else ""
    remedy = _REMEDIES.get(error.errno, "see what denies it")
    return f"{where}{what}: {remedy}"


def _is_want_of_threads(error: RuntimeError) -> bool:
    """Python has no class of its own for it."""
    return "start new thread" in str(error)


def _failed(index: Path, reason: str) -> RunFailedError:
    return RunFailedError(
        f"the run failed, and the index at {index} stays as it was ({reason}); "
        "then run `jianbao index` again"
    )
