"""Forests: thickets, glades and streams along a trail."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from genworld.content import Style, Tag, TileGrid
from genworld.datasets.worlds.terrain import (
    Cell,
    Mask,
    blocks_nothing,
    border,
    bridges,
    grown,
    large,
    neighbours,
    noise,
    only,
    openings,
    parts,
    put,
    scattered,
    several,
    way,
)
from genworld.datasets.worlds.world import BuiltinWorld, legend, tile_ids

LEGEND = legend(
    "forest",
    Style.TOP_DOWN,
    "overworld",
    "T tree: solid",
    ". grass: passable",
    "- path: passable",
    "f flowers: passable",
    "b bush: solid breakable",
    "~ pond: solid liquid",
    "o rock: solid",
    "= bridge: passable",
    "S start: passable start",
    "X goal: passable goal",
    "n mushroom: passable item",
)
T = tile_ids(LEGEND)


@dataclass(frozen=True)
class Plan:
    """What sets a class of forests apart.

    Args:
        trees: share of the map under trees, before trails and clearings.
        scale: tiles from thicket to thicket.
        glades: round clearings for each 256 tiles.
        ponds: share of the map under still water, at most.
        stream: whether a stream crosses the map.
        flowers: share of the open ground in bloom.
    """

    trees: float
    scale: float
    glades: float
    ponds: float
    stream: bool
    flowers: float


PLANS = {
    "woodland": Plan(0.52, 6, 0.3, 0.02, False, 0.03),
    "glades": Plan(0.62, 9, 1.5, 0.0, False, 0.14),
    "riverside": Plan(0.34, 7, 0.5, 0.03, True, 0.06),
}


def draw(kind: str, height: int, width: int, random: np.random.Generator) -> TileGrid:
    """One forest; see `Draw`."""
    plan = PLANS[kind]
    grid = np.full((height, width), T["grass"], np.uint8)
    _plant(plan, grid, random)
    _clear_glades(plan, grid, random)
    _pour(plan, grid, random)
    start, goal = _tread(grid, random)
    _connect(grid, random)
    _dress(plan, grid, random)
    grid[start], grid[goal] = T["start"], T["goal"]
    return grid


WORLD = BuiltinWorld(
    "forest", "Forest", "Woods with a trail, glades, ponds and streams with bridges.", LEGEND, tuple(PLANS), draw
)


def _plant(plan: Plan, grid: TileGrid, random: np.random.Generator) -> None:
    """Thickets, thinned and frayed a little, and an edge of trees around the map."""
    density = noise(grid.shape, plan.scale, random) + random.normal(0, 0.06, grid.shape)
    trees = density > np.quantile(density, 1 - plan.trees)
    trees |= grown(border(grid.shape)) & (noise(grid.shape, 4, random) > 0.35)
    trees &= neighbours(trees) >= 2
    grid[trees | border(grid.shape)] = T["tree"]


def _clear_glades(plan: Plan, grid: TileGrid, random: np.random.Generator) -> None:
    """Nearly round clearings."""
    rows, columns = np.indices(grid.shape)
    inner = ~border(grid.shape, 4)
    for row, column in scattered(inner, max(1, round(plan.glades * grid.size / 256)), random, gap=5):
        radius = random.uniform(2.2, 3.8) + 0.8 * noise(grid.shape, 4, random)
        round_ = np.hypot(rows - row, (columns - column) / random.uniform(0.9, 1.3)) < radius
        grid[round_ & ~border(grid.shape)] = T["grass"]


def _pour(plan: Plan, grid: TileGrid, random: np.random.Generator) -> None:
    level = noise(grid.shape, 8, random)
    wet = (level < plan.ponds * 1.6) & ~border(grid.shape, 2)
    wet = (neighbours(wet) >= 4) | (wet & (neighbours(wet) >= 3))
    grid[large(wet, 5)] = T["pond"]
    if plan.stream:
        grid[_stream(grid.shape, random)] = T["pond"]


def _stream(shape: tuple[int, int], random: np.random.Generator) -> Mask:
    """A winding stream from edge to edge, two or three tiles wide."""
    if random.random() < 0.5:
        return _stream_down(shape[::-1], random).T
    return _stream_down(shape, random)


def _stream_down(shape: tuple[int, int], random: np.random.Generator) -> Mask:
    height, width = shape
    rows = np.arange(height)
    phase, bend = random.uniform(0, 2 * np.pi), random.uniform(1.2, 2.4)
    middle = width * random.uniform(0.35, 0.65) + width / 9 * np.sin(rows / height * np.pi * bend + phase)
    middle += 1.5 * np.sin(rows / 3.1 + phase)
    reach = (1.3 + 0.5 * np.sin(rows / 5.3 + phase)) * np.hypot(1, np.gradient(middle))
    return np.abs(np.arange(width)[None, :] - middle[:, None]) < reach[:, None]


def _tread(grid: TileGrid, random: np.random.Generator) -> tuple[Cell, Cell]:
    """A trail across the map: bridges over water, wide enough for two in places. Returns its ends."""
    height, width = grid.shape
    start, goal = _ends(height, width, random)
    toil = 1.0 + 2.5 * (grid == T["tree"]) + 3.0 * noise(grid.shape, 6, random)
    toil[grid == T["pond"]] = 9.0
    toil[border(grid.shape)] = np.inf
    route = way(toil, start, goal)
    trail = only(grid.shape, *route)
    wide = grown(trail) & (noise(grid.shape, 5, random) > 0.62) & ~border(grid.shape) & (grid != T["pond"])
    wet = grid == T["pond"]
    grid[(trail | wide) & ~wet] = T["path"]
    grid[trail & wet] = T["bridge"]
    verge = grown(trail | wide, diagonal=True) & (grid == T["tree"]) & (noise(grid.shape, 3, random) > 0.4)
    grid[verge & ~border(grid.shape)] = T["grass"]
    return start, goal


def _ends(height: int, width: int, random: np.random.Generator) -> tuple[Cell, Cell]:
    """Two cells just inside opposite edges."""
    if random.random() < 0.5:
        (row, column), (other_row, other_column) = _ends_across(width, height, random)
        return (column, row), (other_column, other_row)
    return _ends_across(height, width, random)


def _ends_across(height: int, width: int, random: np.random.Generator) -> tuple[Cell, Cell]:
    rows = random.integers(2, height - 2, 2)
    pair = (int(rows[0]), 1), (int(rows[1]), width - 2)
    return pair if random.random() < 0.5 else pair[::-1]


def _free(grid: TileGrid) -> Mask:
    return LEGEND.has(grid, Tag.PASSABLE)


def _connect(grid: TileGrid, random: np.random.Generator) -> None:
    """Small pockets grow over, large ones are joined by a bridge or a gap between the trees."""
    for part in parts(_free(grid))[1:]:
        if part.sum() < 8:
            grid[part] = T["tree"]
    put(grid, bridges(_free(grid), grid == T["pond"], 4), T["bridge"])
    cost = np.where(_free(grid), 0.1, np.where(grid == T["pond"], 6.0, 0.3) + 3 * noise(grid.shape, 4, random))
    cost[border(grid.shape)] = np.inf
    for cell in openings(_free(grid), cost):
        grid[cell] = T["bridge"] if grid[cell] == T["pond"] else T["grass"]


def _dress(plan: Plan, grid: TileGrid, random: np.random.Generator) -> None:
    """Flowers in drifts, bushes and rocks at the edge of the trees, mushrooms under them."""
    grass, trees = grid == T["grass"], grid == T["tree"]
    bloom = noise(grid.shape, 4, random)
    drift = grass & (bloom > 1 - plan.flowers * 2) & (random.random(grid.shape) < 0.75)
    grid[drift] = T["flowers"]
    edge = (grid == T["grass"]) & (neighbours(trees) >= 2)
    for cell in several(edge, int(0.12 * edge.sum()), random):
        _stand(grid, cell, "bush")
    for cell in several(grid == T["grass"], max(1, grid.size // 120), random):
        _stand(grid, cell, "rock")
    shade = (grid == T["grass"]) & (neighbours(trees) >= 3)
    put(grid, several(shade, max(1, grid.size // 110), random), T["mushroom"])


def _stand(grid: TileGrid, cell: Cell, name: str) -> None:
    if blocks_nothing(_free(grid), cell):
        grid[cell] = T[name]
