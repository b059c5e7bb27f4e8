"""Which files are office files, and what has to be installed to read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from types import MappingProxyType

from jianbao.indexer.models import Problem

LIBRARIES = ("docx", "olefile", "openpyxl", "pptx", "pypdfium2", "xlrd")
"""The modules of the extra `office`."""

INSTALL = "office files are read after pip install 'jianbao[office]'"

NEEDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        ".pdf": ("pypdfium2",),
        ".docx": ("docx",),
        ".docm": ("docx",),
        ".xlsx": ("openpyxl",),
        ".xlsm": ("openpyxl",),
        ".pptx": ("pptx",),
        ".pptm": ("pptx",),
        ".ppsx": ("pptx",),
        ".doc": ("olefile",),
        ".xls": ("olefile", "xlrd"),
        ".ppt": ("olefile",),
        ".pps": ("olefile",),
        ".epub": (),
        # What is inside may be of any format. A member that was left out for want of a library
        # would not be looked at again once it is there, so the whole extra has to be.
        ".eml": LIBRARIES,
        ".msg": LIBRARIES,
        ".zip": LIBRARIES,
    }
)
"""Suffix -> the modules that read it."""


def is_office(suffix: str) -> bool:
    """Whether files of this suffix, in lower case, are read in a process of their own."""
    return suffix in NEEDS


def unread_reason(suffix: str) -> str:
    """What is said of files that no reader is known for."""
    return f"files {f'ending in {suffix[:20]}' if suffix else 'without a suffix'} are not read"


@cache
def is_missing(suffix: str) -> bool:
    """Whether a library for this suffix is not installed."""
    return any(find_spec(module) is None for module in NEEDS.get(suffix, ()))


def gathered(problems: Iterable[Problem]) -> Iterator[Problem]:
    """`problems`, where all office files that wait for the extra are one, named after the first:
    a folder of ten thousand is one thing to do."""
    waiting: list[Problem] = []
    for problem in problems:
        if problem.reason == INSTALL:
            waiting.append(problem)
        else:
            yield problem
    if waiting:
        more = f" (this one and {len(waiting) - 1} more)" if len(waiting) > 1 else ""
        yield Problem(waiting[0].source, "skipped", INSTALL + more)
