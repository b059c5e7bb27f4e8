"""`jianbao index`: bring an index up to date, once or for as long as its sources change."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

import click

from jianbao.indexer.commands.messages import JsonMessages, Messages
from jianbao.indexer.commands.options import (
    INCOMPLETE,
    ListFile,
    Percent,
    exit_code,
    index_option,
    json_option,
    settings_from,
)
from jianbao.indexer.commands.printing import print_json
from jianbao.indexer.errors import JianbaoError
from jianbao.indexer.failures import reason
from jianbao.indexer.ingest.indexing import Indexing, Report, Wanted
from jianbao.indexer.ingest.watch import Watching
from jianbao.indexer.settings import Settings


@click.command("index")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@index_option
@click.option("--full", is_flag=True, help="Build anew even if nothing changed.")
@click.option("--if-needed", is_flag=True, help="Do nothing if nothing changed (the default).")
@click.option("--verify", is_flag=True, help="Compare the contents of unchanged files too.")
@click.option("--retry-failed", is_flag=True, help="Read again what could not be read last time.")
@click.option("--list-file", type=ListFile(), help="Index the paths in this file; - is stdin.")
@click.option("--watch", is_flag=True, help="Go on, and index whatever changes.")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@click.option("--jobs", type=int, help="Processes; 0 takes one for each processor.")
@click.option("--max-deletions", type=Percent(), help="Share of articles that may go, as 20%.")
@click.option("--follow-links", help="Folders outside PATHS to which links may lead: /a,/b.")
@click.option("--fields", help="What names of fields are: my_text=body, kop=title.")
@click.option("--lock-timeout", type=float, help="Seconds to wait for another run.")
@click.option("--quiet", is_flag=True, help="Say nothing but errors.")
@click.option("--log-json", is_flag=True, help="Messages as JSON, one object a line.")
@json_option
def index_command(
    paths: tuple[Path, ...],
    index: Path | None,
    full: bool,
    if_needed: bool,
    verify: bool,
    retry_failed: bool,
    list_file: tuple[Path, ...] | None,
    watch: bool,
    dry_run: bool,
    jobs: int | None,
    max_deletions: int | None,
    follow_links: str | None,
    fields: str | None,
    lock_timeout: float | None,
    quiet: bool,
    log_json: bool,
    as_json: bool,
) -> None:
    """Bring the index up to date with PATHS (files or folders), or with those of last time."""
    if full and if_needed:
        raise click.UsageError("--full and --if-needed exclude each other")
    if watch and (dry_run or list_file is not None):
        raise click.UsageError("--watch goes neither with --dry-run nor with --list-file")
    messages = JsonMessages(quiet=quiet, now=_now) if log_json else Messages(quiet=quiet)
    wanted = Wanted(paths, list_file, full, verify, retry_failed, dry_run)
    try:
        settings = settings_from(
            index=index,
            lock_timeout=lock_timeout,
            jobs=jobs,
            max_deletions=max_deletions,
            follow_links=follow_links,
            fields=fields,
        )
        if watch:
            _watch(settings, wanted, messages, as_json=as_json)
            return
        report = _once(settings, wanted, shown=not (quiet or log_json) and sys.stderr.isatty())
    except JianbaoError as error:
        messages.error(str(error))
        raise SystemExit(exit_code(error)) from error
    try:
        messages.report(report, dry_run=dry_run)
        if as_json:
            _print(report)
    except OSError as error:
        # What was to be done is done: only the report of it is incomplete.
        messages.error(f"the report could not be written: {reason(error)}")
        raise SystemExit(INCOMPLETE) from error
    if report.count("skipped"):
        click.get_current_context().exit(INCOMPLETE)


def _once(settings: Settings, wanted: Wanted, *, shown: bool) -> Report:
    with click.progressbar(length=1, label="Indexing", file=sys.stderr, hidden=not shown) as bar:

        def progress(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        return Indexing(settings, now=_now).run(wanted, progress)


def _watch(settings: Settings, wanted: Wanted, messages: Messages, *, as_json: bool) -> None:
    def tell(report: Report) -> None:
        messages.report(report)
        if as_json:
            _print(report)

    stop = threading.Event()
    watching = Watching(
        Indexing(settings, now=_now),
        settings,
        wanted,
        tell=tell,
        warn=messages.warning,
        stop=stop,
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stopper(watching, stop))
    try:
        watching.run()
    except KeyboardInterrupt:
        # A run that was under way was given up; the live generation is as it was.
        return


def _stopper(watching: Watching, stop: threading.Event) -> Callable[[int, FrameType | None], None]:
    def handle(number: int, frame: FrameType | None) -> None:
        stop.set()
        if watching.busy:
            raise KeyboardInterrupt

    return handle


def _print(report: Report) -> None:
    print_json(asdict(report))


def _now() -> datetime:
    return datetime.now(UTC)
