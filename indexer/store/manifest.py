"""What a generation says of itself, and the pointer to the live one: read, and believed in part.

Both are files that anybody may have written: a backup comes from elsewhere. So types are checked,
and no name leads out of the generation's folder.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec

from jianbao.indexer.store.sealed_json import unsealed

MANIFEST = "manifest.json"

_NAME = re.compile("[0-9]{6,12}")

_Kind = TypeVar("_Kind")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation says of itself. `files` maps each of its files to its SHA-256, `sizes` to
    its bytes. `fields` are the roles that names of fields were given by the setting `fields`."""

    generation: str
    built: str
    articles: int
    fingerprint: dict[str, Any]
    roots: list[str]
    files: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pointer:
    """The live generation and the one before it, empty where there is none."""

    current: str
    previous: str = ""


def read_manifest(text: str) -> Manifest:
    """The manifest that was written as `text`. Raises ValueError."""
    manifest = _read(text, Manifest)
    if not manifest.files or manifest.files.keys() != manifest.sizes.keys():
        raise ValueError("it does not name each file with its checksum and size")
    if not is_generation_name(manifest.generation) or manifest.articles < 0:
        raise ValueError("it names no generation")
    for name in manifest.files:
        if not is_inside(name) or name == MANIFEST:
            raise ValueError(f"{name!r} is no name of a file of an index")
    return manifest


def read_pointer(text: str) -> Pointer:
    """The pointer that was written as `text`. Raises ValueError."""
    pointer = _read(text, Pointer)
    if not is_generation_name(pointer.current):
        raise ValueError("it names no generation")
    if pointer.previous and not is_generation_name(pointer.previous):
        raise ValueError("it names no generation before the live one")
    return pointer


def generation_name(number: int) -> str:
    """The name of the generation with that number."""
    return f"{number:06}"


def is_generation_name(name: str) -> bool:
    """Whether a generation can have that name."""
    return bool(_NAME.fullmatch(name)) and generation_name(int(name)) == name


def is_inside(name: str) -> bool:
    """Whether a name stays below the folder on every system."""
    parts = name.split("/")
    return not any(
        part in ("", ".", "..") or any(each in part for each in "\\:\0") for part in parts
    )


def _read(text: str, kind: type[_Kind]) -> _Kind:
    try:
        return msgspec.convert(unsealed(text), kind)
    except msgspec.ValidationError as error:
        raise ValueError(str(error)) from error
