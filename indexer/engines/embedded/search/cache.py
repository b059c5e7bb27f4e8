"""Keeps what was computed last, up to a number of bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class ByteCache(Generic[Key, Value]):
    """Values by key; the one not used for longest goes first. Safe to use from several threads."""

    def __init__(self, most: int, size_of: Callable[[Value], int]) -> None:
        self._most = most
        self._size_of = size_of
        self._kept: OrderedDict[Key, Value] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def has(self, key: Key) -> bool:
        """Whether the value of the key is kept."""
        with self._lock:
            return key in self._kept

    def get(self, key: Key, compute: Callable[[], Value]) -> Value:
        """The value of the key, computed if it is not kept. A value too large is not kept."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        value = compute()
        size = self._size_of(value)
        with self._lock:
            if key not in self._kept and size <= self._most:
                self._kept[key] = value
                self._bytes += size
                while self._bytes > self._most:
                    _, dropped = self._kept.popitem(last=False)
                    self._bytes -= self._size_of(dropped)
        return value
