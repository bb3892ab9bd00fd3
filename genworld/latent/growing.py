"""Tables that grow at the end while others read what is there."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray


class Growing:
    """A table of rows. What `rows` gave never changes, whatever is added later; one adds at a time.

    Args:
        width: columns; None for a plain list of numbers.
        dtype: of the numbers.
    """

    def __init__(self, width: int | None, dtype: DTypeLike) -> None:
        self._shape = () if width is None else (width,)
        self._table: NDArray[Any] = np.empty((64, *self._shape), dtype)
        self._rows = self._table[:0]

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def rows(self) -> NDArray[Any]:
        """(N, width) or (N,) what is there by now, read-only."""
        return self._rows

    def add(self, rows: NDArray[Any]) -> None:
        """(K, width) or (K,) more."""
        before = len(self._rows)
        after = before + len(rows)
        if after > len(self._table):
            table = np.empty((max(after, 2 * before), *self._shape), self._table.dtype)
            table[:before] = self._rows
            self._table = table
        self._table[before:after] = rows
        shown = self._table[:after]
        shown.flags.writeable = False
        self._rows = shown
