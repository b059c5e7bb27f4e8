"""Files that say what is not to be indexed, as `.gitignore` does for Git."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pathspec import GitIgnoreSpec

from jianbao.indexer.errors import SourceError
from jianbao.indexer.models import Source
from jianbao.indexer.sources.files.source_file import opened

FILE = ".jianbaoignore"


LONGEST = 1 << 20
"""Bytes of a file of rules; a larger one is a mistake, or a trap."""


@dataclass(frozen=True, slots=True)
class Ignoring:
    """What the files `FILE` of a folder and of those above it say; `rules` go from the top down,
    each with the path of the folder that its patterns are about."""

    rules: tuple[tuple[str, GitIgnoreSpec], ...] = ()

    def below(self, folder: str) -> Ignoring:
        """What holds in a folder. Raises OSError, SourceError, UnicodeDecodeError, or ValueError
        for a pattern that cannot be read."""
        try:
            with opened(Source(Path(folder, FILE), FILE)) as file:
                data = file.read(LONGEST + 1)
        except FileNotFoundError:
            return self
        if len(data) > LONGEST:
            raise SourceError(f"it is larger than {LONGEST >> 20} MB")
        lines = data.decode("utf-8-sig").splitlines()
        return Ignoring((*self.rules, (folder + "/", GitIgnoreSpec.from_lines(lines))))

    def covers(self, path: str) -> bool:
        """Whether the file at a path, or the folder where it ends in a slash, is not indexed: the
        nearest rule that says anything decides."""
        for folder, patterns in reversed(self.rules):
            verdict = patterns.check_file(path.removeprefix(folder)).include
            if verdict is not None:
                return verdict
        return False
