"""In which order doors can be opened when each takes one key."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genworld.play.cells import Cell, Mask, areas, cells_of

MOST_SETS = 20_000
"""Sets of opened doors looked at before the search is given up."""


@dataclass(frozen=True)
class Locks:
    """A level as rooms with doors between them.

    Args:
        rooms: (H, W) number of the room of each open cell, from 1.
        doors: (H, W) number of the locked door of each cell, from 1.
        beside: the rooms that each door touches.
        door_cells: of each door.
        keys: keys in each room, by its number.
        key_cells: all of them.
    """

    rooms: NDArray[np.int32]
    doors: NDArray[np.int32]
    beside: dict[int, frozenset[int]]
    door_cells: dict[int, list[Cell]]
    keys: list[int]
    key_cells: list[Cell]

    @classmethod
    def of(cls, open_: Mask, locked: Mask, keys: Mask) -> Locks:
        """The rooms that are left when every locked door is shut."""
        rooms, doors = areas(open_ & ~locked), areas(locked)
        door_cells: dict[int, list[Cell]] = {number: [] for number in range(1, int(doors.max()) + 1)}
        for cell in cells_of(locked):
            door_cells[int(doors[cell])].append(cell)
        beside = {door: _rooms_beside(rooms, cells) for door, cells in door_cells.items()}
        held = np.bincount(rooms[keys], minlength=int(rooms.max()) + 1)
        return cls(rooms, doors, beside, door_cells, held.tolist(), cells_of(keys))

    def reached(self, room: int, opened: frozenset[int]) -> frozenset[int]:
        """The rooms that can be walked to from `room` through the opened doors."""
        seen, grown = frozenset({room}), True
        while grown:
            more = seen.union(*(self.beside[door] for door in opened if self.beside[door] & seen))
            grown, seen = more != seen, more
        return seen


def _rooms_beside(rooms: NDArray[np.int32], cells: list[Cell]) -> frozenset[int]:
    padded = np.pad(rooms, 1)
    near = {
        int(padded[row + 1 + down, column + 1 + right])
        for row, column in cells
        for down, right in ((0, 1), (1, 0), (0, -1), (-1, 0))
    }
    return frozenset(near - {0})


def opening_order(locks: Locks, start: Cell, goals: tuple[Cell, ...]) -> tuple[int, ...] | None:
    """The doors to open, in order, on a way from `start` to one of `goals`; none of them can be left out.

    A door behind which a key lies costs nothing, so opening it can never be wrong: where there is such a door, no
    other is tried.

    Args:
        start: in a room.
        goals: in rooms or in doors.

    Returns:
        An empty tuple where no order leads to a goal, None where there are too many orders to try.
    """
    room = int(locks.rooms[start])
    edge: deque[tuple[int, ...]] = deque([()])
    seen = {frozenset[int]()}
    while edge:
        order = edge.popleft()
        reached = locks.reached(room, frozenset(order))
        if order and _arrived(locks, order, reached, goals):
            return _needed(locks, room, order, goals)
        for door in _next_doors(locks, room, order, reached):
            opened = frozenset((*order, door))
            if opened not in seen:
                seen.add(opened)
                edge.append((*order, door))
        if len(seen) > MOST_SETS:
            return None
    return ()


def _arrived(locks: Locks, order: tuple[int, ...], reached: frozenset[int], goals: tuple[Cell, ...]) -> bool:
    return any(int(locks.rooms[goal]) in reached or int(locks.doors[goal]) in order for goal in goals)


def _next_doors(locks: Locks, room: int, order: tuple[int, ...], reached: frozenset[int]) -> list[int]:
    """The doors worth opening next, none where no key is left."""
    held = _held(locks, reached)
    if held <= len(order):
        return []
    doors = [door for door, beside in locks.beside.items() if door not in order and beside & reached]
    for door in doors:
        if _held(locks, locks.reached(room, frozenset((*order, door)))) > held:
            return [door]
    return doors


def _held(locks: Locks, rooms: frozenset[int]) -> int:
    return sum(locks.keys[room] for room in rooms)


def _needed(locks: Locks, room: int, order: tuple[int, ...], goals: tuple[Cell, ...]) -> tuple[int, ...]:
    """The order without the doors that the goal is reached without."""
    for door in order[::-1]:
        fewer = tuple(each for each in order if each != door)
        if _works(locks, room, fewer, goals):
            order = fewer
    return order


def _works(locks: Locks, room: int, order: tuple[int, ...], goals: tuple[Cell, ...]) -> bool:
    """Whether each door of the order can be come to with a key in hand, and then the goal."""
    for number, door in enumerate(order):
        reached = locks.reached(room, frozenset(order[:number]))
        if _held(locks, reached) <= number or not locks.beside[door] & reached:
            return False
    return _arrived(locks, order, locks.reached(room, frozenset(order)), goals)
