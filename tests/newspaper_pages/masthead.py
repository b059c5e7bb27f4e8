"""What stands on a page besides its items: name, date, numbers, addresses."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from tests.newspaper_pages.pieces import Piece
from tests.newspaper_pages.prose import people
from tests.newspaper_pages.words import PAPERS, PLACES

WEEKDAYS = tuple(f"星期{c}" for c in "一二三四五六日")
_FIRST_DAY = date(2012, 1, 1)
_DAYS = 5400
_DIGITS = "〇一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Edition:
    """One day's paper; `issue` is as printed."""

    paper: str
    day: date
    issue: str


@dataclass(frozen=True, slots=True)
class Masthead:
    """The masthead of one page in the order printed, and which facts it tells."""

    pieces: tuple[Piece, ...]
    newspaper: str
    date: str
    weekday: str
    issue: str
    page: str


def draw_edition(rng: random.Random) -> Edition:
    """A made-up paper on a random day."""
    number = rng.randint(1, 340)
    total = rng.randint(1200, 24000)
    forms = (
        f"第{number}期（总第{total}期）",
        f"第{total}期",
        f"总第{total}期",
        f"第{total}号",
    )
    return Edition(
        rng.choice(PAPERS), _FIRST_DAY + timedelta(days=rng.randrange(_DAYS)), rng.choice(forms)
    )


def draw_masthead(edition: Edition, page: str, rng: random.Random, thin: bool) -> Masthead:
    """The masthead of one page; with `thin`, parts are missing and the order is random."""
    keep = 0.6 if thin else 0.9
    named = rng.random() < keep
    dated = rng.random() < max(keep, 0.8)
    weekday = WEEKDAYS[edition.day.weekday()] if dated and rng.random() < 0.8 else ""
    issued = rng.random() < keep
    paged = rng.random() < keep
    lines: list[Piece] = []
    if dated:
        lines += _lines(_date_lines(edition.day, weekday, rng))
    if issued:
        lines += _lines([edition.issue])
    if paged:
        lines += _lines(
            [rng.choice(("第{}版", "{}版 要闻", "第{:0>2}版：要闻", "{}版")).format(page)]
        )
    lines += _lines(line for line in _imprint(rng) if rng.random() < keep / 2)
    if thin:
        rng.shuffle(lines)
    if named:
        lines.insert(0, Piece("paper", edition.paper))
    return Masthead(
        tuple(lines),
        edition.paper if named else "",
        edition.day.isoformat() if dated else "",
        weekday,
        edition.issue if issued else "",
        page if paged else "",
    )


def footer(rng: random.Random) -> Piece:
    """A line at the foot of the page."""
    first, second = people(rng, 2)
    return Piece(
        "masthead",
        rng.choice(
            (
                f"责任编辑：{first}　版式：{second}",
                f"本版编辑 {first} 美编 {second}",
                f"值班主任 {first}　责编 {second}",
                f"新闻热线：0{rng.randint(510, 599)}-{rng.randint(80000000, 89999999)}",
            )
        ),
    )


def _lines(texts: Iterable[str]) -> list[Piece]:
    return [Piece("masthead", text) for text in texts]


def _date_lines(day: date, weekday: str, rng: random.Random) -> list[str]:
    text = rng.choice(
        (
            f"{day.year}年{day.month}月{day.day}日",
            f"{day.year}年{day.month}月{day.day}日",
            f"{day.year}.{day.month:02}.{day.day:02}",
            f"{day.isoformat()}",
            _in_characters(day),
        )
    )
    if not weekday:
        return [text]
    return [text, weekday] if rng.random() < 0.2 else [text + rng.choice((" ", "　")) + weekday]


def _in_characters(day: date) -> str:
    year = "".join(_DIGITS[int(digit)] for digit in str(day.year))
    return f"{year}年{_small(day.month)}月{_small(day.day)}日"


def _small(number: int) -> str:
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十"
    return head + (_DIGITS[ones] if ones else "")


def _imprint(rng: random.Random) -> list[str]:
    return [
        f"国内统一连续出版物号 CN {rng.randint(11, 65)}—{rng.randint(1, 200):04}",
        f"邮发代号 {rng.randint(1, 88)}—{rng.randint(1, 300)}",
        f"{rng.choice(PLACES)}报业传媒集团主办",
        f"中共{rng.choice(PLACES)}市委主管",
        "微信公众号",
        f"今日{rng.choice((4, 8, 12, 16))}版",
        f"www.{rng.choice(('djnews', 'ribao', 'wanbao', 'chenguang'))}.example.cn",
    ]
