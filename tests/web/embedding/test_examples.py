"""What web/README.md shows for other pages, copied into a page of another origin."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.web.embedding.sites import Sites, Tab


def shown(root: Path, language: str, section: str) -> str:
    """The first example of a section of web/README.md."""
    text = (root / "web" / "README.md").read_text("utf-8").partition(f"\n## {section}\n")[2]
    return text.partition(f"```{language}\n")[2].partition("```")[0]


@pytest.mark.parametrize(
    ("section", "seen"),
    [
        ("A search box in any page", "jianbao-search [role=search]"),
        ("A search in a frame", "iframe[style*='px']"),
        ("The API from other pages", "body:has-text(': 雪后的石桥')"),
    ],
)
def test_what_the_readme_shows_works_when_copied(
    root: Path, sites: Sites, tab: Tab, section: str, seen: str
) -> None:
    example = shown(root, "html", section)
    assert "https://search.example/" in example
    copied = example.replace("https://search.example/", sites.search)
    sites.show(f"<!doctype html><title>x</title><body>{copied}")
    tab.page.goto(sites.friend)
    expect(tab.page.locator(seen)).to_be_visible()
    assert tab.complaints == []
