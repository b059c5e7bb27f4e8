"""An index of a few articles, the real command over it, and what an operator then looks at."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from jianbao.indexer import SearchRequest, load_settings, open_searcher, reindex
from jianbao.indexer.store.generations import Generations
from tests.conftest import ROOT
from tests.test_changes import write

JIANBAO = (sys.executable, "-m", "jianbao.indexer")


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended: its exit code and all that it said."""

    code: int
    said: str


def run(command: Sequence[object], env: Mapping[str, str] | None = None) -> Ran:
    """Run a command to its end. No known failure ends in a traceback."""
    done = subprocess.run(
        [*map(str, command)],
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    said = done.stdout + done.stderr
    assert "Traceback" not in said, said
    return Ran(done.returncode, said)


@dataclass(frozen=True, slots=True)
class Place:
    """A folder with `sources` and the `index` of them."""

    folder: Path

    @property
    def sources(self) -> Path:
        """What is indexed."""
        return self.folder / "sources"

    @property
    def index(self) -> Path:
        """The index."""
        return self.folder / "index"

    def write(self, name: str, text: str) -> None:
        """One article, which says 石桥 and `text`."""
        write(self.sources / f"{name}.txt", f"石桥{name}\n\n城东的石桥昨日修缮完工：{text}。\n")

    def command(self, *flags: object, prefix: Sequence[object] = ()) -> list[object]:
        """`jianbao index` in one process."""
        common = ("--index", self.index, "--jobs", 1)
        return [*prefix, *JIANBAO, "index", self.sources, *common, *flags]

    def build(self, *flags: object, code: int = 0) -> Ran:
        """Run it and expect that exit code."""
        ran = run(self.command(*flags))
        assert ran.code == code, ran.said
        return ran

    def build_here(self) -> None:
        """Build it in this process, which knows the dictionary already."""
        settings = load_settings({"index": self.index, "jobs": 1}, {}, self.folder)
        reindex(settings, [self.sources], now=lambda: datetime.now(UTC))

    def total(self, query: str = "石桥") -> int:
        """How many articles a reader finds, in an index whose checksums are right."""
        generations = Generations(self.index)
        generations.check(generations.pointer().current)
        settings = load_settings({"index": self.index}, {}, self.folder)
        searcher = open_searcher(settings, lambda: 0.0)
        found = searcher.search(SearchRequest(query, mode="all"))
        assert all(hit.article.body for hit in found.hits)
        searcher.close()
        return found.total

    def is_clean(self) -> bool:
        """Whether nothing is there but the live generation and the one before it."""
        pointer = Generations(self.index).pointer()
        kept = {each for each in (pointer.current, pointer.previous) if each}
        names = {path.name for path in self.index.iterdir()}
        found = {path.name for path in (self.index / "generations").iterdir()}
        return found == kept and names == {"current.json", "generations", "lock"}

    def copied(self, target: Path) -> Place:
        """The same sources, with their times, and the same index at another place."""
        shutil.copytree(self.folder, target, dirs_exist_ok=True, copy_function=shutil.copy2)
        return Place(target)
