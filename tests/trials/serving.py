"""The production server as a process whose number is known."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT

PROGRAM = "from jianbao.web.cli import main; main()"


@dataclass(frozen=True, slots=True)
class Server:
    """The address ends in a slash."""

    pid: int
    address: str


@contextmanager
def serving(index: Path) -> Iterator[Server]:
    """`jianbao serve` over an index, on any free port."""
    command = [sys.executable, "-c", PROGRAM, "serve", "--port", "0", "--index", str(index)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield Server(process.pid, process.stdout.readline().strip())
        finally:
            process.terminate()
