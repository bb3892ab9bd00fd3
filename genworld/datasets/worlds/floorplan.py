"""Floor plans: how a building is divided into corridors and rooms."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from genworld.datasets.worlds.room import Room

Sides = tuple[int, int]


@dataclass(frozen=True)
class _Plan:
    sides: Sides
    hall: int


def divide(
    shape: tuple[int, int], sides: Sides, corridor: int, random: np.random.Generator
) -> tuple[list[Room], list[Room]]:
    """Corridors and rooms, with walls of one tile between them and around the building.

    Args:
        shape: rows and columns of the building, outer walls included.
        sides: least and greatest side of a room, in tiles.
        corridor: width of the corridors; 0 for rooms that open into each other.
    """
    height, width = shape
    plan = _Plan(sides, corridor)
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


def _along_halls(plan: _Plan, whole: Room, random: np.random.Generator) -> tuple[list[Room], list[Room]]:
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


def _banded(plan: _Plan, band: Room, random: np.random.Generator) -> tuple[Room, Room, Room | None]:
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


def _crossing(plan: _Plan, whole: Room, random: np.random.Generator) -> int:
    """First column of a corridor that leaves room for rooms on both sides."""
    least = plan.sides[0] + 1
    return whole.left + int(random.integers(least, max(whole.width - plan.hall - least, least) + 1))


def _cut_around(plan: _Plan, row: Room, cross: int | None, random: np.random.Generator) -> list[Room]:
    """Rooms side by side, on both sides of a corridor that crosses the row."""
    if cross is None:
        return _cut(plan, row, random)
    left = Room(row.top, row.left, row.height, cross - 1 - row.left)
    right = Room(row.top, cross + plan.hall + 1, row.height, row.right - cross - plan.hall)
    return [*_cut(plan, left, random), *_cut(plan, right, random)]


def _cut(plan: _Plan, row: Room, random: np.random.Generator) -> list[Room]:
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
