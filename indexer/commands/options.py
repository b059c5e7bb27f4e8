"""What the commands share: their group, exit codes, and the options that many of them have."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import click

from jianbao.indexer.commands.printing import never_fail
from jianbao.indexer.errors import (
    IndexDamagedError,
    IndexLockedError,
    IndexUnavailableError,
    JianbaoError,
    NothingToPublishError,
    UserError,
)
from jianbao.indexer.failures import denied
from jianbao.indexer.settings import Settings, load_settings

INCOMPLETE = 1
"""Published, but some files were skipped."""

USAGE = 2

NOTHING_DONE = 3
"""Also of a fault that nobody foresaw: 1 says that an index was published."""

INTERRUPTED = 130

EXIT_CODES: tuple[tuple[type[JianbaoError], int], ...] = (
    (UserError, USAGE),
    (NothingToPublishError, NOTHING_DONE),
    (IndexLockedError, 4),
    (IndexDamagedError, 5),
    (IndexUnavailableError, NOTHING_DONE),
)

DEBUG = "JIANBAO_DEBUG"


def exit_code(error: JianbaoError) -> int:
    """The exit code that tells an error."""
    return next((code for kind, code in EXIT_CODES if isinstance(error, kind)), NOTHING_DONE)


class Group(click.Group):
    """Turns whatever a command raises into a message and an exit code. There is no traceback
    unless `JIANBAO_DEBUG` is set in the environment."""

    def main(self, *args: Any, standalone_mode: bool = True, **more: Any) -> Any:
        run: Callable[..., Any] = super().main
        if not standalone_mode:
            return run(*args, standalone_mode=False, **more)
        sys.exit(self._ended(partial(run, *args, standalone_mode=False, **more)))

    def _ended(self, run: Callable[[], object]) -> int:
        """Run a command; its exit code."""
        # A terminal or pipe may lack a character, and a path have bytes that are none.
        never_fail()
        try:
            code = run()
        except (click.Abort, KeyboardInterrupt):
            return INTERRUPTED
        except click.ClickException as error:
            error.show()
            return USAGE
        except JianbaoError as error:
            click.echo(f"Error: {error}", err=True)
            return exit_code(error)
        except Exception as error:
            _tell(error)
            return NOTHING_DONE
        return code if isinstance(code, int) else 0


def _tell(error: Exception) -> None:
    """Say what the machine denied, or that a fault is ours."""
    if os.environ.get(DEBUG):
        traceback.print_exception(error)
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(place.filename).name}:{place.lineno}"
    click.echo(
        f"Error: {denied(error)}"
        if denied(error)
        else f"Error: Jianbao failed in a way that nobody foresaw ({type(error).__name__} at "
        f"{where}: {error}); run it again with {DEBUG}=1 in the environment, and report what it "
        "says then",
        err=True,
    )


index_option = click.option("--index", type=click.Path(path_type=Path), help="Folder of the index.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def settings_from(**flags: object) -> Settings:
    """The settings, where `flags` that are not None win. Raises ConfigError."""
    return load_settings(flags, os.environ, Path.cwd())


class Percent(click.ParamType[int]):
    """A share such as `20` or `20%`."""

    name = "PERCENT"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        digits = str(value).removesuffix("%")
        if not digits.isdecimal() or int(digits) > 100:
            self.fail(f"{value!r} is no share from 0% to 100%", param, ctx)
        return int(digits)


class ListFile(click.ParamType[tuple[Path, ...]]):
    """A file with a path on each line, or with NUL between paths, or `-` for standard input."""

    name = "FILE"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[Path, ...]:
        if isinstance(value, tuple):
            return value
        try:
            with click.open_file(str(value), "rb") as file:
                data = file.read()
        except OSError as error:
            self.fail(f"{value} cannot be read ({error.strerror})", param, ctx)
        # What `find -print0` writes may have line ends in its names. No name need be UTF-8.
        lines = data.split(b"\0") if b"\0" in data else data.replace(b"\r\n", b"\n").split(b"\n")
        names = map(os.fsdecode, lines)
        return tuple(Path(name) for name in names if name)
