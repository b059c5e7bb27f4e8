"""The embedded engine: a Whoosh index whose postings are arrays, scored in C or with NumPy.

Only this folder imports whoosh. README.md says what an index's folder holds.
"""

from indexer.engines.whoosh_engine.earlier import Earlier
from indexer.engines.whoosh_engine.engine import WhooshEngine
from indexer.engines.whoosh_engine.writer import WhooshWriter

__all__ = ["VERSION", "Earlier", "WhooshEngine", "WhooshWriter"]

VERSION = 7
"""Raise it whenever a file changes its form: old indexes are then refused."""
