"""A segment's folder to the parts that answer searches."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jianbao.indexer.engines.embedded.format.doc_values import Columns
from jianbao.indexer.engines.embedded.format.layout import verify
from jianbao.indexer.engines.embedded.format.postings import Postings
from jianbao.indexer.engines.embedded.format.stored_text import StoredText
from jianbao.indexer.engines.embedded.native import is_built
from jianbao.indexer.engines.embedded.search.kernel import Kernel
from jianbao.indexer.engines.embedded.search.matching import Matcher
from jianbao.indexer.engines.embedded.search.numpy_kernel import NumpyKernel, NumpyLookup
from jianbao.indexer.engines.embedded.search.rescoring import Additions
from jianbao.indexer.engines.embedded.search.scoring import Scorer, Shares
from jianbao.indexer.ranking import Ranking


@dataclass(frozen=True, slots=True)
class Parts:
    """What reads a segment; all of it stays as it is, so threads share it."""

    columns: Columns
    text: StoredText
    postings: Postings
    scorer: Scorer
    kernel: Kernel
    additions: Additions


def open_parts(folder: Path, ranking: Ranking, *, native: bool) -> Parts:
    """Open a segment, with the functions in C if `native` and they were built. Raises
    IndexDamagedError where it is not laid out as `layout` says."""
    verify(folder)
    opened = _open_natively if native and is_built() else _open
    text = StoredText(folder)
    postings = Postings(folder, text.articles, ranking.accidental)
    return opened(folder, text, postings, ranking)


def _open(folder: Path, text: StoredText, postings: Postings, ranking: Ranking) -> Parts:
    columns = Columns(folder)
    matcher = Matcher(postings, text, NumpyLookup(postings, text))
    scorer = Scorer(matcher, Shares.of(text, ranking), ranking)
    additions = Additions(text, ranking)
    kernel = NumpyKernel(scorer, text, columns.newest, additions)
    return Parts(columns, text, postings, scorer, kernel, additions)


def _open_natively(folder: Path, text: StoredText, postings: Postings, ranking: Ranking) -> Parts:
    from jianbao.indexer.engines.embedded.search import native_kernel as native

    columns = Columns(folder, native.count_natively, native.pick_natively)
    shares = Shares.of(text, ranking)
    segment = native.open_segment(postings, text, columns.newest, shares, ranking)
    matcher = Matcher(postings, text, native.NativeLookup(segment))
    scorer = Scorer(matcher, shares, ranking)
    kernel = native.NativeKernel(segment, text, scorer)
    return Parts(columns, text, postings, scorer, kernel, Additions(text, ranking))
