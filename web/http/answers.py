"""A template, a JSON body or a failure as a response."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, render_template

from jianbao.web.http.errors import Failure
from jianbao.web.render import encoded, sendable


def page(template: str, **context: Any) -> Response:
    """An HTML page; its templates know under `place` which one it is."""
    html = render_template(f"jianbao/{template}.html", place=template, **context)
    return Response(encoded(html), mimetype="text/html")


def json_body(body: dict[str, Any]) -> Response:
    """JSON in readable UTF-8."""
    return Response(encoded(json.dumps(body, ensure_ascii=False)), mimetype="application/json")


def json_failure(told: Failure) -> Response:
    """The error as JSON, in the one shape of every error."""
    return as_failure(json_body(told.as_json()), told)


def as_failure(response: Response, told: Failure) -> Response:
    """The response with the status and the headers of the failure that it tells."""
    response.status_code = told.status
    response.headers.update(told.headers())
    return response


def download(text: str, mimetype: str, name: str) -> Response:
    """A text to be saved as a file of that name (ASCII)."""
    response = Response(sendable(text), mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def see_other(address: str) -> Response:
    """The way to another page, which is asked for with GET."""
    response = Response(status=303)
    response.headers["Location"] = address
    return response
