"""Write web/screenshot.png: the demonstration corpus, searched in a real browser.

python -m tests.screenshots
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import sync_playwright

from tests.web.conftest import CHROMIUM_FLAGS

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "web" / "screenshot.png"
QUERY = "检索 OR 报纸"
WIDTH, HEIGHT = 1280, 900
LARGEST = 250_000
"""Bytes; everyone who clones the repository downloads the picture."""

JIANBAO = [sys.executable, "-c", "from web.cli import main; main()"]
STOP_S = 15
WARMING = 10


def main() -> int:
    """Take the picture; the return value is the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        index = str(Path(folder) / "index")
        command = [*JIANBAO, "index", str(ROOT / "corpus"), "--index", index, "--quiet"]
        subprocess.run(command, check=True)
        with _server(index) as address:
            _shoot(f"{address}?q={quote(QUERY)}")
    size = PICTURE.stat().st_size
    print(f"{PICTURE.relative_to(ROOT)}: {size} bytes")
    return 0 if size <= LARGEST else 1


@contextmanager
def _server(index: str) -> Iterator[str]:
    """The address of a server process over the index; it is stopped at the end."""
    command = [*JIANBAO, "serve", "--index", index, "--host", "127.0.0.1", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=STOP_S)


def _shoot(url: str) -> None:
    with sync_playwright() as driver:
        program = shutil.which("chromium") or shutil.which("google-chrome")
        browser = driver.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
        page = browser.new_page(
            viewport={"width": WIDTH, "height": HEIGHT},
            device_scale_factor=1,
            color_scheme="light",
            locale="zh-CN",
        )
        page.goto(url)
        # Each server process loads its tables with its first search, which is not the usual one.
        for _ in range(WARMING):
            page.reload()
        page.screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
