"""Output that any stream can take, whatever encoding it has."""

from __future__ import annotations

import io
import json
import sys

import click


def print_json(value: object, *, err: bool = False) -> None:
    """Print JSON on one line, on stdout or stderr. It is escaped where the stream may not have
    all characters, or a path has bytes that are none."""
    stream = sys.stderr if err else sys.stdout
    is_unicode = (stream.encoding or "").lower().startswith("utf")
    text = json.dumps(value, ensure_ascii=not is_unicode)
    click.echo(text if _is_writable(text) else json.dumps(value), err=err)


def never_fail() -> None:
    """Have stdout and stderr write an escape for what they have no character for."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _is_writable(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)
