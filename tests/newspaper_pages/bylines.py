"""Who wrote or photographed an item, and where newspapers print it."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from tests.newspaper_pages.prose import people
from tests.newspaper_pages.specs import BylineKind
from tests.newspaper_pages.words import DATELINES


@dataclass(frozen=True, slots=True)
class Byline:
    """One story's byline: `opening` starts its first paragraph, `ending` closes its last one,
    `before` and `after` are lines of their own. Unused parts are empty."""

    authors: tuple[str, ...]
    opening: str = ""
    before: str = ""
    after: str = ""
    ending: str = ""


def draw_byline(kind: BylineKind, rng: random.Random, day: date) -> Byline:
    """A byline of one kind for a story printed on `day`."""
    match kind:
        case "bracket":
            return _bracket(rng)
        case "agency":
            return _agency(rng, day)
        case "line" | "box":
            return _line(rng, boxed=kind == "box")
        case "end" | "end_inline":
            return _end(rng, inline=kind == "end_inline")
        case "none":
            return Byline(())


def credit(rng: random.Random) -> tuple[tuple[str, ...], str]:
    """The photographer of a picture and the credit as printed."""
    names = people(rng, 1)
    forms = (
        "新华社记者 {}/摄",
        "新华社记者 {} 摄",
        "本报记者 {} 摄",
        "{} 摄",
        "{}/摄",
        "新华社发（{} 摄）",
        "图/本报记者 {}",
        "（本报记者 {} 摄）",
    )
    return names, rng.choice(forms).format(names[0])


def _bracket(rng: random.Random) -> Byline:
    names = people(rng, rng.choice((1, 1, 1, 2)))
    if len(names) == 2 and rng.random() < 0.5:
        return Byline(names, opening=f"本报讯（记者 {names[0]} 通讯员 {names[1]}） ")
    gap = rng.choice((" ", ""))
    joint = rng.choice(("、", " ")) if gap else "、"
    return Byline(names, opening=f"本报讯（记者{gap}{joint.join(names)}）{rng.choice((' ', ''))}")


def _agency(rng: random.Random, day: date) -> Byline:
    sent = day - timedelta(days=1)
    where = f"{rng.choice(DATELINES)}{sent.month}月{sent.day}日电"
    if rng.random() < 0.2:
        return Byline((), opening=f"据新华社{where} ")
    names = people(rng, rng.choice((1, 1, 2, 3)))
    house = rng.choice(("新华社", "本报"))
    gap = rng.choice((" ", ""))
    return Byline(names, opening=f"{house}{where}{gap}（记者{gap}{'、'.join(names)}）")


def _line(rng: random.Random, boxed: bool) -> Byline:
    names = people(rng, rng.choice((1, 1, 2)))
    box = rng.choice(("□ ", "■ ", "□", "◎ ")) if boxed else ""
    if len(names) == 2 and rng.random() < 0.4:
        return Byline(names, before=f"{box}本报记者 {names[0]} 通讯员 {names[1]}")
    if len(names) == 1 and rng.random() < 0.2:
        return Byline(names, before=f"{box}本报记者 {' '.join(names[0])}")
    form = rng.choice(("本报记者 {}", "记者 {}", "本报记者　{}"))
    return Byline(names, before=box + form.format(rng.choice((" ", "、")).join(names)))


def _end(rng: random.Random, inline: bool) -> Byline:
    names = people(rng, rng.choice((1, 1, 2)))
    form = rng.choice(("（{}）", "（记者 {}）", "（本报记者 {}）"))
    text = form.format(rng.choice(("、", " ")).join(names))
    return Byline(names, ending=text) if inline else Byline(names, after=text)
