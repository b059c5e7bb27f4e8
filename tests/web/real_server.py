"""The production server over an index that was really built, as a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from jianbao.indexer import Settings, load_settings, reindex


def index(folder: Path, *sources: Path, **settings: object) -> Settings:
    """Index the sources below `folder`, or bring their index up to date; the settings used."""
    used = load_settings({"index": folder / "index", "jobs": 1, **settings}, {}, folder)
    reindex(used, list(sources), now=lambda: datetime.now(UTC))
    return used


@contextmanager
def jianbao_serve(root: Path, settings: Settings) -> Iterator[str]:
    """`jianbao serve` on any free port; the address that it prints, ending in a slash."""
    program = "from jianbao.web.cli import main; main()"
    arguments = ["serve", "--port", "0", "--index", str(settings.index)]
    command = [sys.executable, "-c", program, *arguments]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()
