"""How ordinary a text looks: the bits that a simple model of Chinese press text spends on it.

Two decodings of the same bytes are compared by their totals, so the units are those of a
likelihood ratio: ten bits apart means a thousand times likelier.
"""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from functools import lru_cache

from jianbao.indexer.sources.encoding.han_ranks import HAN_BY_USE

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

ASCII_BITS = 6.0
"""A printable ASCII character: about one in 95, a little less for being so common."""

CJK_MARKS = frozenset("，。、；：？！“”‘’（）《》〈〉「」『』【】—…·　％﹑﹔︰")
"""What Chinese text is punctuated with; together about one character in eight."""

_MARK_BITS = 7.0
_LEVEL_ONE_BITS = 14.5
_RARE_HAN_BITS = 18.0
_STRANGE_BITS = 24.0
_IMPOSSIBLE_BITS = 32.0
_RANK = {char: rank for rank, char in enumerate(HAN_BY_USE)}

# Block start, block end, bits: a whole text in one of these scripts must beat the rare Han
# characters that its bytes give in a Chinese encoding, two bytes to a character.
_BLOCKS = (
    (0x00A0, 0x00FF, 10.0),
    (0x0100, 0x02AF, 12.0),
    (0x0370, 0x045F, 9.0),
    (0x2010, 0x2044, 11.0),
    (0x2100, 0x22FF, 15.0),
    (0x2460, 0x266F, 15.0),
    (0x3000, 0x303F, 15.0),
    (0x3040, 0x30FF, 11.0),
    (0x3400, 0x4DBF, 20.0),
    (0x4E00, 0x9FFF, _RARE_HAN_BITS),
    (0xAC00, 0xD7A3, 12.5),
    (0xFF01, 0xFF5E, 12.0),
    (0x1F300, 0x1FAFF, 16.0),
    (0x20000, 0x323AF, 20.0),
)


def bits(text: str) -> float:
    """The cost of the whole text: lower is more ordinary."""
    return sum(count * char_bits(char) for char, count in Counter(text).items())


def mean_bits(text: str) -> float:
    """The mean cost of the characters beyond ASCII, and of the control characters among it.

    About 9 to 11 for Chinese text, 0 for clean ASCII, 18 and more for noise.
    """
    telling = [char for char in text if not (" " <= char <= "~" or char in "\t\r\n")]
    return bits("".join(telling)) / len(telling) if telling else 0.0


@lru_cache(maxsize=1 << 16)
def char_bits(char: str) -> float:
    """The cost of one character."""
    if " " <= char <= "~" or char in "\t\r\n":
        return ASCII_BITS
    if char in _RANK:
        return math.log2(_RANK[char] + 12) + 2.5
    if char in CJK_MARKS:
        return _MARK_BITS
    if char == REPLACEMENT:
        return _IMPOSSIBLE_BITS
    return _uncommon_bits(char)


def _uncommon_bits(char: str) -> float:
    if _is_level_one(char):
        return _LEVEL_ONE_BITS
    if unicodedata.category(char) in {"Cc", "Cn", "Co", "Cs"}:
        return _IMPOSSIBLE_BITS if char < " " else _STRANGE_BITS
    code = ord(char)
    return next((cost for low, high, cost in _BLOCKS if low <= code <= high), _STRANGE_BITS)


def _is_level_one(char: str) -> bool:
    """Whether a national standard lists the character among the common ones.

    Rows 16 to 55 of GB 2312 (3,755 characters), and level 1 of Big5 (5,401).
    """
    try:
        if 0xB0 <= char.encode("gb2312")[0] <= 0xD7:
            return True
    except UnicodeEncodeError:
        pass
    try:
        return b"\xa4\x40" <= char.encode("big5") <= b"\xc6\x7e"
    except UnicodeEncodeError:
        return False
