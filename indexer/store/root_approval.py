"""Which backups need the operator's word before they are restored.

A backup names the files and folders that it was made from, and the next `jianbao index` without
paths reads them. One that comes from elsewhere could name any: `/etc`, or somebody's letters.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from jianbao.indexer.errors import IndexDamagedError, IndexMissingError, UserError
from jianbao.indexer.store.generations import Generations

ACCEPT = "--accept-roots"

_SHOWN = 10


def strange_roots(
    generations: Generations, roots: Sequence[str], here: Path, home: Path
) -> list[str]:
    """The roots of a backup that its restorer may not know of.

    Known are those of the generations that the index has already. Where it has none, known are
    those that exist in the folder `here`, links followed, unless that is the top of a file system
    or `home`: then anything would lie in it.
    """
    known = _own_roots(generations)
    if known is not None:
        return [root for root in roots if root not in known]
    folder = here.resolve()
    is_wide = folder in (home.resolve(), Path(folder.anchor))
    return [root for root in roots if is_wide or not _lies_in(Path(root), folder)]


def refusal(path: Path, roots: Sequence[str]) -> UserError:
    """What to raise where nobody said that such roots are right."""
    return UserError(
        f"{path} was made from {listed(roots)}, which the next `jianbao index` without paths would "
        f"read; nothing was restored: if that is right, give {ACCEPT}"
    )


def listed(roots: Sequence[str]) -> str:
    """Roots for a message; their characters are spelled out where a terminal would obey them."""
    more = len(roots) - _SHOWN
    shown = ", ".join(repr(root) for root in roots[:_SHOWN])
    return f"{shown} and {more} more" if more > 0 else shown


def _own_roots(generations: Generations) -> Collection[str] | None:
    """The roots of the live generation and of the one before it; None where there is none."""
    try:
        pointer = generations.pointer()
        names = [name for name in (pointer.current, pointer.previous) if name]
        return {root for name in names for root in generations.manifest(name).roots}
    except IndexMissingError:
        return None
    except IndexDamagedError:
        # Nobody knows what they were.
        return ()


def _lies_in(root: Path, folder: Path) -> bool:
    try:
        return root.is_absolute() and root.resolve(strict=True).is_relative_to(folder)
    except (OSError, ValueError, RuntimeError):
        return False
