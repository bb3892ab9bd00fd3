"""Which 2 x 2 windows of tiles a set of levels holds: what looks right in their style and what does not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genworld.content import Level, TileGrid
from genworld.play.cells import Mask

Codes = NDArray[np.uint32]
"""Windows as numbers: the four tile ids are its four bytes."""

CORNERS = ((0, 0), (0, 1), (1, 0), (1, 1))


@dataclass(frozen=True, eq=False)
class Patterns:
    """The windows of some levels of one legend.

    Args:
        codes: (N,) each window once, in rising order.
        counts: (N,) how often it occurs.
    """

    codes: Codes
    counts: NDArray[np.int64]

    @classmethod
    def learn(cls, levels: Iterable[Level | TileGrid]) -> Patterns:
        """The windows of levels, or of bare grids of tile ids, of one legend.

        >>> board = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]], dtype=np.uint8)
        >>> patterns = Patterns.learn([board])
        >>> patterns.counts.tolist(), bool(patterns.known(1 - board).all()), patterns.share(board * 0)
        ([2, 2], True, 0.0)
        """
        found = [windows(each.tiles if isinstance(each, Level) else each).ravel() for each in levels]
        codes, counts = np.unique(np.concatenate([np.zeros(0, dtype=np.uint32), *found]), return_counts=True)
        return cls(codes, counts.astype(np.int64))

    def known(self, grid: TileGrid) -> Mask:
        """(H - 1, W - 1) whether each window of an (H, W) grid occurs in the levels."""
        return self._counted(windows(grid)) > 0

    def seen(self, grid: TileGrid) -> NDArray[np.int64]:
        """(H - 1, W - 1) how often each window of an (H, W) grid occurs in the levels."""
        return self._counted(windows(grid))

    def share(self, grid: TileGrid) -> float:
        """Share of the windows of a grid that occur in the levels; 1 where it has none."""
        known = self.known(grid)
        return float(known.mean()) if known.size else 1.0

    def costs(self, grid: TileGrid, tiles: Sequence[int]) -> NDArray[np.int64]:
        """(T, H, W) how many windows round each cell would be unknown if it held each of T tiles, from 0 to 4."""
        here, height, width = windows(grid), *grid.shape
        costs = np.zeros((len(tiles), height, width), dtype=np.int64)
        ids = np.asarray(tiles, dtype=np.uint32)[:, None, None]
        for place, (down, right) in enumerate(CORNERS):
            shift = np.uint32(8 * place)
            changed = here & ~(np.uint32(255) << shift) | ids << shift
            costs[:, down : height - 1 + down, right : width - 1 + right] += self._counted(changed) == 0
        return costs

    def _counted(self, codes: Codes) -> NDArray[np.int64]:
        if not self.codes.size:
            return np.zeros(codes.shape, dtype=np.int64)
        place = np.minimum(np.searchsorted(self.codes, codes), self.codes.size - 1)
        return np.where(self.codes[place] == codes, self.counts[place], 0)


def windows(grid: TileGrid) -> Codes:
    """(H - 1, W - 1) the code of the window whose upper left corner each cell is."""
    height, width = (max(side - 1, 0) for side in grid.shape)
    codes = np.zeros((height, width), dtype=np.uint32)
    for place, (down, right) in enumerate(CORNERS):
        codes |= grid[down : down + height, right : right + width].astype(np.uint32) << np.uint32(8 * place)
    return codes
