"""The page of patterns: every piece from the real templates, and only for work on the pages."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from jianbao.web import create_app, create_blueprint
from jianbao.web.languages import LANGUAGES
from tests.web.conftest import HandSearcher


@pytest.fixture
def designer(searcher: HandSearcher) -> FlaskClient:
    """Requests to an app in debug mode."""
    return create_app(searcher, debug=True).test_client()


def pieces(html: str) -> list[str]:
    return [unescape(each) for each in re.findall(r'<iframe srcdoc="([^"]*)"', html)]


def test_nobody_sees_it_in_production(client: FlaskClient, searcher: HandSearcher) -> None:
    assert client.get("/patterns").status_code == 404
    host = Flask("host")
    host.register_blueprint(create_blueprint(searcher), url_prefix="/find")
    assert not any("patterns" in rule.rule for rule in host.url_map.iter_rules())


@pytest.mark.parametrize("spoken", LANGUAGES, ids=lambda each: each.tag)
def test_every_template_is_shown(designer: FlaskClient, root: Path, spoken: object) -> None:
    tag = getattr(spoken, "tag", "")
    html = designer.get(f"/patterns?lang={tag}").text
    shown = "".join(pieces(html))
    assert len(pieces(html)) > 60 and shown.count(f'<html lang="{tag}">') == len(pieces(html))
    for file in (root / "web" / "templates" / "jianbao").glob("[!p]*.html"):
        classes = re.findall(r'class="(jb-[a-z-]+)["{ ]', file.read_text("utf-8"))
        for name in classes:
            assert name in shown or name in html, f"{file.name}: {name}"


def test_a_piece_is_in_every_state(designer: FlaskClient) -> None:
    shown = "".join(pieces(designer.get("/patterns").text))
    for state in (
        *("jb-notice", "jb-chip-not", "jb-missing", "jb-cut-after", "jb-badge", "jb-gap"),
        *('aria-current="page"', 'rel="prev"', 'rel="next"', "jb-framed", "jb-error", "jb-at-home"),
        *("data-opened", "data-suggestions", "<jianbao-search", "<svg", "jb-clear"),
    ):
        assert state in shown, state
    titles = [re.sub("<[^>]*>", "", each) for each in re.findall("<h2[^>]*><a.*?>(.*?)</a>", shown)]
    assert 200 in map(len, titles)
