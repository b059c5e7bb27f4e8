"""One query, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["any", "all", "phrase"]


@dataclass(frozen=True, slots=True)
class Query:
    """One query, as text, and what is wanted of it.

    `label` is the class it is counted in. `any` and `all` say how its words are meant; a `phrase`
    is given without quotes. `where` is a field (`year` or `source`) and the value it must have.
    `counted` asks for the exact total and for how many hits have each source and each year.
    """

    label: str
    kind: Kind
    text: str
    limit: int = 10
    where: tuple[str, str] | None = None
    counted: bool = False
