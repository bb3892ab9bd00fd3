"""What a repair wants of single cells, and the tile that suits each best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from genworld.content import Level, Tag
from genworld.play.cells import Cell, Mask
from genworld.play.patterns import Patterns

Wishes = Mapping[Cell, Sequence[int]]
"""For each cell the tiles of which one should be there."""

CHANGE = 8
"""What changing a cell costs; each window that becomes one the model does not know costs 1."""

MOST_TILES = 16
"""Tiles tried for a cell; the most frequent ones of a legend."""

SPECIAL = frozenset(
    {Tag.START, Tag.GOAL, Tag.KEY, Tag.ENEMY, Tag.HAZARD, Tag.ITEM, Tag.DEVICE, Tag.PUSHABLE, Tag.BREAKABLE, Tag.VOID}
)
"""Tags of what a repair never puts down: it opens and closes ways, it does not furnish."""


@dataclass(frozen=True)
class Mending:
    """A level under repair.

    Args:
        level: as it is now.
        patterns: windows that look right.
        fixed: (H, W) cells that stay as they are.
    """

    level: Level
    patterns: Patterns
    fixed: Mask

    def plain(self, allowed: Mask) -> tuple[int, ...]:
        """The tiles that a repair may put down among the (255,) `allowed` ones, those that are frequent here first.

        Without a plain one, any allowed tile serves.
        """
        ids = [number for number in range(len(self.level.legend.tiles)) if allowed[number]]
        plain = [number for number in ids if not self.level.legend.tiles[number].tags & SPECIAL]
        return tuple(sorted(plain or ids, key=lambda number: -self._frequency[number])[:MOST_TILES])

    @cached_property
    def _frequency(self) -> list[int]:
        counts = np.bincount(self.level.tiles.ravel(), minlength=256)
        return [int(each) for each in counts]

    def costs(self, tiles: Sequence[int]) -> NDArray[np.int64]:
        """(H, W) what it costs to put the best of some tiles in each cell; negative where none may be put."""
        if not tiles:
            return np.full(self.level.tiles.shape, -1, dtype=np.int64)
        costs = CHANGE + self.patterns.costs(self.level.tiles, tiles).min(axis=0)
        return np.where(self.fixed, -1, costs)

    def painted(self, wishes: Wishes) -> Mending:
        """The level with a suitable tile in each cell of the wishes.

        Neighbours are chosen together: each cell is looked at a second time when all of them hold something.
        """
        grid = self.level.tiles.copy()
        for _ in range(2):
            for cell, tiles in wishes.items():
                grid[cell] = self._best(grid, cell, tiles)
        return replace(self, level=Level(grid, self.level.legend))

    def _best(self, grid: NDArray[np.uint8], cell: Cell, tiles: Sequence[int]) -> int:
        """The tile with the fewest unknown windows round it; of several the first."""
        top, left = max(cell[0] - 1, 0), max(cell[1] - 1, 0)
        costs = self.patterns.costs(grid[top : cell[0] + 2, left : cell[1] + 2], tiles)
        return tiles[int(np.argmin(costs[:, cell[0] - top, cell[1] - left]))]


def tile_ids() -> NDArray[np.uint8]:
    """(1, 256) every tile id, to ask a rule about each of them."""
    return np.arange(256, dtype=np.uint8)[None]
