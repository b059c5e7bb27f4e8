"""`jianbao serve` and `jianbao demo`, beside the commands that need no web server."""

from __future__ import annotations

import errno
import logging
import os
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import click
from flask import Flask

from jianbao.indexer import (
    Settings,
    load_settings,
    open_condition,
    open_searcher,
)
from jianbao.indexer.commands import cli_group
from jianbao.web.access.hosts import is_host, split_hosts
from jianbao.web.access.origins import split_origins
from jianbao.web.app import create_app
from jianbao.web.server.acceptor import Limits
from jianbao.web.server.serve import address, listen
from jianbao.web.server.serve import serve as run_server

CORPUS: Final = Path(__file__).resolve().parent.parent / "corpus"
"""The articles of the demonstration, which lie beside the packages, installed or not."""

DEMO_PORT: Final = 8090
PORTS_TRIED: Final = 20


def main() -> None:
    """The console script: every command of `python -m jianbao.indexer`, and `serve` and `demo`."""
    cli_group.add_command(serve)
    cli_group.add_command(demo)
    cli_group.main(prog_name="jianbao")


@click.command()
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port; 0 takes any free one.")
@click.option("--index", type=click.Path(path_type=Path), help="Folder of the index.")
@click.option("--debug", is_flag=True, help="For work on the pages: reread templates, /patterns.")
def serve(host: str | None, port: int | None, index: Path | None, debug: bool) -> None:
    """Serve the search page and the JSON API until interrupted."""
    settings = _settings({"host": host, "port": port, "index": index})
    if debug:
        logging.basicConfig()
    app = _open_app(settings, debug=debug)
    _run(settings, app, _listen(settings.host, settings.port))


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), help="Port; default 8090 or the next free.")
def demo(port: int | None) -> None:
    """Index the articles that come with Jianbao if needed, and serve them."""
    index = Path.cwd() / ".jianbao" / "demo"
    cli_group.main(
        ["index", str(CORPUS), "--index", str(index), "--if-needed"], standalone_mode=False
    )
    settings = _settings({"index": index})
    app = _open_app(settings)
    listener = _demo_listener(settings.host) if port is None else _listen(settings.host, port)
    _run(settings, app, listener)


def _settings(flags: Mapping[str, object]) -> Settings:
    given = {name: value for name, value in flags.items() if value is not None}
    settings = load_settings(given, os.environ, Path.cwd())
    split_origins(settings.allowed_origins)
    split_hosts(settings.allowed_hosts)
    return settings


def _open_app(settings: Settings, *, debug: bool = False) -> Flask:
    """The app with its index open, before any worker is started: what is wrong is said once."""
    return create_app(
        open_searcher(settings),
        page_size=settings.page_size,
        allowed_origins=split_origins(settings.allowed_origins),
        allowed_hosts=(*_own_names(settings.host), *split_hosts(settings.allowed_hosts)),
        trusted_proxies=settings.trusted_proxies,
        debug=debug,
        metrics=settings.metrics,
        condition=open_condition(settings),
    )


def _own_names(host: str) -> tuple[str, ...]:
    """What the server is called by who reaches it at the address that it listens on. Where that is
    every address of the machine, the one asked at is known with each request."""
    if host in ("", "0.0.0.0", "::"):
        names = (socket.gethostname(), socket.getfqdn())
        return tuple(name for name in dict.fromkeys(names) if is_host(name))
    return (host,) if is_host(host) else ()


def _listen(host: str, port: int) -> socket.socket:
    try:
        return listen(host, port)
    except OSError as error:
        raise click.UsageError(_refusal(host, port, error)) from error


def _refusal(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is taken: choose another with --port, or any free one with --port 0"
    return f"cannot listen on {host}, port {port} ({error.strerror}): check --host and --port"


def _demo_listener(host: str) -> socket.socket:
    for port in range(DEMO_PORT, DEMO_PORT + PORTS_TRIED):
        try:
            return listen(host, port)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise click.UsageError(_refusal(host, port, error)) from error
    return _listen(host, 0)


def _run(settings: Settings, app: Flask, listener: socket.socket) -> None:
    url = address(listener)
    # A proxy has the connections of all readers.
    per_address = 0 if settings.trusted_proxies else settings.connections_per_address
    run_server(
        listener, lambda: app, settings.workers, lambda: click.echo(url), Limits(per_address)
    )
