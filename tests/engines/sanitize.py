"""The functions in C under the sanitizers of addresses and undefined behaviour.

    python -m tests.engines.sanitize [--queries N] [--mutations N] [--no-tests]

Builds them below `build/sanitize`, beside a copy of the packages, so that the ordinary ones stay,
and runs there the tests of the engines, questions made at random, and mutations of an index. Any
report ends a process, which is told; the last line has the counts.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys

from tests.engines.compiling import ROOT, compile_all

HERE = ROOT / "build" / "sanitize"
FLAGS = (
    *("-O1", "-g", "-fno-omit-frame-pointer"),
    *("-fsanitize=address,undefined", "-fno-sanitize-recover=undefined"),
)
_COPIED = {"indexer": "jianbao/indexer", "web": "jianbao/web", "tests": "tests"}


def prepare() -> dict[str, str]:
    """Copy the packages, build the extensions beside them; the environment to run there."""
    shutil.rmtree(HERE, ignore_errors=True)
    for name, place in _COPIED.items():
        ignored = shutil.ignore_patterns("*.so", "__pycache__")
        shutil.copytree(ROOT / name, HERE / place, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", HERE)
    compile_all(HERE, FLAGS)
    # Without the last, an exception of a library in C++ ends the process.
    libraries = [_library(name) for name in ("libasan.so", "libubsan.so", "libstdc++.so.6")]
    return {
        **os.environ,
        "LD_PRELOAD": " ".join(libraries),
        "PYTHONMALLOC": "malloc",
        # Python itself lets go of little at its end.
        "ASAN_OPTIONS": "detect_leaks=0:allocator_may_return_null=1:max_allocation_size_mb=2048",
        "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1",
        "PYTHONPATH": str(HERE),
    }


def _library(name: str) -> str:
    command = [os.environ.get("CC", "cc"), f"-print-file-name={name}"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def main() -> None:
    """Run all of it; exits with 1 where there was a report."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--queries", type=int, default=5000)
    parser.add_argument("--mutations", type=int, default=5000)
    parser.add_argument("--no-tests", action="store_true")
    given = parser.parse_args()
    environment = prepare()
    failed = 0
    if not given.no_tests:
        tests = ["tests/engines", "-q", "-m", "not slow", "-p", "no:cacheprovider"]
        failed |= _run(environment, "-m", "pytest", *tests)
    failed |= _run(environment, "-m", f"{__package__}.sanitized", given.queries, given.mutations)
    raise SystemExit(1 if failed else 0)


def _run(environment: dict[str, str], *arguments: object) -> int:
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(command, env=environment, cwd=HERE).returncode


if __name__ == "__main__":
    main()
