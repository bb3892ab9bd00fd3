"""Caves: hollows and tunnels with water, lava, bridges, crystals, mushrooms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from genworld.content import Style, Tag, TileGrid
from genworld.datasets.worlds.terrain import (
    Mask,
    blocks_nothing,
    border,
    bridges,
    ends,
    from_edge,
    grown,
    neighbours,
    noise,
    only,
    openings,
    parts,
    put,
    scattered,
    several,
)
from genworld.datasets.worlds.world import BuiltinWorld, legend, tile_ids

LEGEND = legend(
    "caves",
    Style.TOP_DOWN,
    "dungeon",
    "# rock: solid",
    ". cave floor: passable",
    "~ water: solid liquid",
    "! lava: solid liquid hazard",
    "* crystal: solid breakable",
    "n mushroom: passable item",
    "m monster: passable enemy",
    "S start: passable start",
    "X exit: passable goal",
    "= bridge: passable",
)
T = tile_ids(LEGEND)


@dataclass(frozen=True)
class Plan:
    """What sets a class of caves apart.

    Args:
        open_: share of the map that is hollow.
        scale: tiles from hollow to hollow.
        winding: whether the hollows are tunnels along the contours, not chambers.
        liquid: name of the liquid.
        wet: share of the map under it, at most.
    """

    open_: float
    scale: float
    winding: bool
    liquid: str
    wet: float


PLANS = {
    "tunnels": Plan(0.27, 9, True, "water", 0.02),
    "caverns": Plan(0.55, 8, False, "water", 0.06),
    "lakes": Plan(0.66, 8, False, "water", 0.27),
    "magma": Plan(0.58, 8, False, "lava", 0.24),
}


def draw(kind: str, height: int, width: int, random: np.random.Generator) -> TileGrid:
    """One cave; see `Draw`."""
    plan = PLANS[kind]
    drafts = (_hollow(plan, (height, width), random) for _ in range(4))
    hollow = max(drafts, key=lambda draft: min(draft.mean(), 0.5 * plan.open_))
    grid = np.where(hollow, T["cave floor"], T["rock"]).astype(np.uint8)
    _pour(plan, grid, random)
    _connect(grid, random)
    free = LEGEND.has(grid, Tag.PASSABLE)
    start, goal = ends(free, (grid == T["cave floor"]) & (neighbours(free) >= 5), random)
    grid[start], grid[goal] = T["start"], T["exit"]
    _furnish(grid, random)
    return grid


WORLD = BuiltinWorld(
    "caves", "Caves", "Hollows and tunnels with lakes, lava, bridges and crystals.", LEGEND, tuple(PLANS), draw
)


def _hollow(plan: Plan, shape: tuple[int, int], random: np.random.Generator) -> Mask:
    """Where there is no rock; smoothed so that no single cells jut out."""
    depth = noise(shape, min(plan.scale, min(shape) / 2.4), random)
    order = np.abs(depth - 0.5) if plan.winding else depth
    order = order + 0.6 * np.exp(-(from_edge(shape) - 1) / 1.2) * random.uniform(0.5, 1.2, shape)
    hollow = (order < np.quantile(order, plan.open_)) & ~border(shape)
    for _ in range(1 if plan.winding else 2):
        near = neighbours(hollow)
        hollow = ((near >= 5) | (hollow & (near >= 3))) & ~border(shape)
    return hollow


def _pour(plan: Plan, grid: TileGrid, random: np.random.Generator) -> None:
    """Liquid in the lowest places, its shores smoothed."""
    level = noise(grid.shape, 7, random)
    floor = grid == T["cave floor"]
    wet = floor & (level < np.quantile(level, plan.wet / max(floor.mean(), 0.05)))
    wet &= neighbours(wet) >= 3
    grid[wet & (neighbours(wet) >= 2)] = T[plan.liquid]


def _connect(grid: TileGrid, random: np.random.Generator) -> None:
    """One cave: bridges first, then tunnels; what is left over and tiny is filled."""
    liquid = LEGEND.has(grid, Tag.LIQUID)
    for part in parts(grid == T["cave floor"]):
        if part.sum() < 6:
            wet = grid[grown(part) & liquid]
            grid[part] = wet[0] if wet.size else T["rock"]
    liquid = LEGEND.has(grid, Tag.LIQUID)
    for part in parts(liquid):
        if not (grown(part) & (grid == T["cave floor"])).any():
            grid[part] = T["rock"]
    liquid = LEGEND.has(grid, Tag.LIQUID)
    put(grid, bridges(grid == T["cave floor"], liquid, 5), T["bridge"])
    free = LEGEND.has(grid, Tag.PASSABLE)
    cost = np.where(free, 0.1, np.where(liquid, 3.0, 0.3) + 3 * noise(grid.shape, 4, random))
    cost[border(grid.shape)] = np.inf
    for cell in openings(free, cost):
        grid[cell] = T["bridge"] if liquid[cell] else T["cave floor"]


def _furnish(grid: TileGrid, random: np.random.Generator) -> None:
    floor = grid == T["cave floor"]
    rock = grid == T["rock"]
    corner = floor & (neighbours(rock) >= 3)
    for seed in scattered(corner, max(1, grid.size // 200), random, gap=4):
        _grow_crystals(grid, seed, random)
    floor = grid == T["cave floor"]
    damp = floor & (grown(grid == T["water"], 2) | (neighbours(rock) >= 4))
    put(grid, several(damp, int(0.05 * floor.sum() + 1), random), T["mushroom"])
    away = (grid == T["cave floor"]) & ~grown(grid == T["start"], 5, diagonal=True)
    put(grid, scattered(away, max(1, int(floor.sum()) // 40), random, gap=2), T["monster"])


def _grow_crystals(grid: TileGrid, seed: tuple[int, int], random: np.random.Generator) -> None:
    """A few crystals side by side, where nobody has to pass."""
    here = only(grid.shape, seed)
    for cell in [seed, *several(grown(here, diagonal=True) & ~here, int(random.integers(0, 3)), random)]:
        if grid[cell] == T["cave floor"] and blocks_nothing(LEGEND.has(grid, Tag.PASSABLE), cell):
            grid[cell] = T["crystal"]
