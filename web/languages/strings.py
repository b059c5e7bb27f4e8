"""Every sentence that a reader sees, in the language of the request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Final

from flask import Request, has_request_context, request

from jianbao.web.languages import ENGLISH, LANGUAGES, Language, nearest

ARGUMENT: Final = "lang"
_CACHE: Final = "jianbao.language"
_SENTENCES: Final = {each.tag: SimpleNamespace(**each.strings) for each in LANGUAGES}


def language() -> Language:
    """The language of the present request: the one that its address names, else the one that the
    browser prefers. English for a browser that has none of ours; the first of `LANGUAGES` where
    nothing is asked for."""
    return _asked()[0]


def chosen() -> Language | None:
    """The language that the address of the present request names, if it is one of ours."""
    return _asked()[1]


def _asked() -> tuple[Language, Language | None]:
    """What `language` and `chosen` tell, found out once for a request: a page asks a hundred
    times."""
    if not has_request_context():
        return LANGUAGES[0], None
    environ = request.environ
    found: tuple[Language, Language | None] | None = environ.get(_CACHE)
    if found is None:
        named = nearest(request.args.get(ARGUMENT, ""))
        found = environ[_CACHE] = (named or _preferred(request), named)
    return found


def sentences() -> SimpleNamespace:
    """The sentences of `language()` as attributes, as templates find them fastest."""
    return _SENTENCES[language().tag]


def _preferred(asked: Request) -> Language:
    wanted = [tag for tag, quality in asked.accept_languages if quality > 0]
    found = next(filter(None, map(nearest, wanted)), None)
    usual = LANGUAGES[0] if "*" in wanted or not wanted else ENGLISH
    return found or usual


class _Spoken(Mapping[str, str]):
    """The table of the language that the present request is answered in."""

    def __getitem__(self, name: str) -> str:
        return language().strings[name]

    def __iter__(self) -> Iterator[str]:
        return iter(language().strings)

    def __len__(self) -> int:
        return len(language().strings)


STRINGS: Final[Mapping[str, str]] = _Spoken()


class Number(int):
    """A number in a sentence: `{count}` is written 1,234, `{count:word|words}` the form for it."""

    def __format__(self, form: str) -> str:
        one, bar, many = form.partition("|")
        if bar:
            return one if self == 1 else many
        return int.__format__(self, form or ",")
