"""Files that say what is not to be indexed, as `.gitignore` does for Git."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pathspec import GitIgnoreSpec

FILE = ".jianbaoignore"


@dataclass(frozen=True, slots=True)
class Ignoring:
    """What the files `FILE` of a folder and of those above it say; `rules` go from the top down,
    each with the prefix of the names that its patterns are about."""

    rules: tuple[tuple[str, GitIgnoreSpec], ...] = ()

    def below(self, folder: Path, prefix: str) -> Ignoring:
        """What holds in a folder whose files' names begin with `prefix`. Raises OSError,
        UnicodeDecodeError, or ValueError for a pattern that cannot be read."""
        try:
            text = (folder / FILE).read_text("utf-8-sig")
        except FileNotFoundError:
            return self
        return Ignoring((*self.rules, (prefix, GitIgnoreSpec.from_lines(text.splitlines()))))

    def covers(self, name: str) -> bool:
        """Whether a file of that name, or a folder where it ends in a slash, is not indexed: the
        nearest rule that says anything decides."""
        for prefix, patterns in reversed(self.rules):
            verdict = patterns.check_file(name.removeprefix(prefix)).include
            if verdict is not None:
                return verdict
        return False
