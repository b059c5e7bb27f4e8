"""Every occurrence of every dictionary word in a long text, found with array operations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint32]
"""A text as code points."""

_NO_STATE = np.int32(-1)
_LOAD = 4
"""Slots of the hash table for each of its keys, at least: about one probe finds a key."""

_SPREAD = np.uint64(0x9E3779B97F4A7C15)
"""2^64 divided by the golden ratio (Knuth, "The Art of Computer Programming", volume 3, 6.4)."""


class Occurrences(NamedTuple):
    """Word number `words[i]` stands at offset `starts[i]` and has `lengths[i]` characters."""

    starts: NDArray[np.int64]
    lengths: NDArray[np.int64]
    words: NDArray[np.int64]


class Dictionary:
    """A trie of words, held as one hash table from (state, character) to the next state.

    `words` are distinct, of two characters or more, and sorted; a word's number is its place.
    """

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words
        lengths = np.fromiter(map(len, words), dtype=np.int64, count=len(words))
        codes = _codes("".join(words))
        self._numbers = _character_numbers(codes)
        # No word goes on after the end of a text.
        self._after = np.zeros(int(lengths.max(initial=0)), dtype=np.uint16)
        keys, values, terminal = _trie(self._number(codes), lengths)
        self._word_of_state = terminal
        self._table = _HashTable(keys, values)

    def find(self, codes: Codes) -> Occurrences:
        """All occurrences in a text, the short words first; time is linear in the text."""
        numbers = np.concatenate([self._number(codes), self._after])
        at = np.flatnonzero(numbers)
        states: NDArray[np.int64] = numbers[at].astype(np.int64)
        found: list[Occurrences] = []
        length = 1
        while len(at):
            reached = self._table.get(_key(states, numbers[at + length]))
            alive = np.flatnonzero(reached >= 0)
            at, states = at[alive], reached[alive].astype(np.int64)
            length += 1
            words = self._word_of_state[states]
            ends = np.flatnonzero(words >= 0)
            found.append(
                Occurrences(at[ends], np.full(len(ends), length), words[ends].astype(np.int64))
            )
        if not found:
            return Occurrences(*(np.empty(0, dtype=np.int64) for _ in range(3)))
        return Occurrences(*(np.concatenate(parts) for parts in zip(*found, strict=True)))

    def _number(self, codes: Codes) -> NDArray[np.uint16]:
        """The number of each character, 0 for one that no word has."""
        last = len(self._numbers) - 1
        return self._numbers[np.minimum(codes, last)]


def _codes(text: str) -> Codes:
    return np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)


def _character_numbers(codes: Codes) -> NDArray[np.uint16]:
    """A table from code point to a number from 1; its last entry, for all that follow, is 0."""
    characters = np.unique(codes)
    table = np.zeros(int(characters[-1]) + 2 if len(characters) else 1, dtype=np.uint16)
    table[characters] = np.arange(1, len(characters) + 1)
    return table


def _key(states: NDArray[np.int64], numbers: NDArray[np.uint16]) -> NDArray[np.uint64]:
    return (states.astype(np.uint64) << np.uint64(16)) | numbers


def _trie(
    numbers: NDArray[np.uint16], lengths: NDArray[np.int64]
) -> tuple[NDArray[np.uint64], NDArray[np.int32], NDArray[np.int32]]:
    """The transitions as keys and states, and the word that ends in each state, or -1.

    The state after one character is that character's number.
    """
    first = np.cumsum(lengths) - lengths
    words = np.arange(len(lengths))
    states = numbers[first].astype(np.int64)
    count = int(numbers.max(initial=0)) + 1
    keys: list[NDArray[np.uint64]] = []
    ends: list[tuple[NDArray[np.int64], NDArray[np.int64]]] = []
    for depth in range(1, int(lengths.max(initial=0))):
        going_on = lengths[words] > depth
        words, states = words[going_on], states[going_on]
        level, inverse = np.unique(_key(states, numbers[first[words] + depth]), return_inverse=True)
        keys.append(level)
        states = inverse + count
        count += len(level)
        ending = lengths[words] == depth + 1
        ends.append((states[ending], words[ending]))
    terminal = np.full(count, _NO_STATE, dtype=np.int32)
    for ending_states, ending_words in ends:
        terminal[ending_states] = ending_words
    all_keys = np.concatenate(keys) if keys else np.empty(0, dtype=np.uint64)
    values = np.arange(count - len(all_keys), count, dtype=np.int32)
    return all_keys, values, terminal


class _HashTable:
    """Open addressing with linear probing; distinct keys above 0 to numbers from 0."""

    def __init__(self, keys: NDArray[np.uint64], values: NDArray[np.int32]) -> None:
        bits = max(4, int(len(keys) * _LOAD).bit_length())
        self._shift = np.uint64(64 - bits)
        self._keys = np.zeros(1 << bits, dtype=np.uint64)
        self._values = np.full(1 << bits, _NO_STATE, dtype=np.int32)
        slots = self._slots(keys)
        waiting = np.arange(len(keys))
        while len(waiting):
            wanted = slots[waiting]
            free = self._keys[wanted] == 0
            self._keys[wanted[free]] = keys[waiting[free]]
            placed = self._keys[wanted] == keys[waiting]
            self._values[wanted[placed]] = values[waiting[placed]]
            waiting = waiting[~placed]
            slots[waiting] = self._next(slots[waiting])

    def get(self, keys: NDArray[np.uint64]) -> NDArray[np.int32]:
        """The value of each key, -1 for one that is not there."""
        slots = self._slots(keys)
        stored = self._keys[slots]
        values = np.full(len(keys), _NO_STATE, dtype=np.int32)
        hits = np.flatnonzero(stored == keys)
        values[hits] = self._values[slots[hits]]
        open_ = np.flatnonzero((stored != keys) & (stored != 0))
        slots = slots[open_]
        while len(open_):
            slots = self._next(slots)
            stored = self._keys[slots]
            hit = stored == keys[open_]
            values[open_[hit]] = self._values[slots[hit]]
            still = ~hit & (stored != 0)
            open_, slots = open_[still], slots[still]
        return values

    def _slots(self, keys: NDArray[np.uint64]) -> NDArray[np.int64]:
        return ((keys * _SPREAD) >> self._shift).astype(np.int64)

    def _next(self, slots: NDArray[np.int64]) -> NDArray[np.int64]:
        return (slots + 1) & (len(self._keys) - 1)
