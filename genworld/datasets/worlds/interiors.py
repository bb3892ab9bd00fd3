"""Interiors: homes, schools and laboratories, furnished as people would."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np
from numpy.typing import NDArray

from genworld.content import Style, Tag, TileGrid
from genworld.datasets.worlds.terrain import (
    STEPS,
    Cell,
    Mask,
    blocks_nothing,
    cells,
    grown,
    neighbours,
    numbered,
    only,
    put,
    several,
    shifted,
)
from genworld.datasets.worlds.world import BuiltinWorld, legend, tile_ids

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


@dataclass(frozen=True)
class Room:
    """The floor of a room, walls not included."""

    top: int
    left: int
    height: int
    width: int

    @property
    def bottom(self) -> int:
        return self.top + self.height - 1

    @property
    def right(self) -> int:
        return self.left + self.width - 1

    @property
    def area(self) -> tuple[slice, slice]:
        return slice(self.top, self.bottom + 1), slice(self.left, self.right + 1)

    @property
    def size(self) -> int:
        return self.height * self.width


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


def _bedroom(house: House, room: Room) -> None:
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


def _living_room(house: House, room: Room) -> None:
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


def _kitchen(house: House, room: Room) -> None:
    house.lay(room, "tile floor")
    line = ("fridge", "table", "sink", "stove", "table")[: max(3, min(5, room.width - 1))]
    house.row(room, line if house.random.random() < 0.5 else line[::-1])
    if min(room.height, room.width) >= 5:
        _dine(house, (room.top + room.height // 2 + 1, room.left + room.width // 2))


def _dine(house: House, cell: Cell) -> None:
    """A table with chairs on both sides."""
    if house.place(cell, "table"):
        house.place((cell[0], cell[1] - 1), "chair")
        house.place((cell[0], cell[1] + 1), "chair")


def _dining_room(house: House, room: Room) -> None:
    house.lay(room, "wooden floor")
    middle = room.left + room.width // 2
    for row in range(room.top + 1, room.bottom, 1):
        _dine(house, (row, middle))
    house.in_corners(room, "plant", 2)


def _bathroom(house: House, room: Room) -> None:
    house.lay(room, "tile floor")
    house.row(room, ("sink",))
    house.in_corners(room, "plant", 1)


def _study(house: House, room: Room) -> None:
    house.lay(room, "carpet" if house.random.random() < 0.5 else "wooden floor")
    house.row(room, tuple("bookshelf" for _ in range(max(1, room.width - 2))))
    middle = room.top + room.height // 2, room.left + room.width // 2
    if house.place(middle, "computer"):
        house.place((middle[0] + 1, middle[1]), "chair")
    house.in_corners(room, "plant", 1)


def _class_room(house: House, room: Room) -> None:
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


def _library(house: House, room: Room) -> None:
    house.lay(room, "carpet")
    house.row(room, tuple("bookshelf" for _ in range(room.width)))
    for row in range(room.top + 2, room.bottom, 3):
        for column in range(room.left + 1, room.right):
            house.place((row, column), "bookshelf")
    _dine(house, (room.bottom - 1, room.left + room.width // 2))


def _computer_room(house: House, room: Room) -> None:
    house.lay(room, "carpet" if house.random.random() < 0.5 else "tile floor")
    for row in range(room.top + 1, room.bottom, 3):
        for column in range(room.left + 1, room.right):
            if house.place((row, column), "computer"):
                house.place((row + 1, column), "chair")
    house.in_corners(room, "plant", 1)


def _staff_room(house: House, room: Room) -> None:
    house.lay(room, "carpet")
    house.row(room, ("sofa", "sofa", "plant"))
    _dine(house, (room.top + room.height // 2 + 1, room.left + room.width // 2))
    house.against_walls(room, "bookshelf", 1)


def _wet_laboratory(house: House, room: Room) -> None:
    """Long benches with glassware and a sink at their end."""
    house.lay(room, "tile floor")
    house.row(room, ("sink", "bench", "sink", "fridge")[: max(2, room.width - 2)])
    for row in range(room.top + 2, room.bottom, 3):
        for column in range(room.left + 1, room.right):
            piece = "glassware" if house.random.random() < 0.4 else "bench"
            if house.place((row, column), piece) and house.random.random() < 0.4:
                house.place((row + 1, column), "chair")


def _dry_laboratory(house: House, room: Room) -> None:
    """Benches across, with instruments read by computers."""
    house.lay(room, "tile floor")
    for column in range(room.left + 1, room.right, 3):
        for row in range(room.top + 1, room.bottom):
            piece = "computer" if house.random.random() < 0.35 else "bench"
            if house.place((row, column), piece) and house.random.random() < 0.3:
                house.place((row, column + 1), "chair")
    house.against_walls(room, "sink", 1)


def _store(house: House, room: Room) -> None:
    house.lay(room, "tile floor")
    house.row(room, tuple("bookshelf" for _ in range(room.width)))
    house.against_walls(room, "glassware", 2)
    house.against_walls(room, "fridge", 1)


def _office(house: House, room: Room) -> None:
    house.lay(room, "wooden floor")
    house.against_walls(room, "bookshelf", 2)
    for row in range(room.top + 1, room.bottom, 3):
        if house.place((row, room.left + room.width // 2), "computer"):
            house.place((row + 1, room.left + room.width // 2), "chair")
    house.in_corners(room, "plant", 1)


def _hall(house: House, room: Room) -> None:
    """A corridor: plants at its ends."""
    house.lay(room, "tile floor")
    house.in_corners(room, "plant", int(house.random.integers(0, 2)))


@dataclass(frozen=True)
class Plan:
    """What sets a class of interiors apart.

    Args:
        sides: least and greatest side of a room, in tiles.
        hall: width of the corridor through the building; 0 for none.
        large, small: what rooms of each size are, in the order in which they are given out, over and over.
        first: least tiles of a large room.
    """

    sides: tuple[int, int]
    hall: int
    large: tuple[Furnish, ...]
    small: tuple[Furnish, ...]
    first: int


HOME = (_living_room, _kitchen, _bedroom, _dining_room, _study, _bedroom, _living_room, _bedroom, _study, _bedroom)
PLANS = {
    "home": Plan((3, 8), 0, HOME, (_bathroom, _bedroom, _study), 20),
    "classroom": Plan((5, 10), 2, (_class_room, _class_room, _computer_room, _library), (_staff_room, _library), 30),
    "laboratory": Plan((5, 10), 2, (_wet_laboratory, _dry_laboratory, _wet_laboratory), (_store, _office), 30),
}


def draw(kind: str, height: int, width: int, random: np.random.Generator) -> TileGrid:
    """One building; see `Draw`."""
    plan = PLANS[kind]
    grid = np.full((height, width), T["wall"], np.uint8)
    house = House(grid, random)
    halls, rooms = _divide(plan, height, width, random)
    for room in (*halls, *rooms):
        grid[room.area] = T["tile floor"]
    _cut_corner(grid, rooms, random)
    _hang_doors(grid, random)
    _enter(house, halls)
    _glaze(house)
    for hall in halls:
        _hall(house, hall)
    for furnish, room in _uses(plan, rooms, random):
        furnish(house, room)
    return grid


WORLD = BuiltinWorld(
    "interiors",
    "Interiors",
    "Homes, classrooms and laboratories with their furniture.",
    LEGEND,
    tuple(PLANS),
    draw,
)


def _uses(plan: Plan, rooms: list[Room], random: np.random.Generator) -> list[tuple[Furnish, Room]]:
    """What each room is for: the largest get the first uses."""
    order = sorted(rooms, key=lambda room: -room.size)
    large = [room for room in order if room.size >= plan.first] or order[:1]
    small = [room for room in order if room not in large]
    turn = int(random.integers(len(plan.small)))
    return [
        *((plan.large[index % len(plan.large)], room) for index, room in enumerate(large)),
        *((plan.small[(index + turn) % len(plan.small)], room) for index, room in enumerate(small)),
    ]


def _divide(plan: Plan, height: int, width: int, random: np.random.Generator) -> tuple[list[Room], list[Room]]:
    """Corridors and rooms, with walls of one tile between them and around the building."""
    whole = Room(1, 1, height - 2, width - 2)
    if not plan.hall:
        low, high = plan.sides[0] + min(height, width) // 24, plan.sides[1] + min(height, width) // 8
        return [], _split(low, high, whole, random)
    if random.random() < 0.5:
        halls, rooms = _along_halls(plan, _turned(whole), random)
        return [_turned(room) for room in halls], [_turned(room) for room in rooms]
    return _along_halls(plan, whole, random)


def _turned(room: Room) -> Room:
    return Room(room.left, room.top, room.width, room.height)


def _along_halls(plan: Plan, whole: Room, random: np.random.Generator) -> tuple[list[Room], list[Room]]:
    """Bands of a corridor with rooms on both sides (in small buildings on one), and a corridor across the bands."""
    mean = sum(plan.sides) // 2
    count = max(1, round((whole.height + 1) / (2 * mean + plan.hall + 3)))
    edges = np.linspace(whole.top, whole.bottom + 2, count + 1).astype(int)
    bands = [Room(int(a), whole.left, int(b - a - 1), whole.width) for a, b in pairwise(edges)]
    cross = _crossing(plan, whole, random) if count > 1 else None
    halls: list[Room] = []
    rooms: list[Room] = []
    for index, band in enumerate(bands):
        above, hall, below = _banded(plan, band, random)
        halls.append(hall)
        rooms += _cut_around(plan, above, cross if index > 0 else None, random)
        rooms += _cut_around(plan, below, cross if index < count - 1 else None, random) if below else []
    if cross is not None:
        halls.append(Room(halls[0].top, cross, halls[-1].bottom - halls[0].top + 1, plan.hall))
    return halls, rooms


def _banded(plan: Plan, band: Room, random: np.random.Generator) -> tuple[Room, Room, Room | None]:
    """A row of rooms, a corridor, and a second row of rooms where there is space for it."""
    spare = band.height - plan.hall - 2
    if spare < 10 or (spare < 13 and random.random() < 0.3):
        above = Room(band.top, band.left, spare + 1, band.width)
        return above, Room(above.bottom + 2, band.left, plan.hall, band.width), None
    high = int(random.integers(5, spare - 4))
    hall = Room(band.top + high + 1, band.left, plan.hall, band.width)
    return (
        Room(band.top, band.left, high, band.width),
        hall,
        Room(hall.bottom + 2, band.left, spare - high, band.width),
    )


def _crossing(plan: Plan, whole: Room, random: np.random.Generator) -> int:
    """First column of a corridor that leaves room for rooms on both sides."""
    least = plan.sides[0] + 1
    return whole.left + int(random.integers(least, max(whole.width - plan.hall - least, least) + 1))


def _cut_around(plan: Plan, row: Room, cross: int | None, random: np.random.Generator) -> list[Room]:
    """Rooms side by side, on both sides of a corridor that crosses the row."""
    if cross is None:
        return _cut(plan, row, random)
    left = Room(row.top, row.left, row.height, cross - 1 - row.left)
    right = Room(row.top, cross + plan.hall + 1, row.height, row.right - cross - plan.hall)
    return [*_cut(plan, left, random), *_cut(plan, right, random)]


def _cut(plan: Plan, row: Room, random: np.random.Generator) -> list[Room]:
    """Rooms side by side."""
    rooms, left = [], row.left
    while left <= row.right:
        width = int(random.integers(plan.sides[0], plan.sides[1] + 1))
        rest = row.right - left + 1
        width = rest if rest - width - 1 < plan.sides[0] else width
        rooms.append(Room(row.top, left, row.height, width))
        left += width + 1
    return rooms


def _split(low: int, high: int, room: Room, random: np.random.Generator) -> list[Room]:
    """Rooms by cutting in two, over and over, until none is longer than `high` or much too large."""
    tall, wide = room.height > 2 * low, room.width > 2 * low
    large = max(room.height, room.width) > high or room.size > 0.6 * high * high
    if not large or not (tall or wide):
        return [room]
    if wide and (not tall or room.width > room.height * random.uniform(0.8, 1.25)):
        return [_turned(part) for part in _split_rows(low, high, _turned(room), random)]
    return _split_rows(low, high, room, random)


def _split_rows(low: int, high: int, room: Room, random: np.random.Generator) -> list[Room]:
    at = int(random.integers(low, room.height - low))
    upper = Room(room.top, room.left, at, room.width)
    lower = Room(room.top + at + 1, room.left, room.height - at - 1, room.width)
    return [*_split(low, high, upper, random), *_split(low, high, lower, random)]


def _cut_corner(grid: TileGrid, rooms: list[Room], random: np.random.Generator) -> None:
    """Now and then a corner room is left out, so that the outline is not always a rectangle."""
    width = grid.shape[1]
    corners = [room for room in rooms if room.top == 1 and (room.left == 1 or room.right == width - 2)]
    if len(rooms) > 4 and corners and random.random() < 0.4:
        room = corners[int(random.integers(len(corners)))]
        rooms.remove(room)
        grid[room.area] = T["wall"]
    inside = grid != T["wall"]
    grid[~grown(inside, diagonal=True)] = T["void"]


def _hang_doors(grid: TileGrid, random: np.random.Generator) -> None:
    """Doors until every room can be entered, and here and there one more."""
    numbers = numbered(LEGEND.has(grid, Tag.PASSABLE))
    ways = _doorways(grid, numbers)
    entered = {1}
    while fresh := [pair for pair in ways if len(pair & entered) == 1]:
        pair = fresh[int(random.integers(len(fresh)))]
        entered |= pair
        _open(grid, ways.pop(pair), random)
    for places in ways.values():
        if random.random() < 0.12:
            _open(grid, places, random)
    grid[(numbers > 0) & ~np.isin(numbers, list(entered))] = T["wall"]


def _open(grid: TileGrid, places: list[Cell], random: np.random.Generator) -> None:
    grid[places[int(random.integers(len(places)))]] = T["door"]


def _doorways(grid: TileGrid, numbers: NDArray[np.intp]) -> dict[frozenset[int], list[Cell]]:
    """For each two rooms the wall cells between them where a door can hang."""
    wall, room = grid == T["wall"], numbers > 0
    across = shifted(wall, 0, 1) & shifted(wall, 0, -1) & shifted(room, 1, 0) & shifted(room, -1, 0)
    along = shifted(wall, 1, 0) & shifted(wall, -1, 0) & shifted(room, 0, 1) & shifted(room, 0, -1)
    ways: dict[frozenset[int], list[Cell]] = {}
    for cell in cells(wall & (across | along)):
        sides = {int(numbers[cell[0] + row, cell[1] + column]) for row, column in STEPS} - {0}
        if len(sides) == 2:
            ways.setdefault(frozenset(sides), []).append(cell)
    return ways


def _enter(house: House, halls: list[Room]) -> None:
    """The front door, into a corridor or through the lower wall where that can be, and the start behind it."""
    grid = house.grid
    floor, wall = LEGEND.has(grid, Tag.PASSABLE) & (grid != T["door"]), grid == T["wall"]
    outside = np.ones(grid.shape, np.bool_)
    outside[1:-1, 1:-1] = False
    doors = outside & wall & (neighbours(floor, diagonal=False) > 0)
    hall = np.logical_or.reduce([np.zeros_like(wall), *map(house.mask, halls)])
    lower = shifted(floor, 1, 0) & shifted(wall, 0, 1) & shifted(wall, 0, -1)
    doors = next(choice for choice in (doors & grown(hall), doors & lower, doors) if choice.any())
    place = several(doors, 1, house.random)[0]
    grid[place] = T["door"]
    inside = cells(grown(only(grid.shape, place)) & floor)[0]
    grid[inside] = T["start"]


def _glaze(house: House) -> None:
    """Windows at steps along the outer walls, between rooms' corners."""
    grid = house.grid
    floor, wall = LEGEND.has(grid, Tag.PASSABLE), grid == T["wall"]
    edge = wall & ~_enclosed(grid)
    level = edge & shifted(wall, 0, 1) & shifted(wall, 0, -1) & (shifted(floor, 1, 0) | shifted(floor, -1, 0))
    upright = edge & shifted(wall, 1, 0) & shifted(wall, -1, 0) & (shifted(floor, 0, 1) | shifted(floor, 0, -1))
    rows, columns = np.indices(grid.shape)
    step, phase = int(house.random.integers(3, 5)), int(house.random.integers(4))
    put(grid, cells((level & ((columns + phase) % step < 2)) | (upright & ((rows + phase) % step < 1))), T["window"])


def _enclosed(grid: TileGrid) -> Mask:
    """Cells that touch neither the edge of the map nor the void."""
    outside = np.pad(grid == T["void"], 1, constant_values=True)
    return ~grown(outside, diagonal=False)[1:-1, 1:-1]
