"""Run as a program: the production server over the hand-made searcher, on any free port."""

from __future__ import annotations

import sys

from flask import Flask

from jianbao.web import create_app
from jianbao.web.server.serve import address, listen, serve
from tests.web.conftest import HandSearcher, make_articles


def make_app() -> Flask:
    """One app for each worker."""
    return create_app(HandSearcher(make_articles()))


if __name__ == "__main__":
    listener = listen("127.0.0.1", 0)
    url = address(listener)
    serve(listener, make_app, workers=int(sys.argv[1]), ready=lambda: print(url, flush=True))
