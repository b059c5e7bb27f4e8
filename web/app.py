"""The stand-alone app: the blueprint at the root, and a health check."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.middleware.proxy_fix import ProxyFix

from jianbao.indexer import Condition, IndexUnavailableError
from jianbao.web.access.hosts import Hosts
from jianbao.web.access.origins import checked_origins
from jianbao.web.blueprint import create_blueprint, unknown
from jianbao.web.http.answers import json_failure
from jianbao.web.http.errors import HostError, failure
from jianbao.web.http.security_headers import Guard
from jianbao.web.ports import SearchDoor
from jianbao.web.server.integrity import Soundness, SoundSearcher
from jianbao.web.server.metrics import CountedSearcher, Metrics, Tally


def create_app(
    searcher: SearchDoor,
    *,
    page_size: int = 10,
    allowed_origins: Iterable[str] = (),
    allowed_hosts: Iterable[str] = (),
    trusted_proxies: int = 0,
    metrics: str = "off",
    condition: Condition | None = None,
    debug: bool = False,
) -> Flask:
    """A WSGI app that serves one searcher; the caller opens and closes the searcher.

    `allowed_hosts` are the names it answers to, such as `search.example`, `.intranet.example` (and
    all below) or `10.0.0.7:8080`, beside `localhost` and the address that it is asked at; any
    other gets a 400. Raises ConfigError for what is none. `trusted_proxies` is how many proxies
    stand before it that each add to `X-Forwarded-…`; with 0 nobody is believed. The name they tell
    must be on the list too. `metrics` is `off`, `on` for everybody who asks, or the token of those
    who may. With the `condition` of the index its checksums are compared in the background, and
    nothing is answered from one that is damaged; a server that forks does so after this was called,
    so that its processes share what they know. `debug` is for work on the pages: changed templates
    are seen at once, and `/patterns` shows every piece. The other arguments are those of
    `create_blueprint`.
    """
    app = Flask(__name__, static_folder=None, template_folder=None)
    app.debug = app.debug or debug
    soundness = Soundness(condition) if condition else None
    if soundness:
        searcher = SoundSearcher(searcher, soundness)
    tally = Tally() if metrics != "off" else None
    if tally:
        searcher = CountedSearcher(searcher, tally)
        app.after_request(tally.count)
    origins = checked_origins(allowed_origins)
    hosts, guard = Hosts(allowed_hosts), Guard(origins)
    app.before_request(lambda: hosts.check(request))
    app.after_request(lambda response: guard(request, response))
    blueprint = create_blueprint(searcher, page_size=page_size, allowed_origins=origins)
    blueprint.add_url_rule("/<path:address>", "nowhere", unknown)
    app.register_blueprint(blueprint)
    app.add_url_rule("/healthz", "healthz", lambda: _health(searcher, soundness))
    if tally:
        shown = Metrics(metrics, searcher, tally, condition, soundness)
        app.add_url_rule("/metrics", "metrics", shown)
    else:
        app.add_url_rule("/metrics", "metrics", unknown, defaults={"address": "metrics"})
    # Only what no route takes comes here: a wrong method, an address that cannot be decoded.
    app.register_error_handler(HTTPException, _refusal)
    app.register_error_handler(HostError, lambda error: json_failure(failure(error)))
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


def _health(searcher: SearchDoor, soundness: Soundness | None) -> Response:
    """200 while searches can be answered from a published generation, else 503. `checked` tells
    whether every file of it was found to have its checksum."""
    body: dict[str, Any]
    try:
        stats = searcher.stats()
    except IndexUnavailableError as error:
        told = failure(error)
        body = {"status": "unavailable", **told.as_json()}
        status, headers = told.status, told.headers()
    else:
        body = {"status": "ok", "generation": stats.generation, "articles": stats.articles}
        if soundness:
            body["checked"] = soundness.is_whole(stats.generation)
        status, headers = 200, {}
    response = jsonify(body)
    response.status_code = status
    response.headers.update({**headers, "Cache-Control": "no-store"})
    return response
