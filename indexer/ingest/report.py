"""What a run tells of itself when it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from jianbao.indexer.models import Problem


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did. `published` is False where nothing had changed, or only a plan was wanted.

    `read`, `kept`, `removed` and `renamed` count sources; one that was renamed is also among those
    read. `articles`, `kinds` and `duplicates` (articles with the title and body of another one)
    count what the index has; `analysed` and `characters` the articles that were segmented in this
    run and the characters that were read. `seconds` has the time of each stage. `left` tells what
    lies among the generations and is not in use: it was left alone.
    """

    generation: str
    published: bool
    read: int
    kept: int
    removed: int
    articles: int
    kinds: Mapping[str, int]
    problems: tuple[Problem, ...]
    renamed: int = 0
    analysed: int = 0
    characters: int = 0
    duplicates: int = 0
    seconds: Mapping[str, float] = field(default_factory=dict)
    left: tuple[str, ...] = ()

    def count(self, outcome: str) -> int:
        """How many problems have that outcome."""
        return sum(problem.outcome == outcome for problem in self.problems)


def gathered(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """`problems`, where those that are not indexed for one reason are one: it is named after the
    first source, and counts them all. A folder of ten thousand is one thing to do."""
    found: dict[str, Problem] = {}
    for number, problem in enumerate(problems):
        is_shared = problem.outcome == "not indexed"
        key = problem.reason if is_shared else f"\0{number}"
        known = found.get(key)
        count = known.count + problem.count if known else problem.count
        found[key] = replace(known or problem, count=count)
    return tuple(found.values())


class Stages:
    """Adds up how long each stage of a run takes: one ends where the next begins."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._seconds: dict[str, float] = {}
        self._stage = ""
        self._began = 0.0

    def begin(self, name: str) -> None:
        """Begin a stage."""
        self._end()
        self._stage, self._began = name, self._clock()

    def seconds(self) -> dict[str, float]:
        """Ends the last stage; all stages in the order they began, in seconds."""
        self._end()
        return {name: round(seconds, 3) for name, seconds in self._seconds.items()}

    def _end(self) -> None:
        if self._stage:
            now = self._clock()
            self._seconds[self._stage] = self._seconds.get(self._stage, 0.0) + now - self._began
            self._began = now
