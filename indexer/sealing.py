"""JSON that tells by itself whether a byte of it was altered."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

SEAL = "checksum"


def sealed(values: Mapping[str, Any]) -> str:
    """The values as JSON, with the SHA-256 of all else under `SEAL`."""
    text = _text(values)
    return _text({**values, SEAL: hashlib.sha256(text.encode()).hexdigest()})


def unsealed(text: str) -> dict[str, Any]:
    """The values that `sealed` wrote. Raises ValueError where the text is another.

    A text without a seal is taken as it is: indexes had none at first, and no single altered byte
    takes one away.
    """
    values = json.loads(text)
    if not isinstance(values, dict):
        raise ValueError("it is no object")
    if SEAL in values:
        del values[SEAL]
        if sealed(values) != text:
            raise ValueError("its checksum is another")
    return values


def _text(values: Mapping[str, Any]) -> str:
    # Escaped: a path need not be UTF-8.
    return json.dumps(values, indent=1)
