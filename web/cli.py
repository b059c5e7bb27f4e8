"""`jianbao serve` and `jianbao demo`, beside the commands that need no web server."""

from __future__ import annotations

import errno
import os
import socket
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import click
from flask import Flask

from indexer import (
    ConfigError,
    IndexDamagedError,
    IndexLockedError,
    IndexUnavailableError,
    JianbaoError,
    Settings,
    cli_group,
    load_settings,
    open_condition,
    open_searcher,
)
from web.app import create_app
from web.origins import split_origins
from web.serve import address, listen
from web.serve import serve as run_server

ROOT: Final = Path(__file__).resolve().parent.parent
DEMO_PORT: Final = 8090
PORTS_TRIED: Final = 20

_EXIT_CODES: Final[tuple[tuple[type[JianbaoError], int], ...]] = (
    (ConfigError, 2),
    (IndexLockedError, 4),
    (IndexDamagedError, 5),
    (IndexUnavailableError, 3),
)


def main() -> None:
    """The console script: every command of `python -m indexer`, and `serve` and `demo`."""
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
    _check(settings)
    _run(settings, _listen(settings.host, settings.port), debug=debug)


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), help="Port; default 8090 or the next free.")
def demo(port: int | None) -> None:
    """Index the articles that come with Jianbao if needed, and serve them."""
    corpus, index = ROOT / "corpus", ROOT / ".jianbao" / "demo"
    if not corpus.is_dir():
        raise click.UsageError(
            f"there are no articles at {corpus}: run the demo from a checkout of the source, "
            "or index your own with `jianbao index`"
        )
    cli_group.main(
        ["index", str(corpus), "--index", str(index), "--if-needed"], standalone_mode=False
    )
    settings = _settings({"index": index})
    _check(settings)
    _run(settings, _demo_listener(settings.host) if port is None else _listen(settings.host, port))


def _settings(flags: Mapping[str, object]) -> Settings:
    given = {name: value for name, value in flags.items() if value is not None}
    try:
        settings = load_settings(given, os.environ, Path.cwd())
        split_origins(settings.allowed_origins)
        return settings
    except ConfigError as error:
        raise _stop(error) from error


def _check(settings: Settings) -> None:
    """Open the index once before any worker does, so that what is wrong is said once."""
    try:
        open_searcher(settings, time.perf_counter).close()
    except JianbaoError as error:
        raise _stop(error) from error


def _stop(error: JianbaoError) -> SystemExit:
    click.echo(f"Error: {error}", err=True)
    return SystemExit(next((code for kind, code in _EXIT_CODES if isinstance(error, kind)), 1))


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


def _run(settings: Settings, listener: socket.socket, *, debug: bool = False) -> None:
    url = address(listener)

    def app() -> Flask:
        return create_app(
            open_searcher(settings, time.perf_counter),
            page_size=settings.page_size,
            allowed_origins=split_origins(settings.allowed_origins),
            trusted_proxies=settings.trusted_proxies,
            debug=debug,
            metrics=settings.metrics,
            condition=open_condition(settings),
        )

    run_server(listener, app, settings.workers, lambda: click.echo(url))
