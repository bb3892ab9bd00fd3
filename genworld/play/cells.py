"""Cells of a level: areas that hang together, cells far apart, and the cheapest walk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from heapq import heappop, heappush

import numpy as np
from numpy.typing import NDArray

Cell = tuple[int, int]
"""Row and column, from 0."""

Mask = NDArray[np.bool_]
"""(H, W), one flag for each cell."""

Costs = NDArray[np.int64]
"""(H, W), what it costs to enter each cell: 1 or more, or `NEVER`."""

NEVER = -1
POCKET = 0.02
"""An area with less than this share of the walkable cells is a pocket: no end is looked for in it."""


def cells_of(mask: Mask) -> list[Cell]:
    """The cells of a mask in reading order."""
    return [(int(row), int(column)) for row, column in np.argwhere(mask)]


def mask_of(cells: Iterable[Cell], shape: tuple[int, ...]) -> Mask:
    """The (H, W) mask of some cells."""
    mask = np.zeros(shape, dtype=np.bool_)
    for cell in cells:
        mask[cell] = True
    return mask


def areas(mask: Mask) -> NDArray[np.int32]:
    """(H, W) number of the 4-connected area that each cell of a mask belongs to, from 1; 0 outside the mask.

    >>> areas(np.array([[1, 0, 1], [1, 0, 0], [0, 1, 1]], dtype=bool)).tolist()
    [[1, 0, 2], [1, 0, 0], [0, 3, 3]]
    """
    # One blank column and row past the edges: a step off the grid lands on a cell that is not there.
    width = mask.shape[1] + 1
    padded = np.pad(mask, ((0, 1), (0, 1)))
    left = set(np.flatnonzero(padded).tolist())
    labels = np.zeros(padded.size, dtype=np.int32)
    number = 0
    for cell in sorted(left):
        if cell in left:
            number += 1
            labels[_flood(left, cell, width)] = number
    return labels.reshape(padded.shape)[:-1, :-1]


def _flood(left: set[int], start: int, width: int) -> list[int]:
    """Take the area around `start` out of `left`."""
    left.discard(start)
    found, edge = [start], [start]
    while edge:
        cell = edge.pop()
        near = left & {cell - 1, cell + 1, cell - width, cell + width}
        left -= near
        edge.extend(near)
        found.extend(near)
    return found


def without_pockets(mask: Mask) -> Mask:
    """The mask without its areas of less than 2% of its cells."""
    labels = areas(mask)
    sizes = np.bincount(labels.ravel())
    large = sizes >= POCKET * sizes[1:].sum()
    large[0] = False
    kept: Mask = large[labels]
    return kept


def farthest(places: Mask, cell: Cell) -> Cell | None:
    """The cell of a mask with the most steps from `cell`, walls aside; the first in reading order of several."""
    rows, columns = np.nonzero(places)
    if not rows.size:
        return None
    best = int(np.argmax(abs(rows - cell[0]) + abs(columns - cell[1])))
    return int(rows[best]), int(columns[best])


def farthest_pair(places: Mask) -> tuple[Cell, Cell] | None:
    """The two cells of a mask with the most steps between them, walls aside; None where there are not two.

    >>> farthest_pair(np.array([[0, 1, 1], [1, 1, 0]], dtype=bool))
    ((1, 0), (0, 2))
    """
    rows, columns = np.nonzero(places)
    if rows.size < 2:
        return None
    # The farthest pair in steps lies at the ends of one of the two diagonals.
    spans = [rows + columns, columns - rows]
    wide = max(spans, key=np.ptp)
    low, high = int(np.argmin(wide)), int(np.argmax(wide))
    return (int(rows[low]), int(columns[low])), (int(rows[high]), int(columns[high]))


def cheapest(costs: Costs, start: Cell, goals: Collection[Cell]) -> list[Cell] | None:
    """The cheapest walk in 4 directions from `start` to the nearest of `goals`, both included; None where none is.

    Args:
        costs: (H, W) of entering a cell, 1 or more; `NEVER` where nobody can go. The start is entered in any case.
    """
    width = costs.shape[1] + 1
    price = np.pad(costs, ((0, 1), (0, 1)), constant_values=NEVER).ravel().tolist()
    parent = [-1] * len(price)
    wanted = {row * width + column for row, column in goals}
    first = start[0] * width + start[1]
    waves: defaultdict[int, list[tuple[int, int]]] = defaultdict(list, {0: [(first, first)]})
    order = [0]
    while order:
        total = heappop(order)
        for cell, source in waves.pop(total):
            if parent[cell] >= 0:
                continue
            parent[cell] = source
            if cell in wanted:
                return [divmod(each, width) for each in _back(parent, cell)]
            for near in (cell + 1, cell + width, cell - 1, cell - width):
                if price[near] > 0 and parent[near] < 0:
                    if total + price[near] not in waves:
                        heappush(order, total + price[near])
                    waves[total + price[near]].append((near, cell))
    return None


def _back(parent: list[int], cell: int) -> list[int]:
    """From the first cell, its own parent, to `cell`."""
    steps = [cell]
    while parent[cell] != cell:
        cell = parent[cell]
        steps.append(cell)
    return steps[::-1]
