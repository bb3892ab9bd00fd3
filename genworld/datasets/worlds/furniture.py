"""Furniture of interiors: what stands in a room, and what each kind of room holds."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np

from genworld.content import Style, Tag, TileGrid
from genworld.datasets.worlds.room import Room
from genworld.datasets.worlds.terrain import STEPS, Cell, Mask, blocks_nothing, neighbours, several
from genworld.datasets.worlds.world import legend, tile_ids

LEGEND = legend(
    "interiors",
    Style.TOP_DOWN,
    "interiors",
    "# wall: solid",
    ". wooden floor: passable",
    ", tile floor: passable",
    "_ carpet: passable",
    "+ door: passable door",
    "O window: solid",
    "t table: solid",
    "h chair: passable",
    "b bed: solid",
    "s sofa: solid",
    "d desk: solid",
    "c computer: solid device",
    "B bookshelf: solid",
    "= blackboard: solid",
    "n bench: solid",
    "g glassware: solid item",
    "k sink: solid device",
    "v stove: solid device",
    "f fridge: solid device",
    "p plant: solid",
    "  void: void",
    "S start: passable start",
)
T = tile_ids(LEGEND)
FLOORS = ("wooden floor", "tile floor", "carpet")


class House:
    """A building while it is drawn.

    Args:
        grid: (H, W) tile ids, changed in place.
        random: of all its choices.
    """

    def __init__(self, grid: TileGrid, random: np.random.Generator) -> None:
        self.grid = grid
        self.random = random

    def lay(self, room: Room, floor: str) -> None:
        """Cover what is floor in a room."""
        area = self.grid[room.area]
        area[np.isin(area, [T[name] for name in FLOORS])] = T[floor]

    def is_floor(self, cell: Cell) -> bool:
        row, column = cell
        inside = 0 <= row < self.grid.shape[0] and 0 <= column < self.grid.shape[1]
        return inside and LEGEND.names[self.grid[cell]] in FLOORS

    def place(self, cell: Cell, name: str) -> bool:
        """Put a piece on free floor, unless it would stand in a doorway or in anyone's way."""
        if not self.is_floor(cell) or self._before_door(cell):
            return False
        if Tag.PASSABLE not in LEGEND.tiles[T[name]].tags and not blocks_nothing(self.walkable(), cell):
            return False
        self.grid[cell] = T[name]
        return True

    def row(self, room: Room, names: tuple[str, ...]) -> None:
        """Pieces side by side along the room's upper wall."""
        first = room.left + int(self.random.integers(0, max(1, room.width - len(names) + 1)))
        for offset, name in enumerate(names):
            self.place((room.top, first + offset), name)

    def against_walls(self, room: Room, name: str, count: int) -> None:
        """Pieces somewhere along the walls; more of them in a large room."""
        count += room.size // 50
        rim = self.mask(room) & (neighbours(self.grid == T["wall"], diagonal=False) > 0)
        for cell in several(rim, 3 * count, self.random):
            count -= count > 0 and self.place(cell, name)

    def in_corners(self, room: Room, name: str, count: int) -> None:
        """Pieces in corners of the room."""
        corners = list(product((room.top, room.bottom), (room.left, room.right)))
        for index in self.random.permutation(4)[:count]:
            self.place(corners[index], name)

    def mask(self, room: Room) -> Mask:
        mask = np.zeros(self.grid.shape, np.bool_)
        mask[room.area] = True
        return mask

    def walkable(self) -> Mask:
        return LEGEND.has(self.grid, Tag.PASSABLE)

    def _before_door(self, cell: Cell) -> bool:
        around = ((cell[0] + row, cell[1] + column) for row, column in STEPS)
        return any(self.grid[place] in (T["door"], T["start"]) for place in around)


Furnish = Callable[[House, Room], None]


def bedroom(house: House, room: Room) -> None:
    house.lay(room, "wooden floor")
    side = int(house.random.choice((room.left, room.right)))
    inner = 1 if side == room.left else -1
    for column in (side, side + inner)[: 2 if room.width >= 5 and house.random.random() < 0.5 else 1]:
        if house.place((room.top, column), "bed"):
            house.place((room.top + 1, column), "bed")
    if room.size >= 20:
        middle = room.top + room.height // 2, room.left + room.width // 2
        _rug(house, room, middle, 1)
    house.against_walls(room, "bookshelf", 1)
    if house.random.random() < 0.6 and house.place((room.bottom, room.right), "desk"):
        house.place((room.bottom, room.right - 1), "chair")
    house.in_corners(room, "plant", 1)


def _rug(house: House, room: Room, middle: Cell, reach: int) -> None:
    """A carpet around a cell, clear of the walls."""
    for row in range(max(room.top + 1, middle[0] - reach), min(room.bottom, middle[0] + reach + 1)):
        for column in range(max(room.left + 1, middle[1] - reach), min(room.right, middle[1] + reach + 1)):
            if house.is_floor((row, column)):
                house.grid[row, column] = T["carpet"]


def living_room(house: House, room: Room) -> None:
    house.lay(room, "wooden floor")
    middle = room.top + room.height // 2, room.left + room.width // 2
    _rug(house, room, middle, 2)
    if min(room.height, room.width) >= 5:
        house.place(middle, "table")
        for column in (middle[1] - 1, middle[1], middle[1] + 1)[: int(house.random.integers(2, 4))]:
            house.place((middle[0] - 2 if room.height >= 6 else room.top, column), "sofa")
    else:
        house.row(room, ("sofa", "sofa"))
    house.against_walls(room, "bookshelf", int(house.random.integers(1, 3)))
    house.in_corners(room, "plant", 2)


def kitchen(house: House, room: Room) -> None:
    house.lay(room, "tile floor")
    line = ("fridge", "stove", "sink", "table", "table")[: max(3, min(5, room.width - 1))]
    house.row(room, line if house.random.random() < 0.5 else line[::-1])
    for piece in ("stove", "sink"):
        if not (house.grid[room.area] == T[piece]).any():
            house.against_walls(room, piece, 1)
    if min(room.height, room.width) >= 5:
        _dine(house, (room.top + room.height // 2 + 1, room.left + room.width // 2))


def _dine(house: House, cell: Cell) -> None:
    """A table with chairs on both sides."""
    if house.place(cell, "table"):
        house.place((cell[0], cell[1] - 1), "chair")
        house.place((cell[0], cell[1] + 1), "chair")


def dining_room(house: House, room: Room) -> None:
    house.lay(room, "wooden floor")
    middle = room.left + room.width // 2
    for row in range(room.top + 1, room.bottom, 1):
        _dine(house, (row, middle))
    house.in_corners(room, "plant", 2)


def bathroom(house: House, room: Room) -> None:
    house.lay(room, "tile floor")
    house.row(room, ("sink",))
    house.in_corners(room, "plant", 1)


def study(house: House, room: Room) -> None:
    house.lay(room, "carpet" if house.random.random() < 0.5 else "wooden floor")
    house.row(room, tuple("bookshelf" for _ in range(max(1, room.width - 2))))
    middle = room.top + room.height // 2, room.left + room.width // 2
    if house.place(middle, "computer"):
        house.place((middle[0] + 1, middle[1]), "chair")
    house.in_corners(room, "plant", 1)


def class_room(house: House, room: Room) -> None:
    """A blackboard, the teacher's desk, and desks in rows that face them."""
    house.lay(room, "wooden floor")
    middle = room.left + room.width // 2
    for column in range(max(room.left, middle - 2), min(room.right, middle + 2) + 1):
        if house.grid[room.top - 1, column] in (T["wall"], T["window"]):
            house.grid[room.top - 1, column] = T["blackboard"]
    house.place((room.top + 1, middle), "desk")
    step = 2 if room.width < 9 or house.random.random() < 0.6 else 3
    for row in range(room.top + 3, room.bottom, 2):
        for column in range(room.left + 1, room.right, step):
            if house.place((row, column), "desk"):
                house.place((row + 1, column), "chair")
    house.in_corners(room, "plant", 1)
    house.against_walls(room, "bookshelf", 1)


def library(house: House, room: Room) -> None:
    house.lay(room, "carpet")
    house.row(room, tuple("bookshelf" for _ in range(room.width)))
    for row in range(room.top + 2, room.bottom, 3):
        for column in range(room.left + 1, room.right):
            house.place((row, column), "bookshelf")
    _dine(house, (room.bottom - 1, room.left + room.width // 2))


def computer_room(house: House, room: Room) -> None:
    house.lay(room, "carpet" if house.random.random() < 0.5 else "tile floor")
    for row in range(room.top + 1, room.bottom, 3):
        for column in range(room.left + 1, room.right):
            if house.place((row, column), "computer"):
                house.place((row + 1, column), "chair")
    house.in_corners(room, "plant", 1)


def staff_room(house: House, room: Room) -> None:
    house.lay(room, "carpet")
    house.row(room, ("sofa", "sofa", "plant"))
    _dine(house, (room.top + room.height // 2 + 1, room.left + room.width // 2))
    house.against_walls(room, "bookshelf", 1)


def wet_laboratory(house: House, room: Room) -> None:
    """Long benches with glassware and a sink at their end."""
    house.lay(room, "tile floor")
    house.row(room, ("sink", "bench", "sink", "fridge")[: max(2, room.width - 2)])
    for row in range(room.top + 2, room.bottom, 3):
        for column in range(room.left + 1, room.right):
            piece = "glassware" if house.random.random() < 0.4 else "bench"
            if house.place((row, column), piece) and house.random.random() < 0.4:
                house.place((row + 1, column), "chair")


def dry_laboratory(house: House, room: Room) -> None:
    """Benches across, with instruments read by computers."""
    house.lay(room, "tile floor")
    for column in range(room.left + 1, room.right, 3):
        for row in range(room.top + 1, room.bottom):
            piece = "computer" if house.random.random() < 0.35 else "bench"
            if house.place((row, column), piece) and house.random.random() < 0.3:
                house.place((row, column + 1), "chair")
    house.against_walls(room, "sink", 1)


def store(house: House, room: Room) -> None:
    house.lay(room, "tile floor")
    house.row(room, tuple("bookshelf" for _ in range(room.width)))
    house.against_walls(room, "glassware", 2)
    house.against_walls(room, "fridge", 1)


def office(house: House, room: Room) -> None:
    house.lay(room, "wooden floor")
    house.against_walls(room, "bookshelf", 2)
    for row in range(room.top + 1, room.bottom, 3):
        if house.place((row, room.left + room.width // 2), "computer"):
            house.place((row + 1, room.left + room.width // 2), "chair")
    house.in_corners(room, "plant", 1)


def hall(house: House, room: Room) -> None:
    """A corridor: plants at its ends."""
    house.lay(room, "tile floor")
    house.in_corners(room, "plant", int(house.random.integers(0, 2)))
