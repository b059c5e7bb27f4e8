"""What is raised where the files of a segment contradict what they must be."""

from __future__ import annotations

import logging
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast

from jianbao.indexer.errors import IndexDamagedError

_Method = TypeVar("_Method", bound=Callable[..., Any])
_Each = TypeVar("_Each")

_LOG = logging.getLogger(__name__)

_FAULTS = (IndexError, KeyError, OverflowError, TypeError, ValueError, zlib.error)
"""What reading arrays with wrong values raises: every number is compared with the bounds of the
array that it points into, by NumPy or in C."""


class _Reader(Protocol):
    @property
    def folder(self) -> Path:
        """The folder of the segment that is read."""
        ...


_Self = TypeVar("_Self", bound=_Reader)


def damaged(path: Path, why: str) -> IndexDamagedError:
    """What to raise for a file, or a folder of files, of which `why` tells what is wrong."""
    return IndexDamagedError(
        f"{path} {why}: run `jianbao rollback`, or `jianbao index --full`",
    )


def reads(method: _Method) -> _Method:
    """A method that raises IndexDamagedError where the values of the segment contradict each
    other. What was raised is logged, since it may be a fault of ours."""

    # A context manager takes a microsecond, which searches by the hundred would pay.
    @wraps(method)
    def read(self: _Reader, *given: Any, **named: Any) -> Any:
        try:
            return method(self, *given, **named)
        except _FAULTS as error:
            raise _contradicted(self.folder, error) from error

    return cast(_Method, read)


def reads_each(method: Callable[[_Self], Iterator[_Each]]) -> Callable[[_Self], Iterator[_Each]]:
    """The same for a method that yields."""

    @wraps(method)
    def read(self: _Self) -> Iterator[_Each]:
        with reading(self.folder):
            yield from method(self)

    return read


@contextmanager
def reading(folder: Path) -> Iterator[None]:
    """The same for a block of statements that reads the segment in a folder."""
    try:
        yield
    except _FAULTS as error:
        raise _contradicted(folder, error) from error


def _contradicted(folder: Path, error: Exception) -> IndexDamagedError:
    _LOG.error("the files in %s contradict each other", folder, exc_info=error)
    said: Any = f"{type(error).__name__}: {error}"
    return damaged(folder, f"has files that contradict each other ({said})")
