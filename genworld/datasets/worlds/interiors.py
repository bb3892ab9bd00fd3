"""Interiors: homes, schools and laboratories, furnished as people would."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genworld.content import Tag, TileGrid
from genworld.datasets.worlds.floorplan import divide
from genworld.datasets.worlds.furniture import (
    LEGEND,
    Furnish,
    House,
    T,
    bathroom,
    bedroom,
    class_room,
    computer_room,
    dining_room,
    dry_laboratory,
    hall,
    kitchen,
    library,
    living_room,
    office,
    staff_room,
    store,
    study,
    wet_laboratory,
)
from genworld.datasets.worlds.room import Room
from genworld.datasets.worlds.terrain import (
    STEPS,
    Cell,
    Mask,
    cells,
    grown,
    neighbours,
    numbered,
    only,
    put,
    several,
    shifted,
)
from genworld.datasets.worlds.world import BuiltinWorld


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


HOME = (living_room, kitchen, bedroom, dining_room, study, bedroom, living_room, bedroom, study, bedroom)
PLANS = {
    "home": Plan((3, 8), 0, HOME, (bathroom, bedroom, study), 20),
    "classroom": Plan((5, 10), 2, (class_room, class_room, computer_room, library), (staff_room, library), 30),
    "laboratory": Plan((5, 10), 2, (wet_laboratory, dry_laboratory, wet_laboratory), (store, office), 30),
}


def draw(kind: str, height: int, width: int, random: np.random.Generator) -> TileGrid:
    """One building; see `Draw`."""
    plan = PLANS[kind]
    grid = np.full((height, width), T["wall"], np.uint8)
    house = House(grid, random)
    halls, rooms = divide(grid.shape, plan.sides, plan.hall, random)
    for room in (*halls, *rooms):
        grid[room.area] = T["tile floor"]
    _cut_corner(grid, rooms, random)
    _hang_doors(grid, random)
    _enter(house, halls)
    _glaze(house)
    for corridor in halls:
        hall(house, corridor)
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
    inner = np.logical_or.reduce([np.zeros_like(wall), *map(house.mask, halls)])
    lower = shifted(floor, 1, 0) & shifted(wall, 0, 1) & shifted(wall, 0, -1)
    doors = next(choice for choice in (doors & grown(inner), doors & lower, doors) if choice.any())
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
