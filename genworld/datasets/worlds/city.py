"""Cities: streets that all hang together, crossings, and blocks of buildings, parks and squares."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from genworld.content import TileGrid
from genworld.datasets.worlds.city_blocks import LEGEND, Chances, T, build, walkable
from genworld.datasets.worlds.terrain import Cell, Mask, cells, ends, parts, put, reached
from genworld.datasets.worlds.world import BuiltinWorld


@dataclass(frozen=True)
class Plan:
    """What sets a class of cities apart.

    Args:
        blocks: least and greatest side of a block, in tiles.
        lanes: widths that streets may have, in tiles.
        closed: chance that a stretch of street between two corners is left out.
        uses: chance of each use of a block.
        shore: whether the city ends at water.
    """

    blocks: tuple[int, int]
    lanes: tuple[int, ...]
    closed: float
    uses: Chances
    shore: bool = False


PLANS = {
    "downtown": Plan((6, 8), (2,), 0.0, (0.72, 0.0, 0.08, 0.1, 0.1)),
    "old town": Plan((4, 7), (1,), 0.3, (0.6, 0.2, 0.06, 0.14, 0.0)),
    "suburb": Plan((7, 11), (1, 2), 0.15, (0.0, 0.82, 0.16, 0.0, 0.02)),
    "waterfront": Plan((6, 9), (2,), 0.1, (0.5, 0.15, 0.15, 0.12, 0.08), shore=True),
}


@dataclass(frozen=True)
class Street:
    """A straight strip of lanes: its first row or column, and how many."""

    at: int
    lanes: int

    @property
    def strip(self) -> slice:
        return slice(self.at, self.at + self.lanes)


def draw(kind: str, height: int, width: int, random: np.random.Generator) -> TileGrid:
    """One part of a city; see `Draw`."""
    plan = PLANS[kind]
    if plan.shore:
        return _draw_shore(plan, height, width, random)
    grid = _draw_streets(plan, height, width, random)
    return _finish(grid, random)


WORLD = BuiltinWorld(
    "city",
    "City streets",
    "Connected roads with crossings and lights, pavements, buildings, parks and squares.",
    LEGEND,
    tuple(PLANS),
    draw,
)


def _draw_shore(plan: Plan, height: int, width: int, random: np.random.Generator) -> TileGrid:
    """A city that ends at a promenade along the water, on any side."""
    turns = int(random.integers(4))
    if turns % 2:
        height, width = width, height
    wet = max(3, round(height * random.uniform(0.2, 0.3)))
    streets = _draw_streets(plan, height - wet, width, random, quay=True)
    water = np.full((wet, width), T["water"], np.uint8)
    water[0] = T["plaza"]
    piers = random.permutation(np.arange(2, width - 2, 5))[: max(1, width // 16)]
    water[: wet - 1, piers] = T["plaza"]
    trees = [(0, column) for column in range(int(random.integers(1, 4)), width, 3) if column not in piers]
    put(water, trees, T["tree"])
    return _finish(np.ascontiguousarray(np.rot90(np.vstack([streets, water]), turns)), random)


def _draw_streets(plan: Plan, height: int, width: int, random: np.random.Generator, quay: bool = False) -> TileGrid:
    across = _streets(plan, height, random)
    if quay:
        across = [*(street for street in across if street.at < height - 3 - plan.blocks[0]), Street(height - 3, 2)]
    along = _streets(plan, width, random)
    road = np.zeros((height, width), np.bool_)
    for street in across:
        road[street.strip] = True
    for street in along:
        road[:, street.strip] = True
    if quay:
        road[-1] = False
    _close(plan, road, across, along, random)
    grid = np.where(road, T["road"], T["pavement"]).astype(np.uint8)
    ground = ~road
    ground[-1] &= not quay  # the pavement along the water stays free
    for block in parts(ground):
        build(grid, block, plan.uses, random)
    _mark_corners(grid, road, across, along, random)
    return grid


def _streets(plan: Plan, length: int, random: np.random.Generator) -> list[Street]:
    """Streets from one end of a side to the other, at least one, a block apart."""
    low, high = plan.blocks
    at, streets = int(random.integers(low // 2, low + 1)), []
    while at < length - 3:
        lanes = int(random.choice(plan.lanes))
        streets.append(Street(at, lanes))
        at += lanes + int(random.integers(low, high + 1))
    return streets


def _close(plan: Plan, road: Mask, across: list[Street], along: list[Street], random: np.random.Generator) -> None:
    """Leave out stretches between corners where the roads still hang together and none ends blindly."""
    if not plan.closed:
        return
    for rows, columns in [*_stretches(across, along), *((b, a) for a, b in _stretches(along, across))]:
        if random.random() >= plan.closed:
            continue
        road[rows, columns] = False
        if not _sound(road, across, along):
            road[rows, columns] = True


def _stretches(streets: list[Street], others: list[Street]) -> list[tuple[slice, slice]]:
    """The strips of each street between two streets that cross it."""
    return [(street.strip, slice(a.at + a.lanes, b.at)) for street in streets for a, b in pairwise(others)]


def _sound(road: Mask, across: list[Street], along: list[Street]) -> bool:
    """Whether the roads are connected and every corner has two arms or more."""
    if not reached(road, cells(road)[0])[road].all():
        return False
    return all(sum(map(bool, _arms(road, row, column))) >= 2 for row in across for column in along)


def _arms(road: Mask, row: Street, column: Street) -> list[list[Cell]]:
    """For each side of a corner the cells where a street leaves it, or nothing."""
    top, bottom, left, right = row.at - 1, row.at + row.lanes, column.at - 1, column.at + column.lanes
    rows, columns = range(row.at, bottom), range(column.at, right)
    sides = [
        [(top, c) for c in columns],
        [(r, right) for r in rows],
        [(bottom, c) for c in columns],
        [(r, left) for r in rows],
    ]
    return [side if all(_is_road(road, cell) for cell in side) else [] for side in sides]


def _is_road(road: Mask, cell: Cell) -> bool:
    return 0 <= cell[0] < road.shape[0] and 0 <= cell[1] < road.shape[1] and bool(road[cell])


def _mark_corners(
    grid: TileGrid, road: Mask, across: list[Street], along: list[Street], random: np.random.Generator
) -> None:
    """Crossings where three or four streets meet, lights where four do."""
    for row in across:
        for column in along:
            arms = [arm for arm in _arms(road, row, column) if arm]
            if len(arms) < 3 or (row.lanes == column.lanes == 1 and random.random() < 0.5):
                continue
            put(grid, [cell for arm in arms for cell in arm], T["crossing"])
            if len(arms) == 4 and row.lanes + column.lanes > 2:
                _hang_lights(grid, row, column, random)


def _hang_lights(grid: TileGrid, row: Street, column: Street, random: np.random.Generator) -> None:
    """Lights on two opposite pavement corners."""
    top, bottom, left, right = row.at - 1, row.at + row.lanes, column.at - 1, column.at + column.lanes
    pairs = ((top, left), (bottom, right)), ((top, right), (bottom, left))
    for cell in pairs[int(random.integers(2))]:
        if grid[cell] == T["pavement"]:
            grid[cell] = T["traffic light"]


def _finish(grid: TileGrid, random: np.random.Generator) -> TileGrid:
    """Start and goal on roads, far apart; yards that nobody can enter are built over."""
    road = (grid == T["road"]) | (grid == T["crossing"])
    start, goal = ends(road, grid == T["road"], random)
    free = walkable(grid)
    shut = free & ~reached(free, start)
    grid[shut] = T["building"]
    grid[start], grid[goal] = T["start"], T["goal"]
    return grid
