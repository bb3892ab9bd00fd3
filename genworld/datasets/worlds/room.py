"""The room: a rectangle of floor, in dungeons and buildings alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from genworld.datasets.worlds.terrain import Cell, Mask


@dataclass(frozen=True)
class Room:
    """The floor of a room, walls not included; all in tiles."""

    top: int
    left: int
    height: int
    width: int

    @property
    def bottom(self) -> int:
        """The last row."""
        return self.top + self.height - 1

    @property
    def right(self) -> int:
        """The last column."""
        return self.left + self.width - 1

    @property
    def area(self) -> tuple[slice, slice]:
        """Its rows and columns."""
        return slice(self.top, self.bottom + 1), slice(self.left, self.right + 1)

    @property
    def size(self) -> int:
        """How many cells it has."""
        return self.height * self.width

    @property
    def centre(self) -> Cell:
        return self.top + self.height // 2, self.left + self.width // 2

    def mask(self, shape: tuple[int, int], margin: int = 0) -> Mask:
        """Its cells, `margin` tiles in (or out, when negative)."""
        result = np.zeros(shape, np.bool_)
        result[
            max(self.top + margin, 0) : self.top + self.height - margin,
            max(self.left + margin, 0) : self.left + self.width - margin,
        ] = True
        return result
