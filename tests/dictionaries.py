"""Dictionaries that all tests of a process share: half a second to a second each, several hundred
times, is most of what a small index takes."""

from __future__ import annotations

from functools import cache, lru_cache

from jianbao.indexer import analysis as opening
from jianbao.indexer.text.bulk import BulkAnalyzer
from jianbao.indexer.text.pinyin import open_readings
from jianbao.indexer.text.segment import dictionary_words, open_segmenter


@cache
def bulk_analyzer() -> BulkAnalyzer:
    """The analyzer for batches that asks the segmenter, without user words."""
    return BulkAnalyzer(open_segmenter(), dictionary_words())


readings = cache(open_readings)
"""How texts are read aloud."""

open_bulk_analyzer = lru_cache(maxsize=4)(opening.open_bulk_analyzer)
"""What indexing runs open, by its words and segmenter."""
