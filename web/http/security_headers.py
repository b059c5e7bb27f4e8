"""The headers that say who may frame a page and which foreign pages may read an answer."""

from __future__ import annotations

from typing import Final

from flask import Request, Response

CONTENT_POLICY: Final = (
    # `default-src` alone would leave `base-uri`, `form-action` and framing open.
    "default-src 'self'; base-uri 'none'; form-action 'self'; object-src 'none'"
)
FRAMEABLE: Final = "embed"
PREFLIGHT_S: Final = 600


class Guard:
    """Puts its headers on every answer; what is there already, it leaves."""

    def __init__(self, origins: tuple[str, ...]) -> None:
        self._origins = origins

    def __call__(self, request: Request, response: Response) -> Response:
        endpoint = (request.endpoint or "").rpartition(".")[2]
        headers = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}
        framers = self._framers(endpoint)
        headers["Content-Security-Policy"] = f"{CONTENT_POLICY}; frame-ancestors {framers}"
        if framers == "'none'":
            headers["X-Frame-Options"] = "DENY"
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        if self._origins and (endpoint.startswith("api_") or endpoint == "static"):
            self._share(request, response)
        return response

    def _framers(self, endpoint: str) -> str:
        return (" ".join(self._origins) if endpoint == FRAMEABLE else "") or "'none'"

    def _share(self, request: Request, response: Response) -> None:
        """Let a listed origin read the answer; a module script is read this way too."""
        response.vary.add("Origin")
        if request.origin not in self._origins:
            return
        response.headers["Access-Control-Allow-Origin"] = request.origin
        if request.method == "OPTIONS":
            response.headers["Access-Control-Allow-Methods"] = "GET"
            response.headers["Access-Control-Max-Age"] = str(PREFLIGHT_S)
