"""The file of words that an operator adds to the dictionary."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jianbao.indexer.errors import ConfigError
from jianbao.indexer.models import Problem
from jianbao.indexer.text.fold import fold
from jianbao.indexer.text.segment import HIGHEST_FREQUENCY, LONGEST_WORD, UserWord, is_user_word

SHOWN = 5
"""Faulty lines that a message quotes; it counts all of them."""

_QUOTED = 40
"""Characters of a line that a message quotes."""

_NUMBER = re.compile(r"[-+.]?\d.*")
"""What is meant as a number, be it one or not."""

_PART_OF_SPEECH = re.compile("[A-Za-z]{1,4}")
"""As `n` and `nrfg`. Behind a word in Latin letters it would be its second half."""

_COMMENT = re.compile(r"(?:^|\s)#.*")


@dataclass(frozen=True, slots=True)
class UserDictionary:
    """Distinct folded words in an order of their own, whatever that of the lines is; and what is to
    be told of lines that have no effect."""

    words: tuple[UserWord, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_user_dictionary(path: Path) -> UserDictionary:
    """The words of a UTF-8 file, one a line, as jieba's dictionaries have them: a word, then
    optionally its frequency, then optionally its part of speech, which is not used.

    Blank lines and what follows a `#` are passed over. Of lines with the same folded word the last
    one holds. A word that no segmenter finds is told and left out. Raises ConfigError where the
    file cannot be read, or a frequency is no whole number from 1 to `HIGHEST_FREQUENCY`.
    """
    words: dict[str, UserWord] = {}
    wrong: list[str] = []
    idle: list[str] = []
    for number, line in enumerate(_lines(path), 1):
        fields = _COMMENT.sub("", line).split()
        if not fields:
            continue
        word, frequency = _entry(fields)
        if frequency == 0:
            wrong.append(_quoted(number, line))
        elif is_user_word(word):
            words[word] = UserWord(word, frequency)
        else:
            idle.append(_quoted(number, line))
    if wrong:
        raise ConfigError(
            f"the user dictionary {path} has a frequency that is no whole number from 1 to "
            f"{HIGHEST_FREQUENCY} in {_some(wrong)}: correct it, or leave the frequency out"
        )
    # The segmenter takes a frequency that is left out from the words added before: shorter ones
    # come first, so that it does not depend on the order of the lines.
    ordered = sorted(words.values(), key=lambda each: (len(each.word), each.word))
    return UserDictionary(tuple(ordered), _told(path, idle))


def _lines(path: Path) -> Sequence[str]:
    try:
        return path.read_text("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"the user dictionary {path} is not UTF-8 (byte {error.start}): save it as UTF-8, "
            "with `iconv -f GB18030 -t UTF-8` if it is GBK"
        ) from error
    except OSError as error:
        raise ConfigError(
            f"the user dictionary {path} cannot be read ({error.strerror}): correct the setting "
            "user_dictionary, or leave it out"
        ) from error


def _entry(fields: list[str]) -> tuple[str, int | None]:
    """The folded word and its frequency: None where none is given, 0 where it is no such number."""
    *before, last = fields
    is_numbered = len(before) > 1 and _NUMBER.fullmatch(before[-1])
    if before and _PART_OF_SPEECH.fullmatch(last) and (is_numbered or not fields[0].isascii()):
        fields = before
    *before, last = fields
    if before and _NUMBER.fullmatch(last):
        return fold(" ".join(before)), _frequency(last)
    return fold(" ".join(fields)), None


def _frequency(text: str) -> int:
    # A number of thousands of digits is no integer for Python either.
    number = int(text) if text.isdecimal() and len(text) <= len(str(HIGHEST_FREQUENCY)) else 0
    return number if number <= HIGHEST_FREQUENCY else 0


def _quoted(number: int, line: str) -> str:
    text = line.strip()
    return f"line {number} ({text[:_QUOTED] + '…' * (len(text) > _QUOTED)!r})"


def _some(lines: Sequence[str]) -> str:
    more = f" and {len(lines) - SHOWN} more" if len(lines) > SHOWN else ""
    return ", ".join(lines[:SHOWN]) + more


def _told(path: Path, idle: Sequence[str]) -> tuple[Problem, ...]:
    if not idle:
        return ()
    reason = (
        f"no word can be added for {_some(idle)}: a word has at most {LONGEST_WORD} Han "
        "characters, letters and digits, without spaces and punctuation"
    )
    return (Problem(str(path), "doubtful", reason),)
