"""The engines that take part, by their names on the command line."""

from __future__ import annotations

from collections.abc import Callable

from tests.bench.peers.base import Answer, Peer

__all__ = ["PEERS", "Answer", "Peer", "open_peer"]


def open_peer(name: str) -> Peer:
    """The engine of that name. Raises ImportError where its package is not installed."""
    return PEERS[name]()


def _jianbao() -> Peer:
    from tests.bench.peers.jianbao import Jianbao

    return Jianbao()


def _tantivy() -> Peer:
    from tests.bench.peers.tantivy_words import Tantivy

    return Tantivy()


def _sqlite() -> Peer:
    from tests.bench.peers.sqlite_fts5 import SqliteFts5

    return SqliteFts5()


def _bm25s() -> Peer:
    from tests.bench.peers.bm25s_matrix import Bm25s

    return Bm25s()


def _whoosh() -> Peer:
    from tests.bench.peers.stock_whoosh import StockWhoosh

    return StockWhoosh()


PEERS: dict[str, Callable[[], Peer]] = {
    "jianbao": _jianbao,
    "tantivy": _tantivy,
    "sqlite": _sqlite,
    "bm25s": _bm25s,
    "whoosh": _whoosh,
}
