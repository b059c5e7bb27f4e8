"""The commands that keep an index safe: export, backup, restore, check."""

from __future__ import annotations

import errno
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click

from jianbao.indexer.commands.options import index_option, json_option, settings_from
from jianbao.indexer.errors import JianbaoError, RunFailedError, UserError
from jianbao.indexer.store.backup import backup as back_up
from jianbao.indexer.store.backup import restore as restore_from
from jianbao.indexer.store.check import examine
from jianbao.indexer.store.export import export as export_all
from jianbao.indexer.store.export import export_to
from jianbao.indexer.store.generations import Generations
from jianbao.indexer.store.manifest import Manifest
from jianbao.indexer.store.root_approval import ACCEPT, listed, refusal, strange_roots

_file = click.Path(path_type=Path)

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
"""The file is named well, and the machine denies what it takes."""


@contextmanager
def _writing(path: object) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or error
        kind: type[JianbaoError] = RunFailedError if error.errno in _NO_ROOM else UserError
        raise kind(f"{path} cannot be written ({reason}): name another file") from error


@click.command()
@click.argument("file", type=_file, default="-")
@index_option
def export(file: Path, index: Path | None) -> None:
    """Write all articles to FILE (.jsonl or .jsonl.gz; - is stdout), from which `index` builds an
    index that answers alike."""
    generations = Generations(settings_from(index=index).index)
    with _writing(file):
        if str(file) == "-":
            count = export_all(generations, sys.stdout.buffer)
        else:
            count = export_to(generations, file)
    click.echo(f"{count} articles", err=True)


@click.command()
@click.argument("file", type=_file)
@index_option
def backup(file: Path, index: Path | None) -> None:
    """Write the live generation to the archive FILE."""
    with _writing(file):
        manifest = back_up(Generations(settings_from(index=index).index), file)
    click.echo(
        f"Generation {manifest.generation} ({manifest.articles} articles, built {manifest.built}) "
        f"is in {file}."
    )


@click.command()
@click.argument("file", type=_file)
@index_option
@click.option("--lock-timeout", type=float, help="Seconds to wait for another run.")
@click.option(ACCEPT, is_flag=True, help="Whatever files and folders the backup was made from.")
def restore(file: Path, index: Path | None, lock_timeout: float | None, accept_roots: bool) -> None:
    """Publish the generation in the archive FILE, if all of it verifies. Where it was made from
    other files or folders than the index here, it asks."""
    settings = settings_from(index=index, lock_timeout=lock_timeout)
    generations = Generations(settings.index)

    def approve(told: Manifest) -> None:
        strange = strange_roots(generations, told.roots, Path.cwd(), Path.home())
        if strange and not accept_roots and not _is_confirmed(strange):
            raise refusal(file, strange)

    manifest = restore_from(generations, file, approve, wait=settings.lock_timeout)
    click.echo(
        f"Generation {manifest.generation} is live: {manifest.articles} articles, "
        f"built {manifest.built}."
    )


def _is_confirmed(roots: Sequence[str]) -> bool:
    """Whether somebody at a terminal says that the roots are right."""
    if not sys.stdin.isatty():
        return False
    return click.confirm(
        f"The backup was made from {listed(roots)}, and the next `jianbao index` without paths "
        "reads that. Restore it?"
    )


@click.command()
@index_option
@click.option("--sample", type=click.IntRange(0), default=100, help="Articles to search for.")
@json_option
def check(index: Path | None, sample: int, as_json: bool) -> None:
    """Compare every file of the live generation with its checksum, count its articles, and find a
    sample of them by their own words."""
    settings = settings_from(index=index)
    found = examine(Generations(settings.index), sample)
    if as_json:
        click.echo(json.dumps(asdict(found)))
        return
    click.echo(
        f"Generation {found.generation} is whole: {found.files} files, {found.articles} articles "
        f"of {found.sources} sources; {found.sample} articles found by their own words."
    )
