"""The names that a server answers to; a page under any other could be made to read it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final

from flask import Request
from werkzeug.sansio.utils import host_is_trusted

from jianbao.indexer import ConfigError
from jianbao.web.http.errors import HostError

HERE: Final = ("localhost", "127.0.0.1", "[::1]")
"""Whoever asks by these is on this machine: no other site has such a name."""

_REFUSAL: Final = (
    "this server does not answer to the name in Host (or X-Forwarded-Host): ask it by one that it "
    "has, or name this one in the setting allowed_hosts (JIANBAO_ALLOWED_HOSTS)"
)

_ENTRY: Final = re.compile(r"(\.?[\w-]+(?:\.[\w-]+)*|\[[0-9a-f:.]+\])(?::([0-9]{1,5}))?")
_BARE_IPV6: Final = re.compile(r"[0-9a-f]*:[0-9a-f:.]*:[0-9a-f:.]*")


@dataclass(frozen=True, slots=True)
class Host:
    """A name or address, and the port if only that one counts. A name with a dot before it is
    every name below it, and itself."""

    name: str
    port: str = ""

    def is_of(self, name: str, port: str) -> bool:
        """Whether a request under this name, at this port, is meant."""
        if self.port not in ("", port):
            return False
        return name == self.name.removeprefix(".") or (
            self.name.startswith(".") and name.endswith(self.name)
        )


def split_hosts(setting: str) -> tuple[str, ...]:
    """The entries of a comma-separated setting; raises ConfigError for what is no host."""
    given = tuple(part.strip() for part in setting.split(",") if part.strip())
    checked_hosts(given)
    return given


def is_host(name: str) -> bool:
    """Whether the setting takes the name."""
    try:
        _checked(name)
    except ConfigError:
        return False
    return True


def checked_hosts(given: Iterable[str]) -> tuple[Host, ...]:
    """Each entry taken apart; raises ConfigError for what is no host."""
    return tuple(dict.fromkeys(map(_checked, given)))


def _checked(given: str) -> Host:
    text = given.strip().lower()
    found = _ENTRY.fullmatch(f"[{text}]" if _BARE_IPV6.fullmatch(text) else text)
    if not found:
        raise ConfigError(
            f"setting allowed_hosts: {given!r} is no host: write a name or an address and, if only "
            "one port counts, that, such as search.example, .intranet.example or 10.0.0.7:8080; "
            "there is no wildcard"
        )
    name, port = found.groups(default="")
    return Host(_ascii(name), port)


def _ascii(name: str) -> str:
    """The name as a browser sends it."""
    try:
        return ".".join(part.encode("idna").decode("ascii") for part in name.split("."))
    except UnicodeError as error:
        raise ConfigError(f"setting allowed_hosts: {name!r} is no host: correct it") from error


class Hosts:
    """Refuses requests under a name that is not on the list.

    Without that, a page elsewhere whose name is made to lead to this server (DNS rebinding) reads
    its answers, and a made-up name comes to stand in feeds, exports and citations.
    """

    def __init__(self, allowed: Iterable[str]) -> None:
        """Beside `allowed`, the names of this machine for itself are always known. Raises
        ConfigError for what is no host."""
        self._allowed = checked_hosts((*HERE, *allowed))

    def check(self, request: Request) -> None:
        """Raise HostError unless the name is known; where a proxy is believed, both that which it
        tells and the one that it used."""
        before = request.environ.get("werkzeug.proxy_fix.orig", {}).get("HTTP_HOST")
        for host in (request.host, before):
            if host is not None and not self._knows(host, request.environ.get("SERVER_NAME", "")):
                raise HostError(_REFUSAL)

    def _knows(self, host: str, asked_at: str) -> bool:
        # Werkzeug's own list knows names in small letters alone, and no address of IPv6.
        if not host_is_trusted(host):
            return False
        before, bracket, after = host.lower().rpartition("]")
        name, _, port = after.partition(":")
        known = (*self._allowed, *_own_address(asked_at))
        return any(each.is_of(before + bracket + name, port) for each in known)


def _own_address(asked_at: str) -> tuple[Host, ...]:
    """The address of this machine that the request came to; no other site has an address for a
    name, so a server for everybody needs no list of its own addresses."""
    try:
        address = ip_address(asked_at)
    except ValueError:
        return ()
    return (Host(f"[{address}]" if address.version == 6 else str(address)),)
