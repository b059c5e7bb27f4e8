"""The search page and the JSON API: a stand-alone app, or a blueprint for a host's own app."""

from __future__ import annotations

from web.app import create_app
from web.blueprint import create_blueprint

__all__ = ["create_app", "create_blueprint"]
