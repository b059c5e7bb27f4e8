"""Office files as the run reads them: asked of another process, which may fail in its stead."""

from __future__ import annotations

from collections.abc import Iterator
from time import monotonic
from typing import Self

from jianbao.indexer.errors import SourceError
from jianbao.indexer.sources.files.reader import Item
from jianbao.indexer.sources.files.source_file import SourceFile
from jianbao.indexer.sources.office.sandbox.child import Child, ChildGoneError, ChildSilentError
from jianbao.indexer.sources.office.sandbox.limits import MB, Limits
from jianbao.indexer.sources.office.sandbox.wire import WireError, unpacked

START_SECONDS = 120.0
"""For the process to load its libraries: 0.7 s on an idle machine."""


class OfficeReading:
    """Reads office files in a process that is started with the first and used again.

    A context: the process ends with it. After a failure and every `Limits.files` files a new one
    takes its place.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._child: Child | None = None
        self._files = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End the process; the next file starts another."""
        if self._child is not None:
            self._child.stop()
            self._child = None

    def read(self, file: SourceFile) -> Iterator[Item]:
        """The items of an office file. Raises SourceError when it had to be given up."""
        whole = False
        try:
            yield from self._items(file)
            whole = True
        except ChildSilentError:
            raise SourceError("reading it took too long, so it was given up") from None
        except ChildGoneError as error:
            memory = self._limits.memory // MB
            raise SourceError(
                f"the process that reads it {error}: it is damaged, or needs more than "
                f"{self._limits.cpu_seconds} s or {memory} MB"
            ) from None
        except WireError:
            raise SourceError("the process that reads it gave a senseless answer") from None
        finally:
            if not whole:
                self.stop()

    def _items(self, file: SourceFile) -> Iterator[Item]:
        child = self._ready()
        child.ask(file)
        left = self._limits.total_seconds
        output = self._limits.output
        while True:
            began = monotonic()
            message = child.answer(min(left, self._limits.seconds))
            left -= monotonic() - began
            output -= len(message)
            item = unpacked(message, file.name)
            if item is None:
                return
            if output < 0:
                raise SourceError(f"it gives more than {self._limits.output // MB} MB of text")
            yield item

    def _ready(self) -> Child:
        """A process that waits for a file."""
        if self._files >= self._limits.files:
            self.stop()
        if self._child is None:
            self._child = Child(self._limits)
            self._files = 0
            self._child.answer(START_SECONDS)
        self._files += 1
        return self._child
