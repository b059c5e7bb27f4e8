"""Where a source may lie: links are followed no further."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

LEADS_OUT = (
    "the link leads out of the sources, so it is not followed; where links may lead is said by the "
    "setting follow_links (--follow-links FOLDER,FOLDER)"
)


def bounds_of(roots: Iterable[Path], follow_links: Iterable[Path]) -> tuple[str, ...]:
    """The real paths of the roots and of the folders to which links may lead. A root that is a
    link itself was chosen by the operator, so what it leads to is a root."""
    return tuple(dict.fromkeys(os.path.realpath(path) for path in (*roots, *follow_links)))


def is_within(place: str, bounds: Iterable[str]) -> bool:
    """Whether a real path is one of `bounds` or lies below it."""
    return any(
        place == bound or place.startswith(bound.rstrip(os.sep) + os.sep) for bound in bounds
    )
