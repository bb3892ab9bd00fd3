"""Box pushing: every target under a box, solved by a search over pushes with a bound.

- What can be pushed is a box, what is tagged goal is a target; floor is what a top-down level lets in.
- Solved: every target holds a box; with fewer boxes than targets, every box stands on one.
- The search is greedy best-first over pairs of boxes and the area that the player can walk in, so each state is met
  once however it came about. Squares from which no push brings a box to a target, and four boxes or walls in a square,
  cut it short. It gives up after `MOST_PUSHES`: what was not solved by then is unknown, and only a search that ran
  out of states says no.

Cells are bits of whole numbers, row by row with one blank column between the rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from heapq import heappop, heappush

import numpy as np

from genworld.content import Level, Tag
from genworld.play.cells import NEVER, Cell, Mask, cells_of, cheapest
from genworld.play.topdown import BLOCKS, OPENS
from genworld.play.verdict import Verdict, counted, found

MOST_PUSHES = 50_000
"""Pushes looked at before a level is called unknown: about two seconds."""

USUAL_CELLS = 640
"""Cells of a level for which that holds: in larger ones a push takes longer, so that fewer are looked at."""

HURRY = 5
"""How much the pushes that are still needed count against those already made: more is faster, with longer solutions."""

State = tuple[int, int]
"""The boxes as bits, and the lowest bit of the area that the player can walk in."""


@dataclass(frozen=True)
class Room:
    """What stands still in a box-pushing level, and the boxes at the beginning.

    Args:
        width: columns and one.
        floor, targets, boxes: bits.
    """

    width: int
    floor: int
    targets: int
    boxes: int

    @classmethod
    def of(cls, level: Level) -> Room:
        grid, legend = level.tiles, level.legend
        boxes = legend.has(grid, Tag.PUSHABLE)
        floor = legend.has(grid, *OPENS, Tag.PUSHABLE) | ~legend.has(grid, *BLOCKS)
        return cls(level.width + 1, _bits(floor), _bits(legend.has(grid, Tag.GOAL)), _bits(boxes))

    def without_wall(self, cell: Cell) -> Room:
        """The room with one more cell of floor."""
        return replace(self, floor=self.floor | 1 << self.number(cell))

    def number(self, cell: Cell) -> int:
        """The bit of a cell."""
        return cell[0] * self.width + cell[1]

    @cached_property
    def moves(self) -> tuple[int, ...]:
        return (1, -1, self.width, -self.width)

    @cached_property
    def spare(self) -> bool:
        """Whether there are more boxes than targets, so that some may end anywhere."""
        return self.boxes.bit_count() > self.targets.bit_count()

    @cached_property
    def pushes(self) -> dict[int, int]:
        """Fewest pushes from each cell to a target in an empty level; cells that are missing are dead."""
        far = dict.fromkeys(_cells(self.targets & self.floor), 0)
        edge = list(far)
        for cell in edge:
            for move in self.moves:
                before, player = cell - move, cell - 2 * move
                if before not in far and self.is_floor(before) and self.is_floor(player):
                    far[before] = far[cell] + 1
                    edge.append(before)
        return far

    def is_floor(self, cell: int) -> bool:
        return cell >= 0 and bool(self.floor >> cell & 1)

    def area(self, player: int, boxes: int) -> int:
        """Bits of the cells that the player can walk to."""
        free, area, edge = self.floor & ~boxes, 0, 1 << player
        while edge:
            area |= edge
            edge = (edge << 1 | edge >> 1 | edge << self.width | edge >> self.width) & free & ~area
        return area

    def solved(self, boxes: int) -> bool:
        """Whether the boxes stand where they should."""
        return not (self.targets & ~boxes if self.spare else boxes & ~self.targets)

    def still(self, boxes: int) -> int:
        """A guess of the pushes that are still needed."""
        return sum(self.pushes.get(cell, self.width) for cell in _cells(boxes))

    def lost(self, box: int, boxes: int) -> bool:
        """Whether the box that came to a cell can never be put right."""
        if self.spare:
            return False
        return box not in self.pushes or any(self._stuck(corner, boxes) for corner in self._corners(box))

    def _corners(self, cell: int) -> tuple[int, ...]:
        return cell, cell - 1, cell - self.width, cell - self.width - 1

    def _stuck(self, corner: int, boxes: int) -> bool:
        """Whether a square of 2 x 2 cells is full and holds a box off its target."""
        square = [corner, corner + 1, corner + self.width, corner + self.width + 1]
        if any(self.is_floor(cell) and not boxes >> cell & 1 for cell in square):
            return False
        return any(cell >= 0 and boxes >> cell & 1 and not self.targets >> cell & 1 for cell in square)


def _bits(mask: Mask) -> int:
    padded = np.pad(mask, ((0, 0), (0, 1))).ravel()
    return int.from_bytes(np.packbits(padded, bitorder="little").tobytes(), "little")


def _cells(bits: int) -> list[int]:
    found_ = []
    while bits:
        low = bits & -bits
        found_.append(low.bit_length() - 1)
        bits ^= low
    return found_


Push = tuple[int, int]
"""Where the player stands, and the move that pushes the box beside it."""


def solve(room: Room, player: int, most: int = MOST_PUSHES) -> list[Push] | bool | None:
    """The pushes that solve a room; False where nothing does, None where the search was given up.

    Args:
        most: pushes looked at in a level of usual size; see `affordable`.
    """
    most = affordable(room, most)
    first = _state(room, room.boxes, player)
    came: dict[State, tuple[State, Push] | None] = {first: None}
    edge, looked = [(0, 0, 0, first)], 0
    while edge:
        _, _, pushes, state = heappop(edge)
        if room.solved(state[0]):
            return _pushes_to(came, state)
        for push, after in _pushed(room, state):
            looked += 1
            if looked > most:
                return None
            if after not in came:
                came[after] = (state, push)
                heappush(edge, (pushes + 1 + HURRY * room.still(after[0]), len(came), pushes + 1, after))
    return False


def affordable(room: Room, most: int = MOST_PUSHES) -> int:
    """How many pushes are looked at in a room, so that no level takes much longer than others."""
    share = USUAL_CELLS / max(USUAL_CELLS, room.floor.bit_length())
    return int(most * share**1.5)  # there are more boxes, too


def _state(room: Room, boxes: int, player: int) -> State:
    area = room.area(player, boxes)
    return boxes, (area & -area).bit_length() - 1


def _pushed(room: Room, state: State) -> Iterator[tuple[Push, State]]:
    """Every push that is possible and not lost, with the state after it."""
    boxes, player = state
    area = room.area(player, boxes)
    for box in _cells(boxes):
        for move in room.moves:
            behind, ahead = box - move, box + move
            if behind < 0 or not area >> behind & 1 or not room.is_floor(ahead) or boxes >> ahead & 1:
                continue
            after = boxes ^ (1 << box) ^ (1 << ahead)
            if not room.lost(ahead, after):
                yield (behind, move), _state(room, after, box)


def _pushes_to(came: dict[State, tuple[State, Push] | None], state: State) -> list[Push]:
    pushes = []
    while (before := came[state]) is not None:
        state, push = before
        pushes.append(push)
    return pushes[::-1]


def check(level: Level, start: Cell, goals: tuple[Cell, ...]) -> Verdict:
    """Whether the boxes can be pushed onto the targets by a player that begins at `start`."""
    room = Room.of(level)
    goal = goals[0]
    player = room.number(start)
    if not room.boxes:
        return Verdict(False, "There is no box to push.", (), start, goal)
    if not room.is_floor(player) or room.boxes >> player & 1:
        return Verdict(False, "The start is in a place that cannot be entered.", (), start, goal)
    pushes = solve(room, player)
    if pushes is None:
        why = f"No solution among the first {affordable(room):,} pushes: whether there is one is unknown."
        return Verdict(None, why, (), start, goal)
    if isinstance(pushes, bool):
        return Verdict(False, "No way of pushing brings the boxes to the targets.", (), start, goal)
    return found(
        f"Every target can be filled with {counted(len(pushes), 'push', 'pushes')}.", _walk(room, start, pushes)
    )


def _walk(room: Room, start: Cell, pushes: list[Push]) -> list[Cell]:
    """Every step of the player, up to the last push."""
    path, boxes = [start], room.boxes
    for behind, move in pushes:
        path += _steps(room, boxes, path[-1], divmod(behind, room.width))
        box = behind + move
        boxes ^= (1 << box) ^ (1 << box + move)
        path.append(divmod(box, room.width))
    return path


def _steps(room: Room, boxes: int, start: Cell, goal: Cell) -> list[Cell]:
    free = room.floor & ~boxes
    height = -(-room.floor.bit_length() // room.width)
    flags = [[free >> row * room.width + column & 1 for column in range(room.width)] for row in range(height)]
    costs = np.where(np.array(flags, dtype=np.bool_), 1, NEVER).astype(np.int64)
    return (cheapest(costs, start, [goal]) or [start])[1:]


def ends(level: Level, start: Cell | None, goal: Cell | None) -> tuple[Cell | None, Cell | None]:
    """The ends as given: a player and targets are part of such a level, so none are made up."""
    targets = cells_of(level.legend.has(level.tiles, Tag.GOAL))
    return start, goal or (targets[0] if targets else None)
