"""The process that indexes: `python -m tests.bench.indexing PEER ARTICLES FOLDER`.

It imports nothing but what the one engine needs, because its memory is measured; it prints what it
has to tell as one line of JSON.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from tests.bench.peers import open_peer
from tests.bench.query import Query


def main(name: str, articles: Path, folder: Path) -> None:
    """Index, open and answer once."""
    peer = open_peer(name)
    started = time.perf_counter()
    peer.build(articles, folder)
    peer.open(folder)
    peer.search(Query("first", "all", "中国"))
    seconds = time.perf_counter() - started
    peer.close()
    told = {"peer": peer.name, "version": peer.version, "note": peer.note, "seconds": seconds}
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]).resolve(), Path(sys.argv[3]).resolve())
