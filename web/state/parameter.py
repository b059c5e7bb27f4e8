"""One argument of a request, declared once: what checks it is also what describes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

import msgspec
from msgspec import inspect
from werkzeug.datastructures import MultiDict

from jianbao.web.http.errors import ArgumentError
from jianbao.web.languages.strings import STRINGS

Arguments = MultiDict[str, str]

_SHOWN: Final = 40
_LONGEST_NUMBER: Final = 20
"""Digits; Python refuses to read a number of several thousand."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A name in the address of a request and what may stand after it.

    `kind` is a type with its constraints as msgspec knows them. It checks what is given and becomes
    the schema in `/api/v1/openapi.json`. `refusal` names the sentence of `web/languages/` for what
    does not fit; it may use `name`, `value`, `count` (the characters given) and the constraints as
    `low`, `high` and `allowed`. `many` may be repeated; `exact` keeps the spaces around the value.
    """

    name: str
    kind: Any
    about: str
    refusal: str = ""
    default: str | int | None = None
    example: str | int | None = None
    many: bool = False
    exact: bool = False
    place: Literal["query", "path"] = "query"

    def value(self, args: Arguments) -> Any:
        """The first value given, or the default; an empty one counts as absent."""
        given = self._trimmed(args.get(self.name, ""))
        return self._checked(given) if given else self.default

    def values(self, args: Arguments) -> list[Any]:
        """Every value given that is not empty, in order."""
        given = map(self._trimmed, args.getlist(self.name))
        return [self._checked(value) for value in given if value]

    def refused(self, value: str) -> ArgumentError:
        """The error that says what is allowed instead of the value."""
        told = STRINGS[self.refusal].format(
            name=STRINGS.get(f"name_{self.name}", self.name),
            value=shortened(value),
            count=len(value),
            **_limits(self.kind),
        )
        return ArgumentError(told)

    def _trimmed(self, value: str) -> str:
        return value if self.exact else value.strip()

    def _checked(self, given: str) -> Any:
        try:
            return msgspec.convert(self._as_number(given), self.kind)
        except msgspec.ValidationError as error:
            raise self.refused(given) from error

    def _as_number(self, given: str) -> str | int:
        """A whole number in any decimal digits where one is wanted, else the text as it is."""
        wanted = isinstance(inspect.type_info(self.kind), inspect.IntType)
        readable = given.isdecimal() and len(given) <= _LONGEST_NUMBER
        return int(given) if wanted and readable else given


def shortened(value: str) -> str:
    """The value as a sentence quotes it."""
    return value if len(value) <= _SHOWN else value[:_SHOWN] + "…"


def _limits(kind: Any) -> dict[str, object]:
    """The constraints of a type by the names that sentences know."""
    known = inspect.type_info(kind)
    if isinstance(known, inspect.IntType):
        return {"low": known.ge, "high": known.le}
    if isinstance(known, inspect.StrType):
        return {"high": known.max_length}
    if isinstance(known, inspect.LiteralType):
        # msgspec sorts them; a reader gets them as they were declared, the usual one first.
        return {"allowed": STRINGS["list_comma"].join(map(str, get_args(kind)))}
    return {}
