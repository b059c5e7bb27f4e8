"""The server's log, which never repeats what somebody searched for."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import Final

LINE: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"

_Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class DiscreetFormatter(logging.Formatter):
    """Shows where and of what kind an error was, without its message: that may hold a query, as
    `KeyError: '…'` does."""

    def formatException(self, ei: _Raised) -> str:  # noqa: N802
        """The frames and kinds of the exception and of those behind it, the first one first."""
        return "\n".join(_shown(error) for error in reversed([*_chain(ei[1])]))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _shown(error: BaseException) -> str:
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    frames = "".join(traceback.format_tb(error.__traceback__))
    return f"Traceback (most recent call last):\n{frames}{kind} (its message is left out)"


def log_discreetly() -> None:
    """Send warnings and errors to standard error; a log that is set up already stays."""
    handler = logging.StreamHandler()
    handler.setFormatter(DiscreetFormatter(LINE))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
