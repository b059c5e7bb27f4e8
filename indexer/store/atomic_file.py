"""A file that appears whole or not at all."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def placed(path: Path) -> Iterator[BinaryIO]:
    """A file to write, beside `path`, which it becomes when the block ends normally and it is on
    disk; otherwise `path` stays as it was. Nobody but its owner may read it.

    Raises OSError, also where `path` is a folder, a device or a pipe: it would be replaced.
    """
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "it is no file", str(path))
    # Its mode is 0600 on every system, and no other file can be there already.
    handle, name = tempfile.mkstemp(".new", ".jianbao-", path.parent)
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
