"""The pages that the embedding tests look at."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import Response
from playwright.sync_api import Locator, Page

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
    """A tab, what it complained of, and the addresses it asked for: searches, suggestions."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    searches: list[str] = field(default_factory=list)
    suggested: list[str] = field(default_factory=list)

    def hear(self, address: str) -> None:
        """Note what the tab asks for."""
        for path, heard in (("search", self.searches), ("suggest", self.suggested)):
            if f"/api/v1/{path}?" in address:
                heard.append(address)

    @property
    def box(self) -> Locator:
        """The text box of the element."""
        return self.page.locator("jianbao-search input")

    @property
    def status(self) -> Locator:
        """What it says of its search."""
        return self.page.locator("jianbao-search p[role=status]")

    @property
    def hits(self) -> Locator:
        """The articles it shows."""
        return self.page.locator("jianbao-search ol > li")

    def set(self, attribute: str, value: str) -> None:
        """Change an attribute of the element."""
        self.page.locator("jianbao-search").evaluate(
            "(element, given) => element.setAttribute(...given)", [attribute, value]
        )
