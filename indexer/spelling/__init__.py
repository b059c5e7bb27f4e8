"""Which words a reader may have meant: alike in sound or in characters, and in the index."""

from indexer.spelling.corrections import Correction, Spelling

__all__ = ["Correction", "Spelling"]
