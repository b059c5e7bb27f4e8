"""The foreign web sites that may use this search from their own pages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from jianbao.indexer import ConfigError

_ORIGIN: Final = re.compile(r"(https?)://([a-z0-9._-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?")
_USUAL_PORT: Final = {"http": ":80", "https": ":443"}


def split_origins(setting: str) -> tuple[str, ...]:
    """The origins of a comma-separated setting; raises ConfigError for what is none."""
    return checked_origins(part for part in setting.split(",") if part.strip())


def checked_origins(given: Iterable[str]) -> tuple[str, ...]:
    """Each origin as a browser sends it; raises ConfigError for what is none."""
    return tuple(dict.fromkeys(map(_checked, given)))


def _checked(given: str) -> str:
    found = _ORIGIN.fullmatch(given.strip().lower().removesuffix("/"))
    if not found:
        raise ConfigError(
            f"setting allowed_origins: {given!r} is no origin: write a scheme, a host and, if it "
            "is not the usual one, a port, such as https://intranet.example; there is no wildcard"
        )
    scheme, host, port = found.groups(default="")
    return f"{scheme}://{host}{'' if port == _USUAL_PORT[scheme] else port}"
