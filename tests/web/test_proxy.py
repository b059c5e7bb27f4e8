"""Behind a reverse proxy: what it says of prefix, scheme and host counts only if it is trusted."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from jianbao.web import create_app
from tests.web.conftest import HandSearcher

SAID = {
    "X-Forwarded-Prefix": "/tools/search",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "intranet.example",
}


NAMES = ("intranet.example",)

UNDER = ("/tools/search/", "?")
"""What an address begins with that stays under the prefix: it, or the present page's own."""


def links(html: str) -> list[str]:
    """Every address in a page or a feed."""
    return re.findall('(?:href|action|template)="([^"#][^"]*)"', html)


def test_a_trusted_proxy_sets_prefix_scheme_and_host(searcher: HandSearcher) -> None:
    client = create_app(searcher, trusted_proxies=1, allowed_hosts=NAMES).test_client()
    found = links(client.get("/?q=图书馆", headers=SAID).text)
    assert found and all(link.startswith(UNDER) for link in found)
    framed = links(client.get("/embed?q=图书馆", headers=SAID).text)
    assert framed and all(link.startswith(UNDER) for link in framed)
    body = client.get("/api/v1/search?q=图书馆", headers=SAID).get_json()
    assert body["next"].startswith("/tools/search/api/v1/search?")
    for address in ("/search.atom?q=图书馆", "/opensearch.xml"):
        told = links(client.get(address, headers=SAID).text)
        assert told
        assert all(link.startswith("https://intranet.example/tools/search/") for link in told)


def test_nobody_is_believed_unless_told_so(searcher: HandSearcher) -> None:
    client = create_app(searcher).test_client()
    for address in ("/?q=图书馆", "/search.atom?q=图书馆", "/opensearch.xml"):
        text = client.get(address, headers=SAID).text
        assert "/tools/search" not in text and "intranet.example" not in text
        assert "https://" not in text


def test_what_a_visitor_says_before_the_trusted_proxy_is_passed_over(
    searcher: HandSearcher,
) -> None:
    client = create_app(searcher, trusted_proxies=1, allowed_hosts=NAMES).test_client()
    forged = {name: f"evil.example, {value}" for name, value in SAID.items()}
    told = links(client.get("/search.atom?q=图书馆", headers=forged).text)
    assert told
    assert all(link.startswith("https://intranet.example/tools/search/") for link in told)


@pytest.fixture(scope="module")
def server(root: Path) -> Iterator[str]:
    """The production server, which believes nobody."""
    command = [sys.executable, "-m", "tests.web.server_process", "1"]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.terminate()


def test_the_server_below_believes_no_header_by_itself(server: str) -> None:
    said = {**SAID, "X-Forwarded-Ssl": "on", "Script-Name": "/tools/search"}
    request = Request(f"{server}search.atom", headers={**said, "SCRIPT_NAME": "/tools/search"})
    with urlopen(request, timeout=10) as answer:
        text = answer.read().decode("utf-8")
    assert f'href="{server}search.atom"' in text
    assert "/tools/search" not in text and "https://" not in text
