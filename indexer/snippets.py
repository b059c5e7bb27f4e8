"""Text and the words searched for, to the passages shown, with their marked ranges. No HTML."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import reduce
from heapq import nlargest
from operator import itemgetter, or_
from typing import NamedTuple

from indexer.models import Snippet
from indexer.query.tree import Leaf
from indexer.text.normalize import fold
from indexer.text.scripts import RUN

LENGTH = 120
"""Characters of a passage, about; a match is never cut short for it."""

PASSAGES = 2

TRIED = 4
"""Passages cut out to choose one: what a match promises may lie beyond its sentence."""

_SENTENCE_END = re.compile(".*(?:[。！？!?；;…][”」』’）)]*|\n)", re.DOTALL)
_PAUSE = re.compile(".*[，,、：:]", re.DOTALL)
"""Up to the last one there is: the first part takes all it can."""

_CONTEXT = 30
"""Characters kept before the first match where its sentence is too long to begin with."""

Mark = tuple[int, int]


class _Match(NamedTuple):
    """A marked range, and the leaves that it shows: a bit for each."""

    start: int
    end: int
    words: int


class _Passage(NamedTuple):
    """A piece of the text, the leaves and the number of matches in it."""

    start: int
    end: int
    words: int
    matches: int


def marks(text: str, leaves: Sequence[Leaf], field: str) -> list[Mark]:
    """The ranges of `text` that the leaves match, sorted, joined where they meet."""
    return [(match.start, match.end) for match in _matches(text, leaves, field)]


def marked(text: str, leaves: Sequence[Leaf], field: str) -> Snippet:
    """The whole of `text` with its marks."""
    return Snippet(text, tuple(marks(text, leaves, field)))


def snippets(text: str, leaves: Sequence[Leaf]) -> tuple[Snippet, ...]:
    """The one or two passages of an article's body with the most distinct words, in their order.

    Without any match, the beginning. Each is a verbatim piece of `text`.
    """
    found = _matches(text, leaves, "body")
    if not found:
        start, end = _passage(text, 0, 0)
        return (Snippet(text[start:end]),) if end > start else ()
    chosen: list[Mark] = []
    covered = 0
    remaining = found
    while remaining and len(chosen) < PASSAGES:
        passage = _richest(text, remaining, covered)
        if chosen and not passage.words & ~covered:
            break
        chosen.append((passage.start, passage.end))
        covered |= passage.words
        remaining = [
            match for match in remaining if match.start >= passage.end or match.end <= passage.start
        ]
    return tuple(_cut(text, span, found) for span in _disjoint(sorted(chosen)))


def _matches(text: str, leaves: Sequence[Leaf], field: str) -> list[_Match]:
    folded = fold(text)
    found = sorted(
        (start, end, number)
        for number, leaf in enumerate(leaves)
        if field in leaf.fields
        for start, end in _occurrences(folded, leaf)
    )
    joined: list[_Match] = []
    for start, end, number in found:
        if joined and start <= joined[-1].end:
            last = joined[-1]
            joined[-1] = _Match(last.start, max(end, last.end), last.words | 1 << number)
        else:
            joined.append(_Match(start, end, 1 << number))
    return joined


def _richest(text: str, matches: Sequence[_Match], covered: int) -> _Passage:
    """The passage that holds most: words not yet shown, then matches, then the earliest.

    Only those from the most promising matches are cut out: by what follows within their length.
    """
    passages = [_around(text, matches, number) for number in _promising(matches, covered)]
    return max(
        passages,
        key=lambda each: ((each.words & ~covered).bit_count(), each.matches, -each.start),
    )


def _promising(matches: Sequence[_Match], covered: int) -> list[int]:
    """The numbers of the matches that have most within a passage's length."""
    ends: list[int] = []
    last = 0
    for number, first in enumerate(matches):
        while last < len(matches) and matches[last].end <= first.start + LENGTH:
            last += 1
        ends.append(max(last, number + 1))
    nearest: dict[int, int] = {}
    worths: list[tuple[int, int, int]] = []
    for number in range(len(matches) - 1, -1, -1):
        for word in _each(matches[number].words & ~covered):
            nearest[word] = number
        end = ends[number]
        fresh = [at for at in nearest.values() if at < end]
        worths.append((len(fresh), end - number, -number))
    return [-number for _, _, number in nlargest(TRIED, worths)]


def _each(words: int) -> Iterator[int]:
    """The bits of `words`, one by one."""
    while words:
        word = words & -words
        yield word
        words ^= word


def _words(matches: Sequence[_Match]) -> int:
    """The leaves that any of the matches shows."""
    return reduce(or_, [match.words for match in matches], 0)


def _around(text: str, matches: Sequence[_Match], number: int) -> _Passage:
    """The passage cut out around a match, and what is in it."""
    match = matches[number]
    matched = min(match.end, match.start + LENGTH)
    start, end = _whole(matches, *_passage(text, match.start, matched))
    first = bisect_left(matches, start, key=_start)
    inside = matches[first : max(first, bisect_right(matches, end, key=_end))]
    return _Passage(start, end, match.words | _words(inside), len(inside))


_start, _end = itemgetter(0), itemgetter(1)


def _whole(matches: Sequence[_Match], start: int, end: int) -> Mark:
    """The passage with the matches at its edges whole, or left out where they are too long."""
    for match in _over(matches, start):
        start = match.start if start - match.start <= LENGTH else start
    for match in _over(matches, end):
        end = match.end if match.end - start <= 2 * LENGTH else max(match.start, start + LENGTH)
    return start, end


def _over(matches: Sequence[_Match], edge: int) -> Sequence[_Match]:
    """The match that begins before an edge and ends after it, if one does."""
    at = bisect_left(matches, edge, key=_start) - 1
    return matches[at : at + 1] if at >= 0 and matches[at].end > edge else ()


def _passage(text: str, start: int, end: int) -> Mark:
    """A passage that has `[start, end)`, cut at sentence ends where they are near."""
    begin = _last(_SENTENCE_END, text, max(0, start - LENGTH // 2), start)
    if begin is None:
        begin = 0 if start <= LENGTH // 2 else None
    if begin is None:
        begin = _last(_PAUSE, text, start - LENGTH // 2, start) or start - _CONTEXT
    limit = max(end, begin + LENGTH)
    paragraph = text.find("\n", end)
    if paragraph >= 0:
        limit = min(limit, paragraph)
    if limit >= len(text):
        return _trim(text, begin, len(text))
    for pattern in (_SENTENCE_END, _PAUSE):
        if (stop := _last(pattern, text, max(end, begin + LENGTH // 2), limit)) is not None:
            return _trim(text, begin, stop)
    return _trim(text, begin, limit)


def _last(pattern: re.Pattern[str], text: str, low: int, high: int) -> int | None:
    """Where the last match within `[low, high)` ends."""
    match = pattern.match(text, low, high)
    return match.end() if match else None


def _trim(text: str, start: int, end: int) -> Mark:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _disjoint(spans: Sequence[Mark]) -> list[Mark]:
    joined: list[Mark] = []
    for start, end in spans:
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _cut(text: str, span: Mark, found: Sequence[_Match]) -> Snippet:
    start, end = span
    inside = (
        (max(match.start, start) - start, min(match.end, end) - start)
        for match in found
        if match.start < end and match.end > start
    )
    return Snippet(text[start:end], tuple(inside))


def _occurrences(folded: str, leaf: Leaf) -> Iterator[Mark]:
    at = folded.find(leaf.text)
    while at >= 0:
        end = at + len(leaf.text)
        if not leaf.whole or _is_whole(folded, at, end, leaf.prefix):
            yield at, _run_end(folded, end) if leaf.prefix else end
        at = folded.find(leaf.text, at + 1)


def _is_whole(folded: str, start: int, end: int, prefix: bool) -> bool:
    """Whether no run of letters and digits reaches over an edge."""
    if start > 0 and RUN.fullmatch(folded[start - 1 : start + 1]):
        return False
    return prefix or RUN.fullmatch(folded[end - 1 : end + 1] if end < len(folded) else " ") is None


def _run_end(folded: str, end: int) -> int:
    """Where the run ends that the last matched character is part of."""
    run = RUN.match(folded, end)
    return run.end() if run and RUN.match(folded[end - 1]) else end
