"""Where postings live. One engine a file or folder, all behind the interface in `base`."""

from __future__ import annotations

from collections.abc import Mapping

from jianbao.indexer.engines.embedded import native as engine
from jianbao.indexer.text import native as text


def native_parts() -> Mapping[str, bool]:
    """What was built in C: the segmentation of texts, the writing of an index, searches. All of it
    is done in Python and NumPy as well, more slowly."""
    return {
        "segmentation": text.is_built(),
        "indexing": engine.is_built("_building"),
        "searches": engine.is_built("_native"),
    }
