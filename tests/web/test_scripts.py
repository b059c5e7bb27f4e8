"""What our scripts import: siblings alone, by the digest in the address that pages use too."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser

IMPORTED = re.compile(r"""(?:^import\b[^;]*?|\bimport\s*\(\s*)["']([^"']*)["']""", re.MULTILINE)
SIBLING = re.compile(r"\./([\w-]+\.js)(?:\?v=([0-9a-f]{16}))?")
STATIC = Path("web", "static")


def imports(root: Path, name: str) -> list[tuple[str, str]]:
    """Name and digest of each module that a script imports; fails where one is no sibling."""
    script = (root / STATIC / name).read_text("utf-8")
    addresses = IMPORTED.findall(script)
    # None is written in a way that is not seen here.
    assert len(addresses) == len(re.findall(r"\bimport\b(?!\.meta)", script)), name
    found = [SIBLING.fullmatch(address) for address in addresses]
    assert all(found), (name, addresses)
    return [(each[1], each[2] or "") for each in found if each]


def test_the_search_box_is_small_and_needs_its_siblings_alone(root: Path) -> None:
    needed, waiting = set[str](), {"jianbao.js"}
    while waiting:
        needed |= waiting
        waiting = {name for each in waiting for name, _ in imports(root, each)} - needed
    assert needed == {"jianbao.js", "combobox.js"}
    assert sum(len(gzip.compress((root / STATIC / each).read_bytes())) for each in needed) <= 30_000


def test_an_import_names_the_content_of_what_it_imports(root: Path, client: FlaskClient) -> None:
    # Else a browser could keep the old of one file with the new of another.
    preloaded = re.findall(r'rel="modulepreload" href="([^"]*)"', client.get("/").text)
    current = dict(re.findall(r"([\w-]+\.js)\?v=(\w+)", " ".join(preloaded)))
    shared = {"combobox.js"}
    assert set(current) == shared
    scripts = [file.name for file in (root / STATIC).glob("*.js")]
    named = {(each, *one) for each in scripts for one in imports(root, each) if one[0] in shared}
    assert {each for each, _, _ in named} >= {"jianbao.js", "suggest.js"}
    assert {(name, digest) for _, name, digest in named} == set(current.items())


@pytest.mark.parametrize("address", ["/", "/embed?q=图书馆"])
def test_what_is_loaded_ahead_is_what_the_page_needs(
    chromium: Browser, site: str, address: str
) -> None:
    tab = chromium.new_page()
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(site + address, wait_until="networkidle")
    tab.close()
    assert len([url for url in asked if "/combobox.js" in url]) == 1
