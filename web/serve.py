"""The production server: worker processes where the system can fork, threads where it cannot."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from typing import Any, Final

from flask import Flask

from web.allocation import hold_less

THREADS: Final = 8
"""Per worker. A browser's idle spare connection holds a thread for up to 5 s."""

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
    listener: socket.socket, make_app: MakeApp, workers: int, ready: Callable[[], None]
) -> None:
    """Answer requests until interrupted.

    `make_app` runs once, before the workers are forked: they share the dictionary and the index,
    which nobody writes to. `ready` runs once, when the first worker takes requests.
    """
    if hasattr(os, "fork"):
        _serve_forked(listener, make_app, workers, ready)
    else:
        _serve_threaded(listener, make_app, ready)


def _serve_forked(
    listener: socket.socket, make_app: MakeApp, workers: int, ready: Callable[[], None]
) -> None:
    from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

    from web.worker import Connections, sharing

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
        "worker_class": sharing(connections),
        "threads": THREADS,
        "graceful_timeout": STOP_S,
        # Off: a query of a few hundred Chinese characters is longer than the usual 4,094 bytes.
        "limit_request_line": 0,
        "loglevel": "warning",
        "post_worker_init": announce,
        "child_exit": connections.forget,
        # Whom to believe is `trusted_proxies`' to say; gunicorn would believe any local process.
        "forwarded_allow_ips": "",
        # A socket file for remote control is one more thing to guard, and nobody here uses it.
        "control_socket_disable": True,
    }

    class Application(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            for name, value in settings.items():
                self.cfg.set(name, value)

        def load(self) -> Flask:
            return make_app()

    Application().run()


def _serve_threaded(listener: socket.socket, make_app: MakeApp, ready: Callable[[], None]) -> None:
    from waitress import create_server  # type: ignore[import-untyped]

    # The headers of proxies are for the app, which knows how many of them to believe.
    server = create_server(
        make_app(), sockets=[listener], threads=THREADS, clear_untrusted_proxy_headers=False
    )
    ready()
    server.run()
