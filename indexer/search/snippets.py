"""Text and the words searched for, to the passages shown, with their marked ranges. No HTML."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from jianbao.indexer.models import Snippet
from jianbao.indexer.query.tree import Leaf
from jianbao.indexer.search.budget import UNLIMITED, Spending
from jianbao.indexer.text.fold import fold
from jianbao.indexer.text.scripts import RUN

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


class _Matches(NamedTuple):
    """Marked ranges that lie apart, in order: a column of starts, of ends, and of the leaves that
    each shows, a bit for each. Columns are searched several times faster than rows."""

    starts: list[int]
    ends: list[int]
    words: list[int]


class _Passage(NamedTuple):
    """A piece of the text, the leaves and the number of matches in it."""

    start: int
    end: int
    words: int
    matches: int


def marks(
    text: str, leaves: Sequence[Leaf], field: str, spending: Spending | None = None
) -> list[Mark]:
    """The ranges of `text` that the leaves match, sorted, joined where they meet; with `spending`
    no more than there is budget for."""
    found = _matches(text, leaves, field, spending)
    return list(zip(found.starts, found.ends, strict=True))


def marked(
    text: str, leaves: Sequence[Leaf], field: str, spending: Spending | None = None
) -> Snippet:
    """The whole of `text` with its marks."""
    return Snippet(text, tuple(marks(text, leaves, field, spending)))


def snippets(
    text: str, leaves: Sequence[Leaf], spending: Spending | None = None
) -> tuple[Snippet, ...]:
    """The one or two passages of an article's body with the most distinct words, in their order.

    Without any match, the beginning. Each is a verbatim piece of `text`.
    """
    found = _matches(text, leaves, "body", spending)
    if not found.starts:
        start, end = _passage(text, 0, 0)
        return (Snippet(text[start:end]),) if end > start else ()
    chosen: list[Mark] = []
    covered = 0
    remaining = found
    while remaining.starts and len(chosen) < PASSAGES:
        passage = _richest(text, remaining, covered)
        if chosen and not passage.words & ~covered:
            break
        chosen.append((passage.start, passage.end))
        covered |= passage.words
        remaining = _outside(remaining, passage)
    return tuple(_cut(text, span, found) for span in _disjoint(sorted(chosen)))


def _matches(text: str, leaves: Sequence[Leaf], field: str, spending: Spending | None) -> _Matches:
    spending = spending or Spending(UNLIMITED)
    reach = spending.reach(len(text), len(leaves))
    folded = fold(text[:reach])
    found: list[tuple[int, int, int]] = []
    for number, leaf in enumerate(leaves):
        # Of hundreds of words a text has few; to see that one is not there takes no generator.
        if leaf.text in folded and field in leaf.fields:
            if not spending.may_match:
                break
            word = 1 << number
            places = spending.matches(_occurrences(folded, leaf))
            found += [(start, end, word) for start, end in places]
    if reach < len(text):
        # What a word is part of may go on beyond.
        found = [each for each in found if each[1] < reach]
    found.sort()
    joined = _Matches([], [], [])
    last = -1
    for start, end, word in found:
        if start <= last:
            joined.ends[-1] = last = max(end, last)
            joined.words[-1] |= word
        else:
            joined.starts.append(start)
            joined.ends.append(end)
            joined.words.append(word)
            last = end
    return joined


def _outside(matches: _Matches, passage: _Passage) -> _Matches:
    """Those that do not reach into the passage."""
    first = bisect_right(matches.ends, passage.start)
    last = bisect_left(matches.starts, passage.end)
    return _Matches(*(column[:first] + column[last:] for column in matches))


def _richest(text: str, matches: _Matches, covered: int) -> _Passage:
    """The passage that holds most: words not yet shown, then matches, then the earliest.

    Only those from the most promising matches are cut out: by what follows within their length.
    """
    passages = [_around(text, matches, number) for number in _promising(matches, covered)]
    return max(
        passages,
        key=lambda each: ((each.words & ~covered).bit_count(), each.matches, -each.start),
    )


def _promising(matches: _Matches, covered: int) -> list[int]:
    """The numbers of the matches that have most within a passage's length."""
    starts, ends, words = matches
    if len(starts) == 1:
        return [0]
    # From the last match to the first, what lies within a passage's length is a window: each match
    # enters it once and leaves it once, however many words there are.
    within: Counter[int] = Counter()
    end = len(starts)
    worths: list[tuple[int, int, int]] = []
    for number in range(len(starts) - 1, -1, -1):
        within.update(_single_words(words[number] & ~covered))
        beyond = max(bisect_right(ends, starts[number] + LENGTH), number + 1)
        while end > beyond:
            end -= 1
            for word in _single_words(words[end] & ~covered):
                within[word] -= 1
                if not within[word]:
                    del within[word]
        worths.append((len(within), end - number, -number))
    worths.sort(reverse=True)
    return [-number for _, _, number in worths[:TRIED]]


def _single_words(words: int) -> Iterator[int]:
    """The bits of several words, each alone."""
    while words:
        word = words & -words
        yield word
        words ^= word


def _around(text: str, matches: _Matches, number: int) -> _Passage:
    """The passage cut out around a match, and what is in it."""
    begin = matches.starts[number]
    matched = min(matches.ends[number], begin + LENGTH)
    start, end = _whole(matches, *_passage(text, begin, matched))
    first = bisect_left(matches.starts, start)
    last = max(first, bisect_right(matches.ends, end))
    words = matches.words[number]
    for word in matches.words[first:last]:
        words |= word
    return _Passage(start, end, words, last - first)


def _whole(matches: _Matches, start: int, end: int) -> Mark:
    """The passage with the matches at its edges whole, or left out where they are too long."""
    low, high = _over(matches, start)
    if low < high:
        start = low if start - low <= LENGTH else start
    low, high = _over(matches, end)
    if low < high:
        end = high if high - start <= 2 * LENGTH else max(low, start + LENGTH)
    return start, end


def _over(matches: _Matches, edge: int) -> Mark:
    """The match that begins before an edge and ends after it; an empty range if none does."""
    at = bisect_left(matches.starts, edge) - 1
    if at < 0 or matches.ends[at] <= edge:
        return edge, edge
    return matches.starts[at], matches.ends[at]


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


def _cut(text: str, span: Mark, found: _Matches) -> Snippet:
    start, end = span
    first, last = bisect_right(found.ends, start), bisect_left(found.starts, end)
    inside = zip(found.starts[first:last], found.ends[first:last], strict=True)
    marks_ = tuple((max(low, start) - start, min(high, end) - start) for low, high in inside)
    return Snippet(text[start:end], marks_)


def _occurrences(folded: str, leaf: Leaf) -> Iterator[Mark]:
    text = leaf.text
    # What neither begins nor ends with a letter or digit cannot be part of a longer run.
    edged = leaf.whole and bool(RUN.match(text[:1]) or RUN.match(text[-1:]))
    at = folded.find(text)
    while at >= 0:
        end = at + len(text)
        if not edged or _is_whole(folded, at, end, leaf.prefix):
            yield at, _run_end(folded, end) if leaf.prefix else end
        at = folded.find(text, at + 1)


def _is_whole(folded: str, start: int, end: int, prefix: bool) -> bool:
    """Whether no run of letters and digits reaches over an edge."""
    if start > 0 and RUN.fullmatch(folded[start - 1 : start + 1]):
        return False
    return prefix or RUN.fullmatch(folded[end - 1 : end + 1] if end < len(folded) else " ") is None


def _run_end(folded: str, end: int) -> int:
    """Where the run ends that the last matched character is part of."""
    run = RUN.match(folded, end)
    return run.end() if run and RUN.match(folded[end - 1]) else end
