"""The bones of a dungeon: rooms, the corridors between them, their doors."""

from __future__ import annotations

import numpy as np

from genworld.content import Style, TileGrid
from genworld.datasets.worlds.room import Room
from genworld.datasets.worlds.terrain import Cell, cells, grown, neighbours, shifted
from genworld.datasets.worlds.world import legend, tile_ids

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


def place_rooms(grid: TileGrid, sides: tuple[int, int], tries: int, random: np.random.Generator) -> list[Room]:
    """Rooms that keep two tiles of wall between them; three or more, by starting over a few times.

    Args:
        sides: least and greatest side, in tiles.
        tries: attempts for each 100 tiles.
    """
    rooms: list[Room] = []
    for _ in range(8):
        rooms = max(rooms, _scatter(grid.shape, sides, tries, random), key=len)
        if len(rooms) >= 3:
            break
    for room in rooms:
        grid[room.area] = T["floor"]
    return rooms


def _scatter(shape: tuple[int, int], sides: tuple[int, int], tries: int, random: np.random.Generator) -> list[Room]:
    low, high = min(sides[0], min(shape) // 3), min(sides[1], min(shape) * 2 // 5)
    rooms: list[Room] = []
    taken = np.zeros(shape, np.bool_)
    for _ in range(max(tries * taken.size // 100, 60)):
        rows, columns = (int(side) for side in random.integers(low, max(high, low) + 1, 2))
        top, left = int(random.integers(1, shape[0] - rows)), int(random.integers(1, shape[1] - columns))
        room = Room(top, left, rows, columns)
        if not taken[max(top - 2, 0) : top + rows + 2, max(left - 2, 0) : left + columns + 2].any():
            rooms.append(room)
            taken[room.area] = True
    return rooms


def join(grid: TileGrid, rooms: list[Room], loops: float, random: np.random.Generator) -> None:
    """Corridors along the shortest tree over all rooms, and some more between neighbours."""
    nearest = dict.fromkeys(rooms[1:], rooms[0])
    while nearest:
        fresh = min(nearest, key=lambda room: _apart(room, nearest[room]))
        _dig(grid, nearest.pop(fresh), fresh, random)
        for room, known in nearest.items():
            if _apart(room, fresh) < _apart(room, known):
                nearest[room] = fresh
    for index, room in enumerate(rooms):
        near = sorted(rooms[:index], key=lambda other: _apart(room, other))[:2]
        for other in near:
            if random.random() < loops:
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


def hang_doors(grid: TileGrid, rooms: list[Room], random: np.random.Generator) -> None:
    """A door where a corridor breaks straight through the wall of a room."""
    inside = np.logical_or.reduce([room.mask(grid.shape) for room in rooms])
    rim = grown(inside) & ~inside
    wall, open_ = grid == T["wall"], grid != T["wall"]
    across = shifted(wall, 0, 1) & shifted(wall, 0, -1) & shifted(open_, 1, 0) & shifted(open_, -1, 0)
    along = shifted(wall, 1, 0) & shifted(wall, -1, 0) & shifted(open_, 0, 1) & shifted(open_, 0, -1)
    for cell in cells(rim & (grid == T["corridor"]) & (across | along)):
        beside_door = any(
            is_tile(grid, (cell[0] + r, cell[1] + c), "door") for r, c in ((-1, 0), (1, 0), (0, -1), (0, 1))
        )
        if not beside_door and random.random() < 0.85:
            grid[cell] = T["door"]


def is_tile(grid: TileGrid, cell: Cell, name: str) -> bool:
    """Whether a cell holds the tile of this name."""
    return bool(grid[cell] == T[name])
