"""Pictures of every page and of every piece of the interface, taken in a real browser.

python -m tests.screenshots [--index DIR] [--widths 390,1280] [--themes light,dark]
                            [--languages zh-Hans,zh-Hant,en] [--pages home,patterns]

They go to build/screenshots/; of the demonstration corpus web/screenshot.png is taken too.
"""

from __future__ import annotations

import argparse
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Browser, Page, sync_playwright

from jianbao.web.languages import LANGUAGES
from tests.web.conftest import CHROMIUM_FLAGS

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "build" / "screenshots"
PICTURE = ROOT / "web" / "screenshot.png"
QUERY = "检索 OR 报纸"
WIDTH, HEIGHT = 1280, 900
LARGEST = 250_000
"""Bytes; everyone who clones the repository downloads the picture."""

PAGES = {
    "home": "/",
    "results": f"/?q={quote(QUERY)}",
    "refined": f"/?q={quote(QUERY)}&from=2015&not_kind=picture&sort=newest",
    "relaxed": f"/?q={quote('石桥 数字经济 驼铃')}",
    "nothing": f"/?q={quote('“没有这句话” 驼铃')}&from=2015",
    "refusal": f"/?q={quote(QUERY)}&from=abc",
    "article": f"/?q={quote(QUERY)}",
    "browse": "/browse",
    "frame": f"/embed?q={quote(QUERY)}",
    "patterns": "/patterns",
}
"""Name -> address; `article` is the first one that is found there."""

JIANBAO = [sys.executable, "-c", "from jianbao.web.cli import main; main()"]
STOP_S = 15
WARMING = 10
SETTLING_MS = 1000
"""For the search box among the patterns, which asks the server."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Take the pictures; the return value is the exit code."""
    chosen = _options().parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        index = chosen.index or _index_of_corpus(folder)
        with _server(index) as address, sync_playwright() as driver:
            program = shutil.which("chromium") or shutil.which("google-chrome")
            browser = driver.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
            _shoot_all(browser, address.rstrip("/"), chosen)
            if not chosen.index:
                _shoot_front(browser, f"{address}?q={quote(QUERY)}")
            browser.close()
    size = PICTURE.stat().st_size
    print(f"{PICTURE.relative_to(ROOT)}: {size} bytes")
    return 0 if size <= LARGEST else 1


def _options() -> argparse.ArgumentParser:
    tags = ",".join(each.tag for each in LANGUAGES)
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots")
    parser.add_argument("--index", help="an index to show instead of one of corpus/")
    parser.add_argument("--widths", default="390,1280", help="in pixels (default: %(default)s)")
    parser.add_argument("--themes", default="light,dark", help="(default: %(default)s)")
    parser.add_argument("--languages", default=tags, help="(default: %(default)s)")
    parser.add_argument("--pages", default=",".join(PAGES), help="(default: all)")
    return parser


def _index_of_corpus(folder: str) -> str:
    index = str(Path(folder) / "index")
    command = [*JIANBAO, "index", str(ROOT / "corpus"), "--index", index, "--quiet"]
    subprocess.run(command, check=True)
    return index


@contextmanager
def _server(index: str) -> Iterator[str]:
    """The address of a server process over the index; it is stopped at the end."""
    options = ["--index", index, "--host", "127.0.0.1", "--port", "0", "--debug"]
    command = [*JIANBAO, "serve", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=STOP_S)


def _shoot_all(browser: Browser, origin: str, chosen: argparse.Namespace) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    options = (chosen.widths.split(","), chosen.themes.split(","), chosen.languages.split(","))
    for width, theme, tag in product(*options):
        page = _page(browser, int(width), theme, tag)
        for name in chosen.pages.split(","):
            _open(page, origin, name)
            page.screenshot(path=FOLDER / f"{name}-{width}-{theme}-{tag}.png", full_page=True)
        page.context.close()
    print(f"{FOLDER.relative_to(ROOT)}: {len(list(FOLDER.iterdir()))} pictures")


def _open(page: Page, origin: str, name: str) -> None:
    page.goto(origin + PAGES[name])
    if name == "article":
        page.locator(".jb-hit-title a").first.click()
        page.wait_for_url("**/articles/**")
    if name == "patterns":
        page.locator("iframe").last.scroll_into_view_if_needed()
        page.wait_for_function(
            "[...document.querySelectorAll('iframe')].every(each => each.style.height)"
        )
        page.wait_for_timeout(SETTLING_MS)


def _page(browser: Browser, width: int, theme: Any, tag: str) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHT},
        device_scale_factor=1,
        color_scheme=theme,
        locale=tag,
    )
    return context.new_page()


def _shoot_front(browser: Browser, url: str) -> None:
    """The picture of the README: a result page, as most readers first see it."""
    page = _page(browser, WIDTH, "light", LANGUAGES[0].tag)
    page.goto(url)
    # Each server process loads its tables with its first search, which is not the usual one.
    for _ in range(WARMING):
        page.reload()
    page.screenshot(path=PICTURE)
    page.context.close()


if __name__ == "__main__":
    sys.exit(main())
