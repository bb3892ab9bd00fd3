"""City blocks: what stands between the streets."""

from __future__ import annotations

from itertools import product

import numpy as np

from genworld.content import Style, Tag, TileGrid
from genworld.datasets.worlds.terrain import Cell, Mask, blocks_nothing, grown, neighbours, noise, several
from genworld.datasets.worlds.world import legend, tile_ids

LEGEND = legend(
    "city",
    Style.TOP_DOWN,
    "city",
    "r road: passable",
    "x crossing: passable",
    ". pavement: passable",
    "# building: solid",
    "p park: passable",
    "T tree: solid",
    "~ water: solid liquid",
    "c parked car: solid",
    "o plaza: passable",
    "l traffic light: passable device",
    "S start: passable start",
    "X goal: passable goal",
)
T = tile_ids(LEGEND)


Chances = tuple[float, float, float, float, float]
"""Chance of each use of a block, in the order of `USES`."""

USES = ("towers", "houses", "park", "plaza", "parking")


def build(grid: TileGrid, block: Mask, uses: Chances, random: np.random.Generator) -> None:
    """Give a block its use; a ring of pavement stays around it.

    Args:
        block: the cells between streets.
        uses: chance of each of `USES`.
    """
    plot = block & ~grown(grid == T["road"], diagonal=True)
    use = str(random.choice(USES, p=uses))
    if int(plot.sum()) <= 4:
        use = "towers" if uses[0] else "houses"
    {"towers": _towers, "houses": _houses, "park": _park, "plaza": _plaza, "parking": _parking}[use](grid, plot, random)


def _towers(grid: TileGrid, plot: Mask, random: np.random.Generator) -> None:
    """Large buildings, parted by lanes of pavement now and then, or around a yard."""
    grid[plot] = T["building"]
    rows, columns = _box(plot)
    height, width = rows.stop - rows.start, columns.stop - columns.start
    if min(height, width) >= 5 and random.random() < 0.4:
        yard = np.zeros_like(plot)
        yard[rows.start + 2 : rows.stop - 2, columns.start + 2 : columns.stop - 2] = True
        grid[yard & plot] = T[str(random.choice(("park", "plaza")))]
        gate = np.zeros_like(plot)
        gate[rows.start : rows.start + 2, columns.start + width // 2] = True
        grid[gate & plot] = T["pavement"]
    elif max(height, width) >= 5:
        middle = int(random.integers(2, max(height, width) - 2))
        lane = np.zeros_like(plot)
        lane[(rows.start + middle, slice(None)) if height >= width else (slice(None), columns.start + middle)] = True
        grid[lane & plot] = T["pavement"]


def _houses(grid: TileGrid, plot: Mask, random: np.random.Generator) -> None:
    """Small houses in gardens with trees; a car beside some."""
    grid[plot] = T["park"]
    rows, columns = _box(plot)
    for top in range(rows.start, rows.stop - 1, 4):
        for left in range(columns.start, columns.stop - 1, 4):
            house = np.zeros_like(plot)
            high, wide = (int(side) for side in random.integers(2, 4, 2))
            house[top : top + high, left : left + wide] = True
            grid[house & plot] = T["building"]
            drive = (top + high - 1, left + wide)
            if random.random() < 0.35 and _free(grid, plot, drive):
                grid[drive] = T["parked car"]
    garden = plot & (grid == T["park"])
    for cell in several(garden, int(0.18 * garden.sum()), random):
        _stand(grid, cell, "tree")


def _free(grid: TileGrid, plot: Mask, cell: Cell) -> bool:
    inside = cell[0] < grid.shape[0] and cell[1] < grid.shape[1]
    return inside and bool(plot[cell] and grid[cell] == T["park"]) and blocks_nothing(walkable(grid), cell)


def _park(grid: TileGrid, plot: Mask, random: np.random.Generator) -> None:
    """Lawn with a cross of paths, a pond where there is room, trees."""
    grid[plot] = T["park"]
    rows, columns = _box(plot)
    height, width = rows.stop - rows.start, columns.stop - columns.start
    if min(height, width) >= 6:
        middle = np.zeros_like(plot)
        middle[rows.start + 2 : rows.stop - 2, columns.start + 2 : columns.stop - 2] = True
        pond = middle & plot & (noise(grid.shape, 5, random) > 0.4)
        grid[pond & (neighbours(pond) >= 3)] = T["water"]
    elif min(height, width) >= 3:
        path = np.zeros_like(plot)
        path[rows.start + height // 2], path[:, columns.start + width // 2] = True, True
        grid[path & plot] = T["pavement"]
    lawn = plot & (grid == T["park"])
    for cell in several(lawn, int(0.3 * lawn.sum()), random):
        _stand(grid, cell, "tree")


def _plaza(grid: TileGrid, plot: Mask, _: np.random.Generator) -> None:
    """A paved square: a fountain in the middle, trees in the corners."""
    grid[plot] = T["plaza"]
    rows, columns = _box(plot)
    height, width = rows.stop - rows.start, columns.stop - columns.start
    if min(height, width) >= 4:
        middle = rows.start + height // 2, columns.start + width // 2
        fountain = np.zeros_like(plot)
        fountain[middle[0] - 1 : middle[0] + height % 2, middle[1] - 1 : middle[1] + width % 2] = True
        grid[fountain & plot] = T["water"]
        for cell in product((rows.start, rows.stop - 1), (columns.start, columns.stop - 1)):
            if plot[cell]:
                _stand(grid, cell, "tree")


def _parking(grid: TileGrid, plot: Mask, random: np.random.Generator) -> None:
    """Rows of bays with lanes between them, not all taken."""
    rows, columns = _box(plot)
    bays = np.zeros_like(plot)
    bays[rows.start : rows.stop : 3, columns] = True
    bays[rows.start + 1 : rows.stop : 3, columns] = True
    bays &= plot & (np.arange(plot.shape[1]) % 2 == columns.start % 2)[None, :]
    grid[bays & (random.random(plot.shape) < 0.7)] = T["parked car"]


def _box(mask: Mask) -> tuple[slice, slice]:
    """The rows and columns that hold a mask; empty slices for an empty one."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not rows.size:
        return slice(0, 0), slice(0, 0)
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)


def walkable(grid: TileGrid) -> Mask:
    """Where one can go on foot, roads included."""
    return LEGEND.has(grid, Tag.PASSABLE)


def _stand(grid: TileGrid, cell: Cell, name: str) -> None:
    if blocks_nothing(walkable(grid), cell):
        grid[cell] = T[name]
