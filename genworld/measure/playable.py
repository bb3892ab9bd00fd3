"""Whether a level hangs together, and whether it can be played from start to goal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genworld.content import Legend, Level, Tag, TileGrid
from genworld.measure.windows import Grids
from genworld.play import Patterns, check, repair

WHOLE = 0.9
"""Share of the walkable cells that the largest area of a connected level holds."""

PLAYED = 200
"""Levels of a set that are played; more would take minutes."""


@dataclass(frozen=True)
class Played:
    """What was found of the first levels of a set, 1 or 0 each.

    Args:
        reachable: the goal is reached from the start.
        repaired: it is after repair.
        unknown: the search was given up: that is no yes.
    """

    reachable: NDArray[np.float64]
    repaired: NDArray[np.float64]
    unknown: NDArray[np.float64]


def played(grids: Grids, legend: Legend, patterns: Patterns, told: Callable[[int], None] | None = None) -> Played:
    """Whether the goal of each level can be reached from its start, and whether after repair.

    By the rules of `genworld.play`. Start and goal are the tiles tagged so, else two places far apart; a box-pushing level
    is solved.

    Args:
        grids: (N, H, W) tile ids, of which the first 200 are played.
        legend: what they mean.
        patterns: of the training levels, which a repair prefers.
        told: hears how many are played.
    """
    found = np.zeros((3, min(PLAYED, len(grids))))
    for index in range(found.shape[1]):
        if told:
            told(index)
        level = Level(grids[index], legend)
        raw = check(level).reachable
        after = raw is True or repair(level, patterns).verdict.reachable is True
        found[:, index] = raw is True, after, raw is None
    return Played(*found)


def well_formed(grids: Grids, legend: Legend) -> NDArray[np.bool_]:
    """(N,) whether a box-pushing level has one player, and as many boxes as targets, at least one."""
    starts, boxes, targets = (legend.has(grids, tag).sum(axis=(1, 2)) for tag in (Tag.START, Tag.PUSHABLE, Tag.GOAL))
    formed: NDArray[np.bool_] = (starts == 1) & (boxes == targets) & (boxes > 0)
    return formed


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
