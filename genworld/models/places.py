"""The grid as a Markov chain sees it: which cells come before which, and where in a level a cell is."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]

NEIGHBOURS = ((0, -1), (-1, 0), (-1, -1), (-1, 1), (0, -2), (-2, 0), (-1, -2), (-1, 2), (-2, -1), (-2, 1), (0, -3))
"""(row, column) offsets of the cells before this one, nearest first."""
REACH = 3
"""Furthest offset in a row: cells with equal column + REACH * row do not depend on each other."""
OUTSIDE = 255
"""Tile id that stands for the cells beyond the edge."""
NEAR_EDGE = 2
"""The distance to the right and lower edge is part of the place up to this many cells."""
GROUP = 4096
"""Step of the place from one combination of classes to the next."""
MOST_BANDS = GROUP // (NEAR_EDGE + 1) ** 2
"""Bands of height times those of width at most, so that places stay below that step."""


def places(rows: Ids, columns: Ids, size: tuple[int, ...], bands: int, stripes: int = 0) -> Ids:
    """Where cells are in a level of (rows, columns): bands of height and of width, distance to the lower and the right
    edge."""
    height, width = size
    down = np.minimum(height - 1 - rows, NEAR_EDGE)
    right = np.minimum(width - 1 - columns, NEAR_EDGE)
    band = columns * stripes // width * max(1, bands) + rows * bands // height
    return (band * (NEAR_EDGE + 1) + down) * (NEAR_EDGE + 1) + right


def every_place(bands: int, groups: int, stripes: int = 0) -> Ids:
    """All values of `places` with those of each group."""
    count = max(1, bands) * max(1, stripes) * (NEAR_EDGE + 1) ** 2
    return (np.arange(groups)[:, None] * GROUP + np.arange(count)).reshape(-1)


def framed(ids: Ids) -> Ids:
    """(N, H, W) ids with the cells beyond the upper and the side edges added."""
    return np.pad(ids, ((0, 0), (REACH, 0), (REACH, REACH)), constant_values=OUTSIDE)


def neighbours(frames: Ids, rows: Ids, columns: Ids, order: int) -> Ids:
    """(order, N, M) nearest cells before M cells in N framed levels."""
    near = [frames[:, rows + REACH + dy, columns + REACH + dx] for dy, dx in NEIGHBOURS[:order]]
    return np.stack(near) if near else np.zeros((0, len(frames), len(rows)), dtype=np.int64)


def cells(shape: tuple[int, ...]) -> tuple[Ids, Ids]:
    """Rows and columns of all cells in reading order."""
    rows, columns = np.indices(shape)
    return rows.reshape(-1), columns.reshape(-1)


def slants(height: int, width: int) -> Iterator[tuple[Ids, Ids]]:
    """Rows and columns of the cells of each slant, in an order in which all neighbours come before."""
    for slant in range(width + REACH * (height - 1)):
        rows = np.arange(max(0, -(-(slant - width + 1) // REACH)), min(height - 1, slant // REACH) + 1)
        if len(rows):
            yield rows, slant - REACH * rows
