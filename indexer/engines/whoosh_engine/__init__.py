"""The embedded engine: stock Whoosh storage, read into arrays and scored with NumPy.

Only this folder imports whoosh. What a generation's folder holds: `whoosh/`, the index with the
postings and the stored articles, and `columns.json`, a value per article for every field that is
sorted, filtered or counted by.
"""

from indexer.engines.whoosh_engine.engine import WhooshEngine
from indexer.engines.whoosh_engine.writer import WhooshWriter

__all__ = ["WhooshEngine", "WhooshWriter"]
