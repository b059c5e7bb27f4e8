"""The embedded engine: a Whoosh index whose postings are arrays, scored in C or with NumPy.

Only this folder imports whoosh. README.md says what an index's folder holds.
"""

from jianbao.indexer.engines.embedded.backend import EmbeddedBackend
from jianbao.indexer.engines.embedded.build.base_segment import Earlier
from jianbao.indexer.engines.embedded.engine import WhooshEngine
from jianbao.indexer.engines.embedded.writer import WhooshWriter

__all__ = ["Earlier", "EmbeddedBackend", "WhooshEngine", "WhooshWriter"]
