"""Dungeons: rooms joined by corridors, doors, keys for locked doors, treasure and those who guard it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from genworld.content import Style, Tag, TileGrid
from genworld.datasets.worlds.terrain import (
    Cell,
    Mask,
    blocks_nothing,
    cells,
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
from genworld.datasets.worlds.world import BuiltinWorld, legend, tile_ids

LEGEND = legend(
    "dungeon",
    Style.TOP_DOWN,
    "dungeon",
    "# wall: solid",
    ". floor: passable",
    ", corridor: passable",
    "+ door: passable door",
    "D locked door: solid door",
    "k key: passable key",
    "$ treasure: passable item",
    "m monster: passable enemy",
    "S start: passable start",
    "X exit: passable goal",
    "~ water: solid liquid",
    "! lava: solid liquid hazard",
    "I pillar: solid",
    "b barrel: solid breakable",
    "t torch: solid device",
)
T = tile_ids(LEGEND)


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


@dataclass(frozen=True)
class Room:
    """The floor of a room, walls not included."""

    top: int
    left: int
    height: int
    width: int

    @property
    def area(self) -> tuple[slice, slice]:
        return slice(self.top, self.top + self.height), slice(self.left, self.left + self.width)

    @property
    def centre(self) -> Cell:
        return self.top + self.height // 2, self.left + self.width // 2

    def mask(self, shape: tuple[int, int], margin: int = 0) -> Mask:
        """Its cells, `margin` tiles in (or out, when negative)."""
        result = np.zeros(shape, np.bool_)
        result[
            max(self.top + margin, 0) : self.top + self.height - margin,
            max(self.left + margin, 0) : self.left + self.width - margin,
        ] = True
        return result


def draw(kind: str, height: int, width: int, random: np.random.Generator) -> TileGrid:
    """One dungeon; see `Draw`."""
    plan = PLANS[kind]
    grid = np.full((height, width), T["wall"], np.uint8)
    rooms = _place_rooms(plan, grid, random)
    _join(plan, grid, rooms, random)
    _hang_doors(grid, rooms, random)
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


def _place_rooms(plan: Plan, grid: TileGrid, random: np.random.Generator) -> list[Room]:
    """Rooms that keep two tiles of wall between them; three or more, by starting over a few times."""
    rooms: list[Room] = []
    for _ in range(8):
        rooms = max(rooms, _scatter_rooms(plan, grid.shape, random), key=len)
        if len(rooms) >= 3:
            break
    for room in rooms:
        grid[room.area] = T["floor"]
    return rooms


def _scatter_rooms(plan: Plan, shape: tuple[int, int], random: np.random.Generator) -> list[Room]:
    low, high = min(plan.sides[0], min(shape) // 3), min(plan.sides[1], min(shape) * 2 // 5)
    rooms: list[Room] = []
    taken = np.zeros(shape, np.bool_)
    for _ in range(max(plan.tries * taken.size // 100, 60)):
        rows, columns = (int(side) for side in random.integers(low, max(high, low) + 1, 2))
        top, left = int(random.integers(1, shape[0] - rows)), int(random.integers(1, shape[1] - columns))
        room = Room(top, left, rows, columns)
        if not taken[max(top - 2, 0) : top + rows + 2, max(left - 2, 0) : left + columns + 2].any():
            rooms.append(room)
            taken[room.area] = True
    return rooms


def _join(plan: Plan, grid: TileGrid, rooms: list[Room], random: np.random.Generator) -> None:
    """Corridors along the shortest tree over all rooms, and some more between neighbours."""
    nearest = dict.fromkeys(rooms[1:], rooms[0])
    while nearest:
        fresh = min(nearest, key=lambda room: _apart(room, nearest[room]))
        _dig(grid, nearest.pop(fresh), fresh, random)
        for room, known in nearest.items():
            nearest[room] = min(known, fresh, key=lambda other, room=room: _apart(room, other))  # type: ignore[misc]
    for index, room in enumerate(rooms):
        near = sorted(rooms[:index], key=lambda other: _apart(room, other))[:2]
        for other in near:
            if random.random() < plan.loops:
                _dig(grid, room, other, random)


def _apart(a: Room, b: Room) -> int:
    return abs(a.centre[0] - b.centre[0]) + abs(a.centre[1] - b.centre[1])


def _dig(grid: TileGrid, a: Room, b: Room, random: np.random.Generator) -> None:
    """The best of several bent corridors: one that scrapes along no other room and opens few walls."""
    inside = grid == T["floor"]
    rim = grown(inside, diagonal=True) & ~inside
    burden = 1.0 + 4.0 * rim + 2.0 * (neighbours(grid == T["corridor"], diagonal=False) > 0) + 1.0 * inside
    burden[grid == T["corridor"]] = 0.5
    routes = [_route(_inner(a, random), _inner(b, random), random) for _ in range(10)]
    best = min(routes, key=lambda route: sum(burden[cell] for cell in route))
    for cell in best:
        if grid[cell] == T["wall"]:
            grid[cell] = T["corridor"]


def _inner(room: Room, random: np.random.Generator) -> Cell:
    """A cell of the room, off its corners where it is large enough."""
    row = room.top + int(random.integers(min(1, room.height - 2), max(room.height - 1, 1)))
    column = room.left + int(random.integers(min(1, room.width - 2), max(room.width - 1, 1)))
    return row, column


def _route(a: Cell, b: Cell, random: np.random.Generator) -> list[Cell]:
    """A way with at most two bends."""
    if random.random() < 0.5:
        return [(row, column) for column, row in _route_across(a[::-1], b[::-1], random)]
    return _route_across(a, b, random)


def _route_across(a: Cell, b: Cell, random: np.random.Generator) -> list[Cell]:
    """Across, along, across: the bend is anywhere between."""
    bend = int(random.integers(min(a[1], b[1]), max(a[1], b[1]) + 1))
    first = [(a[0], column) for column in _between(a[1], bend)]
    middle = [(row, bend) for row in _between(a[0], b[0])]
    return [*first, *middle, *((b[0], column) for column in _between(bend, b[1]))]


def _between(a: int, b: int) -> range:
    return range(a, b + 1) if a <= b else range(a, b - 1, -1)


def _hang_doors(grid: TileGrid, rooms: list[Room], random: np.random.Generator) -> None:
    """A door where a corridor breaks straight through the wall of a room."""
    inside = np.logical_or.reduce([room.mask(grid.shape) for room in rooms])
    rim = grown(inside) & ~inside
    wall, open_ = grid == T["wall"], grid != T["wall"]
    across = shifted(wall, 0, 1) & shifted(wall, 0, -1) & shifted(open_, 1, 0) & shifted(open_, -1, 0)
    along = shifted(wall, 1, 0) & shifted(wall, -1, 0) & shifted(open_, 0, 1) & shifted(open_, 0, -1)
    for cell in cells(rim & (grid == T["corridor"]) & (across | along)):
        beside_door = any(_is(grid, (cell[0] + r, cell[1] + c), "door") for r, c in ((-1, 0), (1, 0), (0, -1), (0, 1)))
        if not beside_door and random.random() < 0.85:
            grid[cell] = T["door"]


def _is(grid: TileGrid, cell: Cell, name: str) -> bool:
    return bool(grid[cell] == T[name])


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
                if _is(grid, cell, "floor") and not wet[cell]:
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
    if _is(grid, cell, "floor") and not grown(doors)[cell] and blocks_nothing(_walkable(grid), cell):
        grid[cell] = T[name]


def _light(grid: TileGrid, random: np.random.Generator) -> None:
    """Torches on walls whose front looks into a room."""
    floor, wall = grid == T["floor"], grid == T["wall"]
    face = wall & shifted(floor, -1, 0) & shifted(wall, 0, 1) & shifted(wall, 0, -1)
    put(grid, scattered(face, max(1, grid.size // 150), random, gap=3), T["torch"])
