"""Errors as answers: a status, a code and a message, in one JSON shape or as a page."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any, Final

from werkzeug.exceptions import HTTPException

from jianbao.indexer import (
    ArticleNotFoundError,
    IndexDamagedError,
    IndexLockedError,
    IndexMissingError,
    IndexOutdatedError,
    IndexUnavailableError,
    QueryError,
    UserError,
)
from jianbao.web.languages.strings import STRINGS

RETRY_AFTER_S: Final = 10

_LOG = logging.getLogger(__name__)


class ArgumentError(QueryError):
    """A request argument that cannot be used; `str()` is a sentence of the pages' own."""


class HostError(UserError):
    """The server was asked under a name that it does not answer to."""


_HTTP_CODES: Final = {404: "not_found", 405: "method_not_allowed"}


@dataclass(frozen=True, slots=True)
class Failure:
    """What is told about an error.

    `message` is for the caller of the API and for the operator, `sentence` for the reader of a
    page, in the language of the pages.
    """

    status: int
    code: str
    message: str
    sentence: str

    @property
    def detail(self) -> str:
        """What a page adds to the sentence: nothing where the message says no more."""
        return "" if self.status == 404 or self.message == self.sentence else self.message

    def as_json(self) -> dict[str, Any]:
        """The one shape of every error."""
        return {"error": {"code": self.code, "message": self.message}}

    def headers(self) -> dict[str, str]:
        """The headers that go with the status."""
        return {"Retry-After": str(RETRY_AFTER_S)} if self.status == 503 else {}


_KNOWN: Final[tuple[tuple[type[Exception], int, str], ...]] = (
    (ArticleNotFoundError, 404, "article_not_found"),
    (HostError, 400, "host_not_allowed"),
    (UserError, 400, "bad_query"),
    (IndexMissingError, 503, "index_missing"),
    (IndexOutdatedError, 503, "index_outdated"),
    (IndexDamagedError, 503, "index_damaged"),
    (IndexLockedError, 503, "index_locked"),
    (IndexUnavailableError, 503, "index_unavailable"),
)


def failure(error: Exception) -> Failure:
    """What to tell about an error; one of ours to fix is logged and its text kept back."""
    if isinstance(error, ArgumentError):
        return Failure(400, "bad_query", str(error), str(error))
    for kind, status, code in _KNOWN:
        if isinstance(error, kind):
            return Failure(status, code, str(error), STRINGS[f"message_{code}"])
    if isinstance(error, HTTPException) and error.code is not None and error.code < 500:
        return _http_failure(error.code)
    _LOG.error("request failed", exc_info=error)
    return Failure(500, "internal", STRINGS["message_500"], STRINGS["message_500"])


def _http_failure(status: int) -> Failure:
    sentence = STRINGS.get(f"message_{status}", STRINGS["message_other"]).format(status=status)
    return Failure(status, _HTTP_CODES.get(status, "http_error"), sentence, sentence)
