"""Whether a level hangs together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from genworld.content import Legend, Tag, TileGrid

WHOLE = 0.9
"""Share of the walkable cells that the largest area of a connected level holds."""


def walkable(grid: TileGrid, legend: Legend) -> NDArray[np.bool_]:
    """(H, W) mask of the cells that can be entered: what is passable, and doors, which open."""
    return legend.has(grid, Tag.PASSABLE, Tag.DOOR)


def connected(grid: TileGrid, legend: Legend) -> bool:
    """Whether the largest 4-connected area of walkable cells holds at least 90% of them; never without such cells."""
    free = walkable(grid, legend)
    areas = area_sizes(free)
    return bool(areas) and max(areas) >= WHOLE * int(free.sum())


def area_sizes(mask: NDArray[np.bool_]) -> list[int]:
    """Cells in each 4-connected area of an (H, W) mask.

    >>> sorted(area_sizes(np.array([[1, 0, 1], [1, 0, 0], [0, 1, 1]], dtype=bool)))
    [1, 2, 2]
    """
    width = mask.shape[1] + 1
    # One blank column and row past the edges: a step off the grid lands on a cell that is not there.
    left = set(np.flatnonzero(np.pad(mask, ((0, 1), (0, 1)))).tolist())
    sizes = []
    while left:
        sizes.append(_flood(left, left.pop(), width))
    return sizes


def _flood(left: set[int], start: int, width: int) -> int:
    """Take the area around `start` out of `left` and count its cells."""
    edge, size = [start], 1
    while edge:
        cell = edge.pop()
        near = left & {cell - 1, cell + 1, cell - width, cell + width}
        left -= near
        edge.extend(near)
        size += len(near)
    return size
