"""Which words a reader may have meant: alike in sound or in characters, and in the index."""

from indexer.spelling.corrections import Correction, Spelling
from indexer.spelling.likeliness import Slip

__all__ = ["Correction", "Slip", "Spelling"]
