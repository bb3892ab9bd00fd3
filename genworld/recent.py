"""What was asked for last, kept at hand: a table that forgets what nobody asked for."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """Values by key; of more than `most`, the ones that were not asked for longest go. Any thread may ask.

    Args:
        most: values at hand.

    >>> squares = Recent[int, int](2)
    >>> for number in (2, 3, 2, 4):
    ...     _ = squares.of(number, lambda: number**2)
    >>> squares.get(2), squares.get(3), squares.get(4)
    (4, None, 16)
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[Key, Value] = OrderedDict()
        self._lock = threading.RLock()

    def get(self, key: Key) -> Value | None:
        """What is at hand; None where nothing is."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def put(self, key: Key, value: Value) -> None:
        """Have it at hand."""
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            while len(self._values) > self._most:
                self._values.popitem(last=False)

    def of(self, key: Key, make: Callable[[], Value]) -> Value:
        """What is at hand, else what is made now: once, whoever asks at the same time. Others wait, so let it be quick."""
        with self._lock:
            known = self.get(key)
            if known is None:
                known = make()
                self.put(key, known)
            return known

    def forget(self, key: Key) -> None:
        """Let one go."""
        with self._lock:
            self._values.pop(key, None)

    def clear(self) -> None:
        """Let all go."""
        with self._lock:
            self._values.clear()
