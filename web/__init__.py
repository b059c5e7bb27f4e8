"""The search page and the JSON API: a stand-alone app, or a blueprint for a host's own app.

Both are loaded when they are first asked for: `web/command.py` has to run where nothing heavy can
be loaded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jianbao.web.app import create_app
    from jianbao.web.blueprint import create_blueprint

__all__ = ["create_app", "create_blueprint"]


def __getattr__(name: str) -> Any:
    if name == "create_app":
        from jianbao.web.app import create_app

        return create_app
    if name == "create_blueprint":
        from jianbao.web.blueprint import create_blueprint

        return create_blueprint
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
