"""Dungeons: rooms joined by corridors, doors, keys for locked doors, treasure and those who guard it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from genworld.content import Tag, TileGrid
from genworld.datasets.worlds.dungeon_rooms import LEGEND, T, hang_doors, is_tile, join, place_rooms
from genworld.datasets.worlds.room import Room
from genworld.datasets.worlds.terrain import (
    Cell,
    Mask,
    blocks_nothing,
    distances,
    ends,
    grown,
    large,
    neighbours,
    noise,
    put,
    reached,
    scattered,
    several,
    shifted,
)
from genworld.datasets.worlds.world import BuiltinWorld


@dataclass(frozen=True)
class Plan:
    """What sets a class of dungeons apart.

    Args:
        sides: least and greatest side of a room, in tiles.
        tries: attempts to place a room, for each 100 tiles.
        loops: chance of a second way between neighbouring rooms.
        locks: doors to lock, for each 500 tiles.
        pools: share of rooms with water or lava.
        pillars: share of large rooms with pillars.
        riches: treasures in each room behind a lock.
    """

    sides: tuple[int, int]
    tries: int
    loops: float
    locks: float
    pools: float
    pillars: float
    riches: int


PLANS = {
    "halls": Plan((6, 11), 25, 0.15, 0.4, 0.0, 0.9, 2),
    "warren": Plan((3, 4), 22, 0.3, 0.4, 0.0, 0.0, 1),
    "vaults": Plan((4, 6), 22, 0.05, 3.0, 0.0, 0.2, 3),
    "flooded": Plan((5, 9), 20, 0.2, 0.4, 1.0, 0.1, 1),
}


def draw(kind: str, height: int, width: int, random: np.random.Generator) -> TileGrid:
    """One dungeon; see `Draw`."""
    plan = PLANS[kind]
    grid = np.full((height, width), T["wall"], np.uint8)
    rooms = place_rooms(grid, plan.sides, plan.tries, random)
    join(grid, rooms, plan.loops, random)
    hang_doors(grid, rooms, random)
    _fill_pools(plan, grid, rooms, random)
    _raise_pillars(plan, grid, rooms, random)
    start = _set_ends(grid, random)
    _lock(plan, grid, start, random)
    _furnish(plan, grid, rooms, start, random)
    return grid


WORLD = BuiltinWorld(
    "dungeon",
    "Dungeon",
    "Rooms, corridors, doors with their keys, treasure and monsters.",
    LEGEND,
    tuple(PLANS),
    draw,
)


def _fill_pools(plan: Plan, grid: TileGrid, rooms: list[Room], random: np.random.Generator) -> None:
    """Water, or here and there lava, inside rooms; the way around stays dry."""
    lava = random.random() < 0.3
    for room in rooms:
        if min(room.height, room.width) < 5 or random.random() >= plan.pools:
            continue
        deep = room.mask(grid.shape, 1) & (noise(grid.shape, 4, random) > random.uniform(0.2, 0.5))
        pool = large(deep & (neighbours(deep, diagonal=False) > 1), 4)
        grid[pool] = T["lava" if lava and random.random() < 0.7 else "water"]
        _open_islets(grid, room)


def _open_islets(grid: TileGrid, room: Room) -> None:
    """Floor that a pool encloses is flooded, too."""
    floor = grid == T["floor"]
    dry = reached(grown(floor) & _walkable(grid), (room.top, room.left))
    enclosed = room.mask(grid.shape) & floor & ~dry
    if enclosed.any():
        grid[enclosed] = T["water"]


def _raise_pillars(plan: Plan, grid: TileGrid, rooms: list[Room], random: np.random.Generator) -> None:
    """Pillars in step along both sides of large rooms, off the water: a shore may be one tile wide."""
    wet = grown(LEGEND.has(grid, Tag.LIQUID), diagonal=True)
    for room in rooms:
        if min(room.height, room.width) < 5 or random.random() >= plan.pillars:
            continue
        step = 2 if random.random() < 0.6 else 3
        rows = _paces(room.height, step if room.height < room.width else 2)
        columns = _paces(room.width, step)
        for row in rows:
            for column in columns:
                cell = room.top + row, room.left + column
                if is_tile(grid, cell, "floor") and not wet[cell]:
                    grid[cell] = T["pillar"]


def _paces(length: int, step: int) -> list[int]:
    """Places one from each end, and between them at steps from both ends; never two side by side."""
    half = list(range(1, (length - 1) // 2, step))
    return sorted({*half, *(length - 1 - place for place in half)})


def _walkable(grid: TileGrid) -> Mask:
    """Where one can walk with all keys in hand."""
    return LEGEND.has(grid, Tag.PASSABLE, Tag.DOOR)


def _set_ends(grid: TileGrid, random: np.random.Generator) -> Cell:
    """Start in a room at the edge of the dungeon, exit as far from it as can be."""
    floor = grid == T["floor"]
    roomy = floor & (neighbours(floor) >= 5)
    start, exit_ = ends(_walkable(grid), roomy if roomy.sum() > 1 else floor, random)
    grid[start], grid[exit_] = T["start"], T["exit"]
    return start


def _lock(plan: Plan, grid: TileGrid, start: Cell, random: np.random.Generator) -> None:
    """Lock doors that part a room from the start; every key lies where no lock is in the way."""
    wanted = max(1, round(plan.locks * grid.size / 500)) if random.random() < 0.5 + plan.locks / 2 else 0
    free = _walkable(grid)
    now, locked = int(free.sum()), 0
    least = now * 0.45
    for door in several(grid == T["door"], 4 * wanted + 8, random):
        if locked == wanted:
            break
        free[door] = False
        near = int(reached(free, start).sum())
        if least < near < now - 6:
            grid[door] = T["locked door"]
            now, locked = near, locked + 1
        else:
            free[door] = True
    _hide_keys(grid, start, free, locked, random)


def _hide_keys(grid: TileGrid, start: Cell, free: Mask, count: int, random: np.random.Generator) -> None:
    open_ = reached(free, start)
    far = distances(free, start) > 6
    places = scattered(open_ & far & (grid == T["floor"]), count, random, gap=2)
    places += several(open_ & (grid == T["floor"]), count - len(places), random)
    put(grid, places[:count], T["key"])


def _furnish(plan: Plan, grid: TileGrid, rooms: list[Room], start: Cell, random: np.random.Generator) -> None:
    free = _walkable(grid)
    shut_in = free & ~reached(free & (grid != T["locked door"]), start)
    for room in rooms:
        floor = room.mask(grid.shape) & (grid == T["floor"])
        treasure = plan.riches if (shut_in & floor).any() else int(random.random() < 0.35)
        put(grid, scattered(floor & (neighbours(grid == T["wall"]) > 0), treasure, random), T["treasure"])
        if not room.mask(grid.shape)[start]:
            guards = int(random.integers(0, 2 + room.height * room.width // 25))
            put(grid, scattered(floor & (grid == T["floor"]), guards, random), T["monster"])
    _stack_barrels(grid, rooms, random)
    _light(grid, random)


def _stack_barrels(grid: TileGrid, rooms: list[Room], random: np.random.Generator) -> None:
    """Barrels in corners, sometimes two or three together, where nobody has to pass."""
    for room in rooms:
        if random.random() < 0.4:
            corner = room.top + random.choice((0, room.height - 1)), room.left + random.choice((0, room.width - 1))
            for row, column in (corner, (corner[0], corner[1] + 1), (corner[0] + 1, corner[1])):
                if random.random() < 0.7:
                    _block(grid, (int(row), int(column)), "barrel")


def _block(grid: TileGrid, cell: Cell, name: str) -> None:
    """Put something solid on free floor that is no way between other cells, nor before a door."""
    doors = (grid == T["door"]) | (grid == T["locked door"])
    if is_tile(grid, cell, "floor") and not grown(doors)[cell] and blocks_nothing(_walkable(grid), cell):
        grid[cell] = T[name]


def _light(grid: TileGrid, random: np.random.Generator) -> None:
    """Torches on walls whose front looks into a room."""
    floor, wall = grid == T["floor"], grid == T["wall"]
    face = wall & shifted(floor, -1, 0) & shifted(wall, 0, 1) & shifted(wall, 0, -1)
    put(grid, scattered(face, max(1, grid.size // 150), random, gap=3), T["torch"])
