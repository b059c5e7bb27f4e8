"""The console script: loads the commands, and says what to do where that fails.

Exit code 1 says that an index was published, and systemd is told to take it for success. Python
ends with 1 too where a library cannot be loaded, and OpenBLAS ends the process with it where it
gets no memory: so nothing heavy is loaded by this file itself, nor by `web/__init__.py`.
"""

from __future__ import annotations

import errno
import mmap
import os
import sys
from typing import Final

NOT_LOADED: Final = 3
"""As of a command that publishes nothing."""

INTERRUPTED: Final = 130

ROOM: Final = 256 << 20
"""Bytes of address space that must be free. Loading takes 125 MB, the smallest run of `index` that
succeeded 400 MB; what OpenBLAS ends the process for lies below."""


def main() -> None:
    """Run the command that `sys.argv` names. Raises SystemExit with its exit code."""
    # Nothing here multiplies matrices; each thread of OpenBLAS takes 40 MB of address space.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        _require_room()
        from jianbao.web.cli import main as run
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED) from None
    except Exception as error:
        print(f"Error: {_told(error)}", file=sys.stderr)
        raise SystemExit(NOT_LOADED) from error
    run()


def _require_room() -> None:
    if hasattr(mmap, "MAP_PRIVATE"):
        mmap.mmap(-1, ROOM, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS).close()


def _told(error: Exception) -> str:
    what = f"Jianbao could not be loaded ({type(error).__name__}: {error})"
    if isinstance(error, MemoryError) or getattr(error, "errno", None) == errno.ENOMEM:
        return f"{what}: give it more memory, `ulimit -v`"
    return f"{what}: give it more memory, `ulimit -v`, or install it anew"
