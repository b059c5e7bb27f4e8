"""Which engine keeps an index: the only place beside the engines themselves that names one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from jianbao.indexer.engines.base import Backend
from jianbao.indexer.engines.embedded import EmbeddedBackend

VERSION: Final = EmbeddedBackend.version
"""Of the form in which generations are kept."""


def open_backend(folder_of: Callable[[str], Path]) -> Backend:
    """The engine of an index whose generations have the folders that `folder_of` tells."""
    return EmbeddedBackend(folder_of)
