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
    """The values that `sealed` wrote. Raises ValueError where the text is another."""
    try:
        values = json.loads(text)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    if not isinstance(values, dict) or values.pop(SEAL, None) is None:
        raise ValueError("it has no checksum")
    if sealed(values) != text:
        raise ValueError("its checksum is another")
    return values


def _text(values: Mapping[str, Any]) -> str:
    # Escaped: a path need not be UTF-8.
    return json.dumps(values, indent=1)
