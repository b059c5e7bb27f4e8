"""The extensions of `pyproject.toml`, compiled with flags of one's own into a folder of its own.

python -m tests.engines.compiling FLAG...      checks all sources with these flags, builds nothing
"""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent


def extensions() -> Iterator[Mapping[str, Any]]:
    """What `pyproject.toml` says of each extension."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        yield from tomllib.load(file)["tool"]["setuptools"]["ext-modules"]


def compile_all(target: Path, flags: Sequence[str]) -> None:
    """Build every extension with the flags, after its own, below `target`, as it lies in the
    checkout."""
    for extension in extensions():
        path = target / (extension["name"].replace(".", "/") + ".abi3.so")
        path.parent.mkdir(parents=True, exist_ok=True)
        _run([*_command(extension), *flags, "-shared", "-fPIC", "-o", str(path)])


def check_all(flags: Sequence[str]) -> None:
    """Compile every source with the flags and keep nothing. Raises CalledProcessError for a
    warning that the flags make an error."""
    for extension in extensions():
        _run([*_command(extension), *flags, "-fsyntax-only"])


def _command(extension: Mapping[str, Any]) -> list[str]:
    include = sysconfig.get_path("include")
    sources = [str(ROOT / source) for source in extension["sources"]]
    compiler = os.environ.get("CC", "cc")
    return [compiler, *extension["extra-compile-args"], f"-I{include}", *sources]


def _run(command: Sequence[str]) -> None:
    subprocess.run(command, check=True)


if __name__ == "__main__":
    check_all(sys.argv[1:])
