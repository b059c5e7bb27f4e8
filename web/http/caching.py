"""What a browser may keep: entity tags by generation, and addresses of files by their content."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import wraps
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

from flask import Request, Response, current_app, request

from jianbao import indexer
from jianbao.indexer import IndexUnavailableError
from jianbao.web.languages.strings import language
from jianbao.web.ports import SearchDoor

View = Callable[..., Response]

STATIC: Final = Path(__file__).resolve().parents[1] / "static"
_PARTS: Final = (Path(__file__).resolve().parents[1], Path(indexer.__file__).resolve().parent)
_SHAPING: Final = frozenset({".py", ".html", ".css", ".js", ".svg"})
"""Files of these kinds make an answer what it is."""

PRIVATE: Final = "private, no-cache"
"""A host may keep pages for members only, so nobody between may store them; each use asks again."""

FOREVER: Final = "public, max-age=31536000, immutable"
BRIEF: Final = "public, max-age=600"
"""For a file asked for by its bare name, as other sites do: they get a new one this much later."""


class Caching:
    """Answers "not modified" where nothing has changed, and says what may be kept how long.

    `settings` is what else the answers depend on. In debug mode, where templates change under way,
    there are no tags.
    """

    def __init__(self, searcher: SearchDoor, *settings: object) -> None:
        self._searcher = searcher
        self._settings = settings
        self._build = _digest_of_program()
        self._files = _digests_of_files()

    def tagged(self, view: View) -> View:
        """The view, not called at all where the caller has what it would answer.

        To be put around views rather than before requests: a login of the host comes first.
        """

        @wraps(view)
        def answer(**values: Any) -> Response:
            state = self._state()
            tag = self._tag(state) if state else ""
            known = request.if_none_match
            if tag and known.contains_weak(tag) and not known.star_tag:
                response = Response(status=304)
            else:
                response = view(**values)
                # Another generation may have been published meanwhile; then nobody knows which.
                tag = tag if response.status_code == 200 and state == self._state() else ""
            if tag:
                # Weak: the time that a search took differs from one answer to the next.
                response.set_etag(tag, weak=True)
            return response

        return answer

    def stamp(self, endpoint: str, values: dict[str, Any]) -> None:
        """Put the digest of a static file into its address."""
        name = values.get("filename", "")
        if endpoint.rpartition(".")[2] == "static" and name in self._files:
            values.setdefault("v", self._files[name])

    def __call__(self, asked: Request, response: Response) -> Response:
        """Say how long the answer may be kept, unless it says so itself."""
        if (asked.endpoint or "").rpartition(".")[2] == "static":
            name = (asked.view_args or {}).get("filename", "")
            current = asked.args.get("v", "") == self._files.get(name)
            kept = FOREVER if current else BRIEF
            response.headers["Cache-Control"] = kept if response.status_code < 400 else PRIVATE
        else:
            response.vary.add("Accept-Language")
        response.headers.setdefault("Cache-Control", PRIVATE)
        return response

    def _state(self) -> tuple[str, ...]:
        """What every answer depends on at this moment; empty where there are no tags."""
        try:
            live = self._searcher.stats()
        except IndexUnavailableError:
            return ()
        # A citation names the day.
        return () if current_app.debug else (live.generation, live.built, str(date.today()))

    def _tag(self, state: tuple[str, ...]) -> str:
        """The tag of what this request is answered in that state."""
        # Links begin with what a proxy says of host and prefix.
        parts = (*state, request.url, language().tag, *map(str, self._settings))
        return _digest(repr((self._build, *parts)).encode("utf-8", "surrogatepass"))


def _digest(*parts: bytes) -> str:
    summed = blake2b(digest_size=8)
    for part in parts:
        summed.update(part)
    return summed.hexdigest()


def _digests_of_files() -> Mapping[str, str]:
    """Name of each static file -> digest."""
    return {
        file.relative_to(STATIC).as_posix(): _digest(file.read_bytes())
        for file in STATIC.rglob("*")
        if file.is_file()
    }


def _digest_of_program() -> str:
    """Tells this program from an older one that answered otherwise on the same index."""
    files = sorted(file for part in _PARTS for file in part.rglob("*") if file.suffix in _SHAPING)
    return _digest(*(file.read_bytes() for file in files))
