"""The process that reads office files: takes requests on its input, answers on its output.

Started by `child.py` with its limits as JSON, a folder of its own and the parent's number.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from jianbao.indexer.errors import SourceError
from jianbao.indexer.models import Article, Problem, Source
from jianbao.indexer.sources.files.reader import Item
from jianbao.indexer.sources.files.source_file import SourceFile, opened
from jianbao.indexer.sources.office.sandbox.archive_reader import Budget, Nest, reason_of
from jianbao.indexer.sources.office.sandbox.child import HEADER
from jianbao.indexer.sources.office.sandbox.confine import allow_computing, confine
from jianbao.indexer.sources.office.sandbox.limits import MB, Limits
from jianbao.indexer.sources.office.sandbox.wire import packed

_WATCH_SECONDS = 0.5


def main() -> None:
    """Serve until the input ends."""
    limits = Limits(**json.loads(sys.argv[1]))
    folder = Path(sys.argv[2])
    threading.Thread(target=_leave_with, args=(int(sys.argv[3]), folder), daemon=True).start()
    try:
        with _own_output() as output:
            confine(limits)
            _serve(output, limits, folder)
    except BrokenPipeError:  # The parent was killed, and nobody is left to be told.
        return
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _serve(output: BinaryIO, limits: Limits, folder: Path) -> None:
    _send(output, packed(None))
    for line in sys.stdin.buffer:
        request = json.loads(line)
        for item in _items(request, limits, folder):
            _send(output, _message(item, request["name"], limits))
        _send(output, packed(None))


def _items(request: dict[str, Any], limits: Limits, folder: Path) -> Iterator[Item]:
    path, *within = (
        os.fsdecode(each.encode("latin-1")) for each in (request["path"], *request["within"])
    )
    source = Source(Path(path), request["name"], tuple(within))
    try:
        with opened(source) as file:
            # Libraries open by path, which may lead elsewhere by then; this one cannot.
            held = Path(f"/proc/self/fd/{file.fileno()}")
            place = held if held.exists() else source.path
            yield from _read(
                SourceFile(Source(place, source.name), request["roles"]), limits, folder
            )
    except (OSError, SourceError) as error:
        yield Problem(source.name, "skipped", reason_of(error))


def _own_output() -> BinaryIO:
    """The pipe to the parent, out of reach of whatever a library prints."""
    output = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return output


def _leave_with(parent: int, folder: Path) -> None:
    """End this process when its parent was killed, and remove what is left of it."""
    while os.getppid() == parent:
        time.sleep(_WATCH_SECONDS)
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)


def _read(file: SourceFile, limits: Limits, folder: Path) -> Iterator[Item]:
    nest = Nest(
        folder, Budget(limits.members, limits.unpacked), limits.depth, file.name, file.roles
    )
    for item in nest.items(file):
        allow_computing(limits)
        yield item
    yield from nest.unread()


def _message(item: Item, name: str, limits: Limits) -> bytes:
    if isinstance(item, Article) and len(item.body) * 3 > limits.item:
        reason = f"the text of {item.id} is longer than {limits.item // 3 // MB} million characters"
        item = Problem(name, "skipped", reason)
    return packed(item)


def _send(output: BinaryIO, message: bytes) -> None:
    output.write(len(message).to_bytes(HEADER, "big") + message)
    output.flush()


if __name__ == "__main__":
    main()
