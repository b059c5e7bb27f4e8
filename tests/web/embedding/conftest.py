"""Pages of other origins that embed the search, and a tab that looks at them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from flask import Flask, Response
from playwright.sync_api import Browser
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from jianbao.web import create_app
from tests.web.conftest import HandSearcher, make_articles, serving
from tests.web.embedding.sites import Sites, Tab


@pytest.fixture(scope="session")
def sites() -> Iterator[Sites]:
    """Three servers: three ports are three origins."""
    shown = Response()

    def host() -> Flask:
        app = Flask("host")
        app.add_url_rule("/", "page", lambda: shown)
        # Browsers ask for it unasked, and would complain.
        app.add_url_rule("/favicon.ico", "icon", lambda: ("", 204))
        return app

    with ExitStack() as stack:
        friend, stranger = (stack.enter_context(serving(host())) for _ in range(2))
        app = create_app(HandSearcher(make_articles()), allowed_origins=(friend,))
        search = stack.enter_context(serving(DispatcherMiddleware(Flask("x"), {"/tools": app})))
        yield Sites(f"{search}/tools/", friend, stranger, shown)


@pytest.fixture
def tab(chromium: Browser) -> Iterator[Tab]:
    """A tab of its own."""
    context = chromium.new_context(locale="zh-CN")
    page = context.new_page()
    found = Tab(page)
    page.on("console", lambda message: found.complaints.append(message.text))
    page.on("pageerror", lambda error: found.complaints.append(str(error)))
    page.on("request", lambda asked: found.hear(asked.url))
    yield found
    context.close()


@pytest.fixture
def typing(sites: Sites, tab: Tab) -> Tab:
    """A tab with a search box and the cursor in it."""
    sites.show_box(f'base="{sites.search}"')
    tab.page.goto(sites.friend)
    tab.box.focus()
    return tab
