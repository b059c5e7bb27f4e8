"""The process in which office files are read, as its parent sees it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from queue import Empty, Queue
from tempfile import TemporaryDirectory
from threading import Thread
from typing import IO

from jianbao.indexer.sources.files.source_file import SourceFile
from jianbao.indexer.sources.office.sandbox.limits import Limits

HEADER = 4
"""Bytes, the most significant first, that say how long the message after them is."""

_AHEAD = 2
"""Messages that wait here while the parent is busy with an earlier one."""

_KEPT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "SYSTEMROOT")
"""All of the environment that the process is given: a file that takes it over finds no secret."""


class ChildGoneError(Exception):
    """The process has ended. `str()` of it says how, as half a sentence."""


class ChildSilentError(Exception):
    """Nothing was heard in the time given."""


class Child:
    """One process. Whoever makes it must `stop` it."""

    def __init__(self, limits: Limits) -> None:
        self._folder = TemporaryDirectory(prefix="jianbao-office-", ignore_cleanup_errors=True)
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-P", "-m", "jianbao.indexer.sources.office.sandbox.worker"),
                *(json.dumps(asdict(limits)), self._folder.name, str(os.getpid())),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(self._folder.name),
            # Ctrl-C is for the parent, which stops this process in its own time.
            start_new_session=True,
        )
        self._heard: Queue[bytes | None] = Queue(_AHEAD)
        assert self._process.stdout is not None
        longest = limits.item + limits.item // 2
        self._thread = Thread(
            target=_listen, args=(self._process.stdout, longest, self._heard), daemon=True
        )
        self._thread.start()

    def ask(self, file: SourceFile) -> None:
        """Have a file read. Raises ChildGoneError."""
        path = os.fsencode(file.source.path).decode("latin-1")
        within = [os.fsencode(place).decode("latin-1") for place in file.source.within]
        roles = dict(file.roles)
        request = {"path": path, "name": file.name, "within": within, "roles": roles}
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
        except OSError as error:
            raise ChildGoneError(self._end()) from error

    def answer(self, seconds: float) -> bytes:
        """The next message. Raises ChildSilentError after `seconds`, and ChildGoneError."""
        try:
            message = self._heard.get(timeout=max(seconds, 0.0))
        except Empty:
            raise ChildSilentError from None
        if message is None:
            raise ChildGoneError(self._end())
        return message

    def stop(self) -> None:
        """End the process, whatever it is doing, and remove what it has written."""
        self._process.kill()
        self._process.wait()
        while self._thread.is_alive():
            try:
                self._heard.get(timeout=0.01)
            except Empty:
                continue
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                _close(pipe)
        self._folder.cleanup()

    def _end(self) -> str:
        # A process that only closed its pipe, or sent too long a message, is ended here.
        try:
            code = self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            return "gave more text than one article may have"
        if code >= 0:
            return f"ended with code {code}"
        if sys.platform != "win32" and -code == signal.SIGXCPU:
            return "took too much computing time"
        return f"broke with {signal.Signals(-code).name}"


def _environment(folder: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    packages = Path(__file__).resolve().parents[3]
    # One thread of the array library saves the memory that each of them would reserve.
    own = {"PYTHONPATH": str(packages), "PYTHONUTF8": "1", "TMPDIR": folder, "HOME": folder}
    return {**kept, **own, "OPENBLAS_NUM_THREADS": "1"}


def _listen(pipe: IO[bytes], longest: int, heard: Queue[bytes | None]) -> None:
    """Put each message into `heard`, and None at the end or at a message that is too long."""
    while True:
        header = pipe.read(HEADER)
        size = int.from_bytes(header, "big")
        message = pipe.read(size) if len(header) == HEADER and size <= longest else b""
        if not message or len(message) < size:
            heard.put(None)
            return
        heard.put(message)


def _close(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except BrokenPipeError:  # A request that the dead process has not taken is lost with it.
        return
