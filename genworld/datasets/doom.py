"""A Doom map drawn on a grid: which sector lies under each cell, and what stands there.

A map is a plane cut into sectors by lines; a line has a sector on its right and, if one can look through, one on its
left. A horizontal ray from the west therefore knows its sector: the one on the east side of the last line it crossed.
Numbers of lines, sectors and things are those of the Unofficial Doom Specs 1.666 (Fell, 1994) and of Boom.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genworld.content import Legend, Style, Tile, parse_tags

CELL = 64
"""Map units of a cell: a player is 32 wide, most doors 64 or 128."""
SAMPLES = 4
"""Rays in each direction of a cell."""
OPEN = 0.5
"""Share of a cell that lies in sectors where it is floor rather than wall."""
THIN = 0.125
"""The same for what moves: doors are thinner than a cell."""
HEIGHT = 56
"""Map units that a player is high: nothing lower can be entered."""

_NO_SECTOR = -1
_TWO_SIDED = 0xFFFF
_MULTIPLAYER = 0x10

LEGEND = Legend(
    "freedoom",
    Style.TOP_DOWN,
    tuple(
        Tile(char, name, parse_tags(tags.split()))
        for char, name, tags in (
            ("#", "wall / void", "solid"),
            (".", "indoor floor", "passable"),
            (",", "outdoor floor (open sky)", "passable"),
            ("~", "water or harmless liquid", "passable liquid"),
            ("!", "damaging floor (lava, slime)", "passable hazard"),
            ("+", "door, lift or other moving sector", "passable door"),
            ("S", "player start", "passable start"),
            ("X", "exit", "passable goal"),
            ("k", "key", "passable key"),
            ("i", "item", "passable item"),
            ("m", "monster", "passable enemy"),
            ("b", "explosive barrel", "solid hazard"),
        )
    ),
    "dungeon",
)
"""The alphabet of all Doom maps, named after the free game whose maps anybody may learn from."""

_DOORS = (1, 2, 3, 4, 16, 26, 27, 28, 29, 31, 32, 33, 34, 42, 46, 50, 61, 63, 75, 76, 86, 90, 99, 103)
_DOORS_OF_DOOM_2 = (*range(105, 119), *range(133, 138))
_LIFTS = (10, 21, 53, 54, 62, 87, 88, 89, 95, 120, 121, 122, 123, 143, 148, 162, 163, 181, 182, 211, 212, 227, 228)
_BOOM_MOVING = range(0x3400, 0x4000)
"""Generalised lifts, locked doors and doors."""
MOVING = frozenset((*_DOORS, *_DOORS_OF_DOOM_2, *_LIFTS, *_BOOM_MOVING))
EXITS = frozenset((11, 51, 52, 124, 197, 198))
HURTING = frozenset((4, 5, 7, 11, 16))
_BOOM_HURTING = 0x60
SKY = b"F_SKY1"
LIQUIDS = (b"FWATER", b"NUKAGE", b"LAVA", b"BLOOD", b"SLIME0", b"SWATER")

START, ARENA_START, BARREL = 1, 11, 2035
MOST_EXITS = 64
KEYS = (5, 6, 13, 38, 39, 40)
MONSTERS = (7, 9, 16, 58, 64, 65, 66, 67, 68, 69, 71, 72, 84, 88, 3001, 3002, 3003, 3004, 3005, 3006)
ITEMS = (8, 17, 82, 83, *range(2001, 2009), *range(2010, 2016), 2018, 2019, *range(2022, 2027), *range(2045, 2050))
SIGNS = {
    **dict.fromkeys(ITEMS, "i"),
    BARREL: "b",
    **dict.fromkeys(MONSTERS, "m"),
    **dict.fromkeys(KEYS, "k"),
}
"""Sign of each number of a thing; later ones cover earlier ones in a cell."""

Grid = NDArray[np.intp]
Array = NDArray[np.void]
Ends = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]


@dataclass(frozen=True, eq=False)
class DoomMap:
    """The lumps of a map, every index in them checked.

    Args:
        vertexes: ``x``, ``y``.
        lines: ``start``, ``end``, ``special``, ``tag``, ``right``, ``left``.
        sides: ``sector``.
        sectors: ``floor``, ``ceiling``, ``flat``, ``roof``, ``special``, ``tag``.
        things: ``x``, ``y``, ``type``, ``flags``.
    """

    vertexes: Array
    lines: Array
    sides: Array
    sectors: Array
    things: Array


def work(doom: DoomMap) -> int:
    """How much drawing a map takes: cells, crossings of rays and lines, and what is looked at one by one."""
    _, _, rows, columns = _frame(doom)
    _, y1, _, y2 = _ends(doom)
    crossings = int(np.abs(y2 - y1).sum() * SAMPLES / CELL)
    compared = rows * SAMPLES * len(doom.lines) // 256
    return rows * columns + crossings + compared + 32 * (len(doom.things) + len(doom.sectors))


def drawn(doom: DoomMap) -> NDArray[np.uint8]:
    """(rows, columns) ids of `LEGEND`, north up, cut to what can be entered with one cell of wall around it.

    Empty (0, 0) where nothing can be entered.
    """
    west, south, rows, columns = _frame(doom)
    tiles = _floors(_seen(doom, west, south, rows, columns))
    _put_exits(doom, tiles, west, south)
    _put_things(doom, tiles, west, south)
    return _cut(tiles[::-1])


def _frame(doom: DoomMap) -> tuple[int, int, int, int]:
    """Cells of the western and southern edge, and how many rows and columns there are, one to spare on each side."""
    used = np.concatenate([doom.lines["start"], doom.lines["end"]])
    if not len(used):
        return 0, 0, 1, 1
    x, y = (np.floor_divide(doom.vertexes[axis][used].astype(int), CELL) for axis in "xy")
    west, south = int(x.min()) - 1, int(y.min()) - 1
    return west, south, int(y.max()) - south + 2, int(x.max()) - west + 2


def _seen(doom: DoomMap, west: int, south: int, rows: int, columns: int) -> NDArray[np.uint8]:
    """(rows, columns, SAMPLES * SAMPLES) the floor under each ray of each cell, south first; wall for none."""
    step = CELL / SAMPLES
    # A sixteenth off the grid, which vertexes stand on: no ray meets an end of a line.
    across = west * CELL + (np.arange(columns * SAMPLES) + 0.5) * step + 0.0625
    up = south * CELL + (np.arange(rows * SAMPLES) + 0.5) * step + 0.0625
    signs = np.array([*(LEGEND.id_of[sign] for sign in _signs(doom)), LEGEND.id_of["#"]], np.uint8)
    ends, sides = _ends(doom), (_sector_of(doom, doom.lines["right"]), _sector_of(doom, doom.lines["left"]))
    found = np.stack([_ray(ends, sides, signs, y, across) for y in up])
    blocks = found.reshape(rows, SAMPLES, columns, SAMPLES).swapaxes(1, 2)
    return blocks.reshape(rows, columns, SAMPLES * SAMPLES)


def _ray(
    ends: Ends, sides: tuple[Grid, Grid], signs: NDArray[np.uint8], y: float, across: NDArray[np.floating[Any]]
) -> NDArray[np.uint8]:
    """The floor at each x of a horizontal ray: that of the sector east of the last line it crossed."""
    _, y1, _, y2 = ends
    crossed = np.flatnonzero((y1 <= y) != (y2 <= y))
    if not len(crossed):
        return np.full(len(across), signs[_NO_SECTOR])
    a, b, c, d = (each[crossed] for each in ends)
    at = a + (y - b) * (c - a) / (d - b)
    # Who walks north along a line has its right side to the east.
    east = np.where(d > b, sides[0][crossed], sides[1][crossed])
    order = np.argsort(at, kind="stable")
    floors = signs[np.concatenate([[_NO_SECTOR], east[order]])]
    met: NDArray[np.uint8] = floors[np.searchsorted(at[order], across)]
    return met


def _ends(doom: DoomMap) -> Ends:
    """x and y of the start and of the end of each line."""
    first, last = doom.vertexes[doom.lines["start"]], doom.vertexes[doom.lines["end"]]
    x1, y1, x2, y2 = (end[axis].astype(float) for end in (first, last) for axis in "xy")
    return x1, y1, x2, y2


def _sector_of(doom: DoomMap, sides: NDArray[np.integer]) -> Grid:
    """Sectors of sides; -1 where there is no side."""
    none = sides == _TWO_SIDED
    if not len(doom.sides):
        return np.full(len(sides), _NO_SECTOR)
    return np.where(none, _NO_SECTOR, doom.sides["sector"][np.where(none, 0, sides)].astype(np.intp))


def _floors(seen: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(rows, columns) walls and floors: the one floor of a cell, or what most of its open part is."""
    tiles = seen[..., 0].copy()
    mixed = (seen != seen[..., :1]).any(axis=-1)
    tiles[mixed] = _mostly(seen[mixed])
    return tiles


def _mostly(seen: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(N,) the floors of N cells of which (N, rays) were seen."""
    counts = np.stack([(seen == tile).sum(axis=-1, dtype=np.int8) for tile in range(len(LEGEND.tiles))])
    wall, door = LEGEND.id_of["#"], LEGEND.id_of["+"]
    closed = counts[wall] > (1 - OPEN) * seen.shape[-1]
    moving = counts[door] >= THIN * seen.shape[-1]
    counts[wall] = -1
    tiles: NDArray[np.uint8] = counts.argmax(axis=0).astype(np.uint8)
    tiles[closed] = wall
    tiles[moving] = door
    return tiles


def _signs(doom: DoomMap) -> list[str]:
    """The sign of each sector's floor."""
    doors, tagged = _moving(doom)
    return [_sign(sector, index in doors, index in tagged) for index, sector in enumerate(doom.sectors)]


def _sign(sector: np.void, door: bool, tagged: bool) -> str:
    low = int(sector["ceiling"]) - int(sector["floor"]) < HEIGHT
    if door or (low and tagged):
        return "+"
    if low:
        return "#"
    if int(sector["special"]) & _BOOM_HURTING or int(sector["special"]) & 0x1F in HURTING:
        return "!"
    if bytes(sector["flat"]).upper().startswith(LIQUIDS):
        return "~"
    return "," if bytes(sector["roof"]).upper() == SKY else "."


def _moving(doom: DoomMap) -> tuple[set[int], set[int]]:
    """Sectors that are doors or lifts, and those that any line moves."""
    lines = doom.lines[doom.lines["special"] != 0]
    doors = lines[np.isin(lines["special"], list(MOVING))]
    manual = doors[doors["tag"] == 0]
    behind = _sector_of(doom, manual["left"])
    found = {int(sector) for sector in behind if sector >= 0}
    return found | _tagged(doom, doors), _tagged(doom, lines)


def _tagged(doom: DoomMap, lines: Array) -> set[int]:
    tags = lines["tag"][lines["tag"] != 0]
    return set(np.flatnonzero(np.isin(doom.sectors["tag"], tags)).tolist())


def _put_exits(doom: DoomMap, tiles: NDArray[np.uint8], west: int, south: int) -> None:
    """Exits where one stands to use them: before the middle of their line."""
    x1, y1, x2, y2 = _ends(doom)
    for index in np.flatnonzero(np.isin(doom.lines["special"], list(EXITS)))[:MOST_EXITS]:
        along = np.array([x2[index] - x1[index], y2[index] - y1[index]])
        length = max(float(np.hypot(*along)), 1.0)
        middle = np.array([x1[index] + x2[index], y1[index] + y2[index]]) / 2
        right = np.array([along[1], -along[0]]) / length
        for steps in (0.25, 0.5, 1.0, -0.25, -0.5, -1.0):
            x, y = middle + right * steps * CELL
            if _put(tiles, x, y, west, south, "X"):
                break


def _put_things(doom: DoomMap, tiles: NDArray[np.uint8], west: int, south: int) -> None:
    """What stands on the map. Things of several players only are left out; the start covers all."""
    alone = doom.things[(doom.things["flags"] & _MULTIPLAYER) == 0]
    for number, sign in SIGNS.items():
        for thing in alone[alone["type"] == number]:
            _put(tiles, thing["x"], thing["y"], west, south, sign)
    starts = doom.things[doom.things["type"] == START]
    arena = doom.things[doom.things["type"] == ARENA_START]
    for thing in (starts if len(starts) else arena)[:1]:
        _put(tiles, thing["x"], thing["y"], west, south, "S")


def _put(tiles: NDArray[np.uint8], x: float, y: float, west: int, south: int, sign: str) -> bool:
    """Put a sign on a cell, unless it is a wall or an exit; tells whether it did."""
    row, column = int(y // CELL) - south, int(x // CELL) - west
    inside = 0 <= row < tiles.shape[0] and 0 <= column < tiles.shape[1]
    if not inside or tiles[row, column] in (LEGEND.id_of["#"], LEGEND.id_of["X"]):
        return False
    tiles[row, column] = LEGEND.id_of[sign]
    return True


def _cut(tiles: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The part that is not wall, with one cell around it."""
    rows, columns = np.nonzero(tiles != LEGEND.id_of["#"])
    if not len(rows):
        return tiles[:0, :0]
    padded = np.pad(tiles, 1, constant_values=LEGEND.id_of["#"])
    return padded[rows.min() : rows.max() + 3, columns.min() : columns.max() + 3]
