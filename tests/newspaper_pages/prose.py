"""Sentences, paragraphs and headlines about one set of facts."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from tests.newspaper_pages import templates
from tests.newspaper_pages.words import (
    DOMAINS,
    GIVEN,
    PLACES,
    POSTS,
    SURNAMES,
    Domain,
)

ORDINALS = "一二三四五六七八九"
HEADLINE_LENGTHS = range(8, 29)
LONGEST_PARAGRAPH = 225
SHORTEST_PARAGRAPH = 40


def person(rng: random.Random) -> str:
    """A name of two or three characters."""
    return rng.choice(SURNAMES) + rng.choice(GIVEN)


def people(rng: random.Random, count: int) -> tuple[str, ...]:
    """`count` different names."""
    names: list[str] = []
    while len(names) < count:
        name = person(rng)
        if name not in names:
            names.append(name)
    return tuple(names)


class Facts(dict[str, str]):
    """The slots of one story: what it is about stays the same, the rest is drawn at each use."""

    def __init__(self, rng: random.Random, day: date) -> None:
        """Draw a subject; days named in the story lie in the week before `day`."""
        self._rng = rng
        self._day = day
        self._domain: Domain = rng.choice(DOMAINS)
        indicator, self._unit = rng.choice(self._domain.indicators)
        super().__init__(
            place=rng.choice(PLACES),
            bureau=rng.choice(self._domain.bureaus),
            document=rng.choice(self._domain.documents),
            object=rng.choice(self._domain.objects),
            actor=rng.choice(self._domain.actors),
            indicator=indicator,
        )
        self["amount"] = self._quantity(60, 99)
        self._steps: list[str] = []
        self._draws: dict[str, Callable[[], str]] = {
            "step": self._step,
            "day": self._past_day,
            "place": lambda: rng.choice(PLACES),
            "scene": lambda: rng.choice(self._domain.scenes),
            "person": lambda: person(rng),
            "post": lambda: rng.choice(POSTS),
            "pct": lambda: f"{rng.uniform(1, 60):.{rng.randint(1, 2)}f}%",
            "points": lambda: f"{rng.uniform(0.3, 9):.1f}",
            "low": lambda: self._quantity(10, 50),
            "money": lambda: f"{rng.uniform(1, 400):.2f}",
            "few": lambda: str(rng.randint(2, 9)),
            "n": lambda: str(rng.randint(11, 980)),
            "year": lambda: str(day.year - rng.randint(1, 5)),
        }

    def __missing__(self, name: str) -> str:
        return self._draws[name.rstrip("234")]()

    def _step(self) -> str:
        if not self._steps:
            self._steps = _shuffled(self._rng, self._domain.steps)
        return self._steps.pop()

    def _past_day(self) -> str:
        past = self._day - timedelta(days=self._rng.randint(1, 6))
        return f"{past.month}月{past.day}日"

    def _quantity(self, low: int, high: int) -> str:
        if self._unit == "%":
            return f"{self._rng.uniform(low, high):.1f}%"
        if self._unit[0] in "万亿":
            return f"{self._rng.uniform(low, high) * 7:.2f}{self._unit}"
        return f"{self._rng.randint(low, high) * 37}{self._unit}"

    def fill(self, template: str) -> str:
        """The template with every slot filled; a repeated slot name ends in 2, 3 or 4."""
        return template.format_map(self)

    def headline(self) -> str:
        """A headline of 8 to 28 characters that names what the story is about."""
        while True:
            text = self.fill(self._rng.choice(templates.HEADLINES))
            if len(text) in HEADLINE_LENGTHS:
                return text


def paragraphs(facts: Facts, rng: random.Random, count: int) -> list[str]:
    """A story of `count` paragraphs of 40 to 260 characters: lead, body, sometimes a closing."""
    deck = rng.sample(templates.SENTENCES, len(templates.SENTENCES))
    lead = facts.fill(rng.choice(templates.LEADS))
    texts = [_paragraph(facts, rng, deck, lead)]
    listed = min(rng.randint(2, 5), count - 2) if rng.random() < 0.3 else 0
    for number in range(max(listed, 0)):
        texts.append(_measure(facts, rng, deck, ORDINALS[number]))
    while len(texts) < count:
        closing = len(texts) == count - 1 and rng.random() < 0.4
        first = facts.fill(rng.choice(templates.CLOSINGS)) if closing else ""
        texts.append(_paragraph(facts, rng, deck, first))
    return texts


def brief(facts: Facts, rng: random.Random) -> str:
    """A whole story in one short paragraph."""
    text = facts.fill(rng.choice(templates.BRIEFS))
    deck = list(templates.SENTENCES)
    rng.shuffle(deck)
    return text + facts.fill(deck.pop())


def caption(facts: Facts, rng: random.Random) -> str:
    """What stands under a photo, without the photographer."""
    return facts.fill(rng.choice(templates.CAPTIONS))


def _measure(facts: Facts, rng: random.Random, deck: list[str], ordinal: str) -> str:
    template = rng.choice(templates.MEASURES).replace("{ordinal}", ordinal)
    return _paragraph(facts, rng, deck, facts.fill(template))


def _paragraph(facts: Facts, rng: random.Random, deck: list[str], text: str) -> str:
    wanted = rng.randint(SHORTEST_PARAGRAPH, 220)
    while len(text) < wanted:
        if not deck:
            deck.extend(_shuffled(rng, templates.SENTENCES))
        sentence = facts.fill(deck.pop())
        if len(text) + len(sentence) > LONGEST_PARAGRAPH:
            break
        text += sentence
    return text


def _shuffled(rng: random.Random, texts: Sequence[str]) -> list[str]:
    return rng.sample(list(texts), len(texts))
