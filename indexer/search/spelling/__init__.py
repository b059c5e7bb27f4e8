"""Which words a reader may have meant: alike in sound or in characters, and in the index."""

from jianbao.indexer.search.spelling.corrections import Correction, Spelling
from jianbao.indexer.search.spelling.likeliness import Slip

__all__ = ["Correction", "Slip", "Spelling"]
