"""Firefox as Debian ships it, told what to do by WebDriver BiDi."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from websocket import WebSocket, create_connection

PATIENCE_S: Final = 60
"""How long an answer may take on a busy machine."""

PREFERENCES: Final = {
    "intl.accept_languages": "zh-CN",
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "app.update.disabledForTesting": True,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "toolkit.telemetry.server": "",
}


class Firefox:
    """A window with one tab."""

    def __init__(self, connection: WebSocket) -> None:
        self._connection = connection
        self._numbers = itertools.count(1)
        self._told("session.new", capabilities={})
        self._tab = self._told("browsingContext.getTree")["contexts"][0]["context"]

    def goto(self, address: str) -> None:
        """Open an address, and wait until the page is loaded."""
        self._told("browsingContext.navigate", context=self._tab, url=address, wait="complete")

    def resize(self, width: int, height: int = 800) -> None:
        """Give the page so many pixels."""
        size = {"width": width, "height": height}
        self._told("browsingContext.setViewport", context=self._tab, viewport=size)

    def evaluate(self, expression: str) -> Any:
        """What an expression gives that JSON can tell; raises RuntimeError where it throws."""
        found = self._told(
            "script.evaluate",
            expression=f"JSON.stringify({expression})",
            target={"context": self._tab},
            awaitPromise=True,
        )
        if found["type"] != "success":
            raise RuntimeError(found["exceptionDetails"]["text"])
        return json.loads(found["result"]["value"])

    def _told(self, method: str, **params: object) -> dict[str, Any]:
        number = next(self._numbers)
        self._connection.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            answer = json.loads(self._connection.recv())
            if answer.get("id") == number:
                break
        if answer["type"] == "error":
            raise RuntimeError(f"{method}: {answer['error']}: {answer['message']}")
        result: dict[str, Any] = answer["result"]
        return result


@contextmanager
def running(program: str, profile: Path) -> Iterator[Firefox]:
    """Firefox with a profile of its own in an empty folder; it ends with the block."""
    lines = (f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in PREFERENCES.items())
    (profile / "user.js").write_text("".join(lines), "utf-8")
    command = [program, "--headless", "--no-remote", "--profile", str(profile)]
    command += ["--remote-debugging-port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            connection = create_connection(
                f"{_address(process)}/session", timeout=PATIENCE_S, suppress_origin=True
            )
            yield Firefox(connection)
            connection.close()
        finally:
            process.kill()


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stderr is not None
    for line in process.stderr:
        if found := re.search(r"WebDriver BiDi listening on (ws://\S+)", line):
            return found[1]
    raise RuntimeError("Firefox has ended without saying where it listens")
