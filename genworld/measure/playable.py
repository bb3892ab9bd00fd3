"""Whether a level hangs together, and whether it can be played from start to goal."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from genworld.content import Legend, Level, Tag, TileGrid
from genworld.measure.windows import Grids
from genworld.play import Patterns, check, repair

WHOLE = 0.9
"""Share of the walkable cells that the largest area of a connected level holds."""

PLAYED = 200
"""Levels of a set that are played; more would take minutes."""


def reachable(grids: Grids, legend: Legend, patterns: Patterns) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Whether the goal of each level can be reached from its start, and whether after repair.

    By the rules of `genworld.play`: a search that was given up counts as no. Start and goal are the tiles tagged so,
    else two places far apart.

    Args:
        grids: (N, H, W) tile ids.
        legend: what they mean.
        patterns: of the training levels, which a repair prefers.

    Returns:
        Two arrays (N,) of 1 and 0; NaN past the first 200, which are not played.
    """
    raw, after = np.full((2, len(grids)), np.nan)
    for index, grid in enumerate(grids[:PLAYED]):
        level = Level(grid, legend)
        raw[index] = check(level).reachable is True
        after[index] = raw[index] or repair(level, patterns).verdict.reachable is True
    return raw, after


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
