"""How a player moves in a platformer, as a table of phases, and the search over them.

A *phase* says what the player is doing in a cell:

- *stands*: on the ground, on a ladder, in water.
- *falls*, free to steer one column (*steerable*) or having done so in this row (*steered*).
- *rises* (rows above the take-off, columns used): in a jump, on the way up.
- *sinks* (rows above the take-off, columns used): in a jump, on the way down, and above the take-off still.

A jump thus stays in a box; below the take-off it becomes a fall, which drifts one column for each row. The search goes over pairs of phase and cell, all of one wave at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from genworld.play.cells import NEVER, Cell

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Leap(NamedTuple):
    """How far a jump goes, in tiles.

    Args:
        high: rows up.
        wide: columns of the widest pit that is cleared on the level: one lands in the column behind it.
    """

    high: int = 4
    wide: int = 5


STANDS, STEERABLE, STEERED = 0, 1, 2
MOVES = ((-1, 0), (1, 0), (0, -1), (0, 1))
UP, DOWN = 0, 1
SIDES = (2, 3)


@dataclass(frozen=True)
class Phases:
    """The phases of a jump.

    Args:
        after: (4, P) phase after a move up, down, left or right; `NEVER` where the phase does not allow it.
        rising: (P,) whether the phase goes on where there is ground to land on.
    """

    after: Ints
    rising: Flags

    @property
    def count(self) -> int:
        return int(self.rising.size)


@lru_cache(maxsize=16)
def phases(leap: Leap) -> Phases:
    """The table for one kind of jump."""
    high, wide = leap.high, leap.wide + 1
    rises = [("rises", row, column) for row in range(1, high + 1) for column in range(wide + 1)]
    sinks = [("sinks", row, column) for row in range(1, high) for column in range(wide + 1)]
    number = {phase: 3 + index for index, phase in enumerate([*rises, *sinks])}
    after = np.full((len(MOVES), 3 + len(number)), NEVER, dtype=np.int64)
    after[UP, STANDS] = number.get(("rises", 1, 0), NEVER)
    after[DOWN, [STANDS, STEERABLE, STEERED]] = STEERABLE
    after[2:, [STANDS, STEERABLE]] = STEERED
    for (kind, row, column), phase in number.items():
        if kind == "rises":
            after[UP, phase] = number.get((kind, row + 1, column), NEVER)
        after[DOWN, phase] = number.get(("sinks", row - 1, column), STEERED)
        after[2:, phase] = number.get((kind, row, column + 1), NEVER)
    rising = np.zeros(after.shape[1], dtype=np.bool_)
    rising[3 : 3 + len(rises)] = True
    return Phases(after, rising)


@dataclass(frozen=True)
class Terrain:
    """What each cell of a platformer is to the player; (H, W).

    Args:
        enter: what it costs to be there: 0 nothing, `NEVER` where it cannot be.
        stand: what it costs to stand there: 0 where there is ground, `NEVER` where there can be none.
        drop: whether it can be entered from above; the inside of a one-way platform cannot.
        hold: whether one can climb or swim there.
    """

    enter: Ints
    stand: Ints
    drop: Flags
    hold: Flags


class Step(NamedTuple):
    """A cell of a path, and whether the player stands there."""

    cell: Cell
    stands: bool


def search(terrain: Terrain, leap: Leap, start: Cell, goals: Collection[Cell]) -> list[Step] | None:
    """The cheapest way from `start` to the nearest of `goals`, of those one with few moves; None where there is none."""
    field = _Field(terrain, phases(leap))
    if terrain.enter[start] == NEVER or not goals:
        return None
    end = field.settle(start, goals)
    return None if end is None else field.way_to(end)


class _Field:
    """States are ``phase * cells + cell``, cells of a grid with a blank border, so that no move leaves it."""

    def __init__(self, terrain: Terrain, table: Phases) -> None:
        self.table = table
        self.width = int(terrain.enter.shape[1]) + 2
        self.enter = np.pad(terrain.enter, 1, constant_values=NEVER).ravel()
        self.stand = np.pad(terrain.stand, 1, constant_values=NEVER).ravel()
        self.drop = np.pad(terrain.drop, 1).ravel()
        self.hold = np.pad(terrain.hold, 1).ravel()
        self.cells = self.enter.size
        self.step = np.array([down * self.width + right for down, right in MOVES])[:, None]
        self.parent = np.full(table.count * self.cells, NEVER, dtype=np.int32)

    def number(self, cell: Cell) -> int:
        return (cell[0] + 1) * self.width + cell[1] + 1

    def settle(self, start: Cell, goals: Collection[Cell]) -> int | None:
        """Go on in waves, the cheap ones first, until a goal is reached: its state."""
        wanted = np.zeros(self.cells, dtype=np.bool_)
        wanted[[self.number(goal) for goal in goals]] = True
        first = np.array([self.number(start)])
        states, extra = self._landed(first, np.array([STEERABLE]), np.zeros(1, dtype=np.int64))[:2]
        waves: defaultdict[int, list[tuple[Ints, Ints]]] = defaultdict(list)
        self._file(waves, 0, states, states, extra)
        while waves:
            cost = min(waves)
            states, sources = (np.concatenate(parts) for parts in zip(*waves.pop(cost), strict=True))
            states = self._fresh(states, sources)
            arrived = states[wanted[states % self.cells]]
            if arrived.size:
                return int(arrived[0])
            if states.size:
                self._file(waves, cost, *self._moved(states))
        return None

    def _file(
        self, waves: defaultdict[int, list[tuple[Ints, Ints]]], cost: int, states: Ints, sources: Ints, extra: Ints
    ) -> None:
        """Put states where their turn comes."""
        if not extra.any():
            if states.size:
                waves[cost].append((states, sources))
            return
        for each in np.unique(extra).tolist():
            waves[cost + each].append((states[extra == each], sources[extra == each]))

    def _fresh(self, states: Ints, sources: Ints) -> Ints:
        """The states that are met for the first time, each once, their sources noted."""
        new = self.parent[states] == NEVER
        states, sources = states[new], sources[new]
        turn = np.arange(states.size)
        self.parent[states] = turn
        once = self.parent[states] == turn
        states, sources = states[once], sources[once]
        self.parent[states] = sources
        return states

    def _moved(self, states: Ints) -> tuple[Ints, Ints, Ints]:
        """Every state after one move from `states`, where it came from, and what the move cost."""
        phase, cell = np.divmod(states, self.cells)
        after, there = self.table.after[:, phase], cell + self.step
        fits = (after >= 0) & (self.enter[there] >= 0)
        climbs = self.hold[cell] | self.hold[there[DOWN]]
        fits[DOWN] &= self.drop[there[DOWN]] & ((phase != STANDS) | climbs)
        cells = there[fits]
        landed, extra, chosen = self._landed(cells, after[fits], self.enter[cells])
        return landed, np.broadcast_to(states, fits.shape)[fits][chosen], extra

    def _landed(self, cells: Ints, phase: Ints, cost: Ints) -> tuple[Ints, Ints, Ints]:
        """Which states arrive: those that stay in the air, and those that stand.

        Returns:
            The states, what each cost, and its position in `cells`. Who falls onto ground stands; who rises past
            ground may do either.
        """
        stand = self.stand[cells]
        flies = np.flatnonzero((stand != 0) | self.table.rising[phase])
        stands = np.flatnonzero(stand >= 0)
        states = np.concatenate((cells[stands], phase[flies] * self.cells + cells[flies]))
        extra = np.concatenate((cost[stands] + stand[stands], cost[flies]))
        return states, extra, np.concatenate((stands, flies))

    def way_to(self, state: int) -> list[Step]:
        """The path that ends in `state`."""
        states = [state]
        while (source := int(self.parent[states[-1]])) != states[-1]:
            states.append(source)
        return [self._step(each) for each in states[::-1]]

    def _step(self, state: int) -> Step:
        phase, cell = divmod(state, self.cells)
        row, column = divmod(cell, self.width)
        return Step((row - 1, column - 1), phase == STANDS)
