"""The pages that the embedding tests look at."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response
from playwright.sync_api import Page

PAUSE_MS = 600
"""Longer than the box waits before it searches."""

FRAME = """<!doctype html><title>主页</title>
<iframe src="{src}" title="检索" style="width: 100%; border: 0"></iframe>
<script>
  addEventListener("message", (event) => {{
    const frame = document.querySelector("iframe");
    if (event.source === frame.contentWindow && event.data.type === "jianbao-height")
      frame.style.height = `${{event.data.height}}px`;
  }});
</script>"""


@dataclass
class Sites:
    """A search under a prefix, and a page of an origin that may embed it and of one that not."""

    search: str
    friend: str
    stranger: str
    shown: Response

    def show(self, html: str, policy: str = "") -> None:
        """Make this the page of both origins."""
        self.shown.set_data(html)
        self.shown.headers["Content-Security-Policy"] = policy

    def show_box(self, attributes: str = "") -> None:
        """Make it a page with a search box, under the strictest policy that the box can bear."""
        origin = self.search.removesuffix("/tools/")
        self.show(
            '<!doctype html><html lang="zh"><title>主页</title>'
            f'<script type="module" src="{self.search}static/jianbao/jianbao.js"></script>'
            f"<jianbao-search {attributes}><p>要有 JavaScript 才能检索。</p></jianbao-search>",
            f"default-src 'none'; script-src {origin}; connect-src {origin}; "
            "require-trusted-types-for 'script'; trusted-types 'none'",
        )

    def show_frame(self, page: str) -> None:
        """Make it one that frames a page of the search."""
        self.show(FRAME.format(src=self.search + page))


@dataclass
class Tab:
    """A tab, what it complained of, and the searches it asked for."""

    page: Page
    complaints: list[str]
    searches: list[str]
