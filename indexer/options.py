"""What the commands share: their group, exit codes, and the options that many of them have."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import click

from indexer.config import Settings, load_settings
from indexer.errors import (
    IndexDamagedError,
    IndexLockedError,
    IndexUnavailableError,
    JianbaoError,
    NothingToPublishError,
    UserError,
)
from indexer.failures import reason
from indexer.printing import never_fail

EXIT_CODES: tuple[tuple[type[JianbaoError], int], ...] = (
    (UserError, 2),
    (NothingToPublishError, 3),
    (IndexLockedError, 4),
    (IndexDamagedError, 5),
    (IndexUnavailableError, 3),
)

INTERRUPTED = 130


def exit_code(error: JianbaoError) -> int:
    """The exit code that tells an error."""
    return next((code for kind, code in EXIT_CODES if isinstance(error, kind)), 1)


class Group(click.Group):
    """Turns the exception tree into messages and exit codes: no traceback for a known fault."""

    def invoke(self, ctx: click.Context) -> Any:
        # A terminal or pipe may lack a character, and a path have bytes that are none.
        never_fail()
        try:
            return super().invoke(ctx)
        except JianbaoError as error:
            click.echo(f"Error: {error}", err=True)
            raise SystemExit(exit_code(error)) from error
        except OSError as error:
            if error.errno == errno.EPIPE:  # Whoever reads the output has had enough of it.
                raise
            click.echo(f"Error: {reason(error)}", err=True)
            raise SystemExit(1) from error
        except KeyboardInterrupt as error:
            raise SystemExit(INTERRUPTED) from error


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
