"""The interface of an engine that takes part."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.bench.query import Query

Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Answer:
    """The ids of the best hits, best first; with a counted query also the exact total, and how
    many of the hits have each source and each year (hits without one are in the total only)."""

    ids: list[str]
    total: int | None = None
    sources: Counts | None = None
    years: Counts | None = None


def known(counts: Counts) -> Counts:
    """The counts without that of the empty value."""
    return {value: count for value, count in counts.items() if value}


class Peer(ABC):
    """An engine over one folder. `name` is its name in tables, `note` what must be known to read
    its figures."""

    name: str
    note: str

    @property
    @abstractmethod
    def version(self) -> str:
        """Which release it is."""

    @abstractmethod
    def build(self, articles: Path, folder: Path) -> None:
        """Index the articles of a JSON Lines file into an empty folder."""

    @abstractmethod
    def open(self, folder: Path) -> None:
        """Make ready to answer from what `build` wrote."""

    def answers(self, query: Query) -> bool:
        """Whether it can answer this kind of query at all."""
        return True

    @abstractmethod
    def search(self, query: Query) -> Answer:
        """Answer a query, from its text on."""

    @abstractmethod
    def close(self) -> None:
        """Let go of files."""
