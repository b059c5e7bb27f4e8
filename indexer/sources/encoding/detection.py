"""Bytes to text: which encoding a file is in, by evidence, and how sure that is."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from charset_normalizer import from_bytes

from jianbao.indexer.errors import SourceError
from jianbao.indexer.sources.encoding.plausibility import REPLACEMENT, bits, mean_bits

SAMPLE = 1 << 18
"""Bytes looked at, from the first one that is not plain ASCII: far more than a decision needs."""

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"\x84\x31\x95\x33", "gb18030"),
)

CHINESE = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")
"""The candidates beside Big5, the likelier first: an earlier one wins a tie."""

BIG5 = ("cp950", "big5hkscs")
"""Big5 as Windows writes it, which has all characters of the plain table; and with those of
Hong Kong, looked at only where the first fails, since they give eleven marks otherwise."""

SURE_BITS = 10.0
"""A lead over the next encoding under a thousand to one is named as doubtful."""

PRIOR_BITS = {"utf-8": 20.0, "gb18030": 3.0}
"""Bytes that happen to be valid UTF-8 are a one-in-a-million accident in other encodings."""

HINT_BITS = 12.0
"""What a declaration inside the file weighs: it settles a close call, and no more."""

ODD_MEAN = 15.0
"""Above this mean cost a text is no ordinary Chinese or English (see `mean_bits`)."""

BINARY_MEAN = 18.4
"""Above this it is noise: random bytes give 18.8 to 19 as UTF-16 and more in other encodings, and
a text of nothing but rare characters gives 18."""

MOST_BROKEN = 0.02
"""Share of control and unreadable characters in a text; random bytes have 3% as UTF-16 and
10% and more otherwise."""

# Encodings that extend ASCII; Python also lists codecs that are no encodings of files.
_DECLARED = ("utf-8", "iso8859", "cp", "koi8", "shift_jis", "euc", "mac", "johab", "tis")
_HIGH = re.compile(rb"[^\t\n\r\x20-\x7e]")
_NON_ASCII = re.compile(r"[^\x00-\x7f]")
_TWO_BYTE = re.compile(r"[\x80-\u07ff]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A decoded text. `doubtful` says in a sentence why a person should look, or is empty."""

    text: str
    encoding: str
    doubtful: str = ""


@dataclass(frozen=True, slots=True)
class _Candidate:
    encoding: str
    text: str
    cost: float


def decode(data: bytes, *, hint: str = "") -> Decoded:
    """The text of `data` in the encoding that makes it most plausible.

    `hint` is an encoding that the file itself declares; it is weighed, not trusted. Raises
    SourceError when no encoding gives a plausible text.
    """
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return _with_bom(data, encoding)
    plain = _plain_utf8(data)
    if plain is not None:
        return Decoded(plain, "utf-8", _unreadable(plain))
    best, doubt = _choose(data, known(hint))
    return _decode_as(data, best, doubt)


def known(label: str) -> str:
    """Python's name for a declared encoding, GB 2312 and GBK widened to GB 18030; or empty."""
    name = label.strip().lower()
    if name.startswith(("gb", "cp936", "ms936", "euc-cn", "x-gbk")):
        return "gb18030"
    if name.startswith("big5"):
        return BIG5["hk" in name]
    try:
        found = codecs.lookup(name).name if name.isascii() and "\0" not in name else ""
    except (LookupError, ValueError):
        return ""
    return found if found.startswith(_DECLARED) else ""


def _plain_utf8(data: bytes) -> str | None:
    """The text when it is beyond doubt UTF-8: no control characters, and not only such two-byte
    sequences as a short GBK text can give by accident."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if _CONTROL.search(text):
        return None
    beyond_ascii = len(_NON_ASCII.findall(text[:SAMPLE]))
    two_byte = len(_TWO_BYTE.findall(text[:SAMPLE]))
    return text if two_byte * 2 <= beyond_ascii else None


def _with_bom(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, "replace").removeprefix("\ufeff")
    if _broken(text[:SAMPLE]):
        raise SourceError("it is not text: it starts with a byte order mark, but noise follows")
    return Decoded(text, encoding, _unreadable(text))


def _choose(data: bytes, hint: str) -> tuple[str, str]:
    """The likeliest encoding, and a sentence when it is a close call."""
    sample, whole = _sample(data)
    names = dict.fromkeys((*CHINESE, _big5(data), *filter(None, [hint])))
    ranked = _ranked(sample, whole, names, hint)
    if mean_bits(ranked[0].text) > ODD_MEAN:
        names |= dict.fromkeys(_guesses(sample))
        ranked = _ranked(sample, whole, names, hint)
    best = ranked[0]
    if _is_noise(best.text):
        raise SourceError("it is not text: no encoding gives readable characters")
    return best.encoding, _doubt(best, ranked[1:])


def _is_noise(text: str) -> bool:
    return _broken(text) or mean_bits(text) > BINARY_MEAN


def _broken(text: str) -> bool:
    return len(_CONTROL.findall(text)) + text.count(REPLACEMENT) > MOST_BROKEN * len(text) + 2


def _doubt(best: _Candidate, others: Iterable[_Candidate]) -> str:
    rival = next((other for other in others if other.text != best.text), None)
    if rival is not None and rival.cost - best.cost < SURE_BITS:
        return f"read as {best.encoding}, but it could as well be {rival.encoding}"
    if best.encoding not in CHINESE + BIG5 or mean_bits(best.text) > ODD_MEAN:
        return f"read as {best.encoding}, a guess: few of its characters are common Chinese"
    return ""


def _big5(data: bytes) -> str:
    try:
        data.decode(BIG5[0])
    except UnicodeDecodeError:
        return BIG5[1]
    return BIG5[0]


def _sample(data: bytes) -> tuple[bytes, bool]:
    """A telling part of the file that starts at a character, and whether it reaches the end.

    Before the first byte beyond ASCII every character is one byte; UTF-16 is kept aligned.
    """
    found = _HIGH.search(data)
    start = max(0, found.start() - 64) & ~1 if found else 0
    return data[start : start + SAMPLE], start + SAMPLE >= len(data)


def _ranked(sample: bytes, whole: bool, names: Iterable[str], hint: str) -> list[_Candidate]:
    return sorted(_candidates(sample, whole, names, hint), key=lambda found: found.cost)


def _candidates(
    sample: bytes, whole: bool, names: Iterable[str], hint: str
) -> Iterator[_Candidate]:
    for name in names:
        decoder = codecs.getincrementaldecoder(name)("replace")
        text = decoder.decode(sample, final=whole)
        bonus = PRIOR_BITS.get(name, 0.0) + (HINT_BITS if name == hint else 0.0)
        yield _Candidate(name, text, bits(text) - bonus)


def _guesses(sample: bytes) -> list[str]:
    """What a general detector says, for text that is not Chinese; its first few, plus the one
    encoding that Western files without a declaration are in."""
    found = [match.encoding for match in from_bytes(sample[:8192])][:3]
    return [*(name for name in found if known(name)), "cp1252"]


def _decode_as(data: bytes, encoding: str, doubt: str) -> Decoded:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = data.decode(encoding, "replace")
    reasons = [reason for reason in (doubt, _unreadable(text)) if reason]
    return Decoded(text, encoding, "; ".join(reasons))


def _unreadable(text: str) -> str:
    count = text.count(REPLACEMENT)
    return f"{count} unreadable characters are shown as {REPLACEMENT}" if count else ""
