"""A server gives large pieces of memory back, also where smaller ones came after them."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

GROWN = """
import re
from pathlib import Path
from jianbao.web.server.allocation import hold_less

def held():
    text = Path("/proc/self/status").read_text("utf-8")
    return int(re.search(r"VmRSS:\\s+([0-9]+) kB", text)[1])

hold_less()
before = held()
first = bytearray(30 << 20)
del first
pieces = [bytearray(8 << 20) for _ in range(5)]
above = [bytearray(100_000) for _ in range(4)]
del pieces
print(held() - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries have no settings")
def test_large_pieces_go_back_to_the_system() -> None:
    run = subprocess.run([sys.executable, "-c", GROWN], capture_output=True, text=True, check=True)
    assert int(run.stdout) < 16 << 10
