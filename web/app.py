"""The stand-alone app: the blueprint at the root, and a health check."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Flask, Response, jsonify
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.middleware.proxy_fix import ProxyFix

from indexer import IndexUnavailableError
from web.answers import json_failure
from web.blueprint import create_blueprint, unknown
from web.errors import failure
from web.ports import SearchDoor


def create_app(
    searcher: SearchDoor,
    *,
    page_size: int = 10,
    allowed_origins: Iterable[str] = (),
    trusted_proxies: int = 0,
) -> Flask:
    """A WSGI app that serves one searcher; the caller opens and closes the searcher.

    `trusted_proxies` is how many proxies stand before it that each add to `X-Forwarded-…`; with 0
    nobody is believed. The other arguments are those of `create_blueprint`.
    """
    app = Flask(__name__, static_folder=None, template_folder=None)
    blueprint = create_blueprint(searcher, page_size=page_size, allowed_origins=allowed_origins)
    blueprint.add_url_rule("/<path:address>", "nowhere", unknown)
    app.register_blueprint(blueprint)
    app.add_url_rule("/healthz", "healthz", lambda: _health(searcher))
    # Only what no route takes comes here: a wrong method, an address that cannot be decoded.
    app.register_error_handler(HTTPException, _refusal)
    if trusted_proxies:
        count = trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=count, x_proto=count, x_host=count, x_prefix=count
        )
    return app


def _refusal(error: HTTPException) -> Response:
    response = json_failure(failure(error))
    if isinstance(error, MethodNotAllowed):
        response.allow.update(error.valid_methods or ())
    return response


def _health(searcher: SearchDoor) -> Response:
    """200 while searches can be answered from a published generation, else 503."""
    body: dict[str, Any]
    try:
        stats = searcher.stats()
    except IndexUnavailableError as error:
        told = failure(error)
        body = {"status": "unavailable", **told.as_json()}
        status, headers = told.status, told.headers()
    else:
        body = {"status": "ok", "generation": stats.generation, "articles": stats.articles}
        status, headers = 200, {}
    response = jsonify(body)
    response.status_code = status
    response.headers.update({**headers, "Cache-Control": "no-store"})
    return response
