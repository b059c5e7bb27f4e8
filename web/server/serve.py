"""The production server: worker processes where the system can fork, one where it cannot."""

from __future__ import annotations

import logging
import os
import socket
import sys
from collections.abc import Callable
from typing import Any, Final, NoReturn

from flask import Flask

from jianbao.web.server.acceptor import DEFAULT, Acceptor, Limits
from jianbao.web.server.allocation import hold_less
from jianbao.web.server.logs import log_discreetly

STOP_S: Final = 5
"""How long a stopping worker may finish the requests it has."""

MakeApp = Callable[[], Flask]


def listen(host: str, port: int) -> socket.socket:
    """A socket that already queues connections; raises OSError when the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=512)


def address(listener: socket.socket) -> str:
    """The URL to type into a browser on this machine."""
    host, port = listener.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{shown}]:{port}/" if ":" in shown else f"http://{shown}:{port}/"


def serve(
    listener: socket.socket,
    make_app: MakeApp,
    workers: int,
    ready: Callable[[], None],
    limits: Limits = DEFAULT,
) -> None:
    """Answer requests until interrupted; where there are workers, the process ends then.

    `make_app` runs once, before the workers are forked: they share the dictionary and the index,
    which nobody writes to. `ready` runs once, when the first worker takes requests.
    """
    log_discreetly()
    if hasattr(os, "fork"):
        _serve_forked(listener, make_app, workers, ready, limits)
    else:
        _serve_alone(listener, make_app, ready, limits)


def _serve_forked(
    listener: socket.socket,
    make_app: MakeApp,
    workers: int,
    ready: Callable[[], None],
    limits: Limits,
) -> None:
    from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

    from jianbao.web.server.worker import Connections, sharing

    hold_less()
    connections = Connections(workers)

    def announce(worker: Any) -> None:
        if worker.age == 1:
            ready()

    settings = {
        "bind": f"fd://{listener.detach()}",
        "workers": workers,
        # 71 MB of private memory instead of 154, with two workers and 51,247 articles.
        "preload_app": True,
        "worker_class": sharing(connections, limits),
        "graceful_timeout": STOP_S,
        "loglevel": "warning",
        "post_worker_init": announce,
        "child_exit": connections.forget,
        # A socket file for remote control is one more thing to guard, and nobody here uses it.
        "control_socket_disable": True,
    }

    class Application(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            for name, value in settings.items():
                self.cfg.set(name, value)

        def load(self) -> Flask:
            return make_app()

    try:
        Application().run()
    except SystemExit as ended:
        _leave(ended.code)


def _leave(code: object) -> NoReturn:
    """End this process, a worker or their master, without taking its objects apart one by one:
    with the dictionary and an index that takes seconds where the machine is busy."""
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else int(code is not None))


def _serve_alone(
    listener: socket.socket, make_app: MakeApp, ready: Callable[[], None], limits: Limits
) -> None:
    acceptor = Acceptor(make_app(), listener, limits, prefix=os.environ.get("SCRIPT_NAME", ""))
    ready()
    try:
        while True:
            acceptor.round()
    except KeyboardInterrupt:
        acceptor.end(STOP_S)
