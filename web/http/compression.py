"""Answers made smaller on their way, by the means of the standard library."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator
from typing import Final

from flask import Request, Response

LEVEL: Final = 5
"""A page of 10 hits: 14.9 kB become 4.83 in 0.14 ms, 4.80 at level 9 and 5.13 at level 1."""
LEAST_BYTES: Final = 700
"""Below, the answer fits into one packet with its headers anyway."""

_TEXT: Final = frozenset(
    {
        "application/json",
        "application/x-ndjson",
        "application/atom+xml",
        "application/opensearchdescription+xml",
        "application/x-bibtex",
        "application/x-research-info-systems",
        "application/javascript",
        "image/svg+xml",
    }
)


def compress(request: Request, response: Response) -> Response:
    """The response, in gzip where that helps and the caller takes it.

    What is sent as it is found is compressed piece by piece and still sent so.
    """
    if _is_text(response) or response.status_code == 304:
        response.vary.add("Accept-Encoding")
    if not _suits(response) or not request.accept_encodings.quality("gzip"):
        return response
    if response.is_streamed and not response.direct_passthrough:
        response.response = _pieces(response.iter_encoded())
    else:
        # A static file comes in pieces too, but it is all there.
        response.direct_passthrough = False
        whole = response.get_data()
        if len(whole) < LEAST_BYTES:
            return response
        response.set_data(gzip.compress(whole, LEVEL, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    _weaken(response)
    return response


def _is_text(response: Response) -> bool:
    kind = response.mimetype or ""
    return kind.startswith("text/") or kind in _TEXT


def _suits(response: Response) -> bool:
    whole = response.status_code not in (204, 206, 304)
    return whole and _is_text(response) and "Content-Encoding" not in response.headers


def _weaken(response: Response) -> None:
    """A strong tag promises the same bytes, and these are others."""
    tag, _ = response.get_etag()
    if tag:
        response.set_etag(tag, weak=True)


def _pieces(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Every piece can be read as soon as it arrives."""
    press = zlib.compressobj(LEVEL, wbits=zlib.MAX_WBITS + 16)
    for piece in pieces:
        yield press.compress(piece) + press.flush(zlib.Z_SYNC_FLUSH)
    yield press.flush()
