"""Top-down levels: four moves over what can be walked on, keys before locks.

- What is passable, a door, a start or a goal can be entered. Of the rest, what is solid, void, liquid, a hazard,
  breakable or pushable blocks, and everything else (a tile without tags, an enemy, an item) does not. What can be
  pushed always blocks: nobody should have to move it.
- A passable hazard or enemy can be crossed, but a path round it is preferred however long it is.
- A door that is tagged passable opens by itself. Any other door is locked if the level holds keys: a key opens one
  door and is used up, as most games have it. Locked doors that touch are one door. Without keys all doors open.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from genworld.content import Legend, Level, Tag, TileGrid
from genworld.play.cells import NEVER, Cell, Costs, Mask, areas, cheapest, farthest, farthest_pair, without_pockets
from genworld.play.locks import Locks, opening_order
from genworld.play.verdict import Verdict, counted, found

OPENS = (Tag.PASSABLE, Tag.DOOR, Tag.START, Tag.GOAL)
BLOCKS = (Tag.SOLID, Tag.VOID, Tag.LIQUID, Tag.HAZARD, Tag.BREAKABLE, Tag.PUSHABLE)


def open_cells(grid: TileGrid, legend: Legend) -> Mask:
    """(H, W) mask of the cells that can be entered, with every door open."""
    return (legend.has(grid, *OPENS) | ~legend.has(grid, *BLOCKS)) & ~legend.has(grid, Tag.PUSHABLE)


@dataclass(frozen=True)
class Ground:
    """What a top-down level is to who walks it; (H, W) masks.

    Args:
        open: can be entered with every door open.
        locked: doors that need a key.
        keys: lie here.
        dear: dangerous, crossed only where nothing else leads on.
    """

    open: Mask
    locked: Mask
    keys: Mask
    dear: Mask

    @classmethod
    def of(cls, level: Level) -> Ground:
        """The ground of a level; no door is locked where there is no key."""
        grid, legend = level.tiles, level.legend
        keys = legend.has(grid, Tag.KEY)
        locked = legend.has(grid, Tag.DOOR) & ~legend.has(grid, Tag.PASSABLE, Tag.START, Tag.GOAL)
        open_ = open_cells(grid, legend)
        return cls(open_, locked & bool((keys & open_).any()), keys & open_, legend.has(grid, Tag.HAZARD, Tag.ENEMY))

    def from_inside(self, start: Cell) -> Ground:
        """The same ground, the door that somebody starts in standing open."""
        if not self.locked[start]:
            return self
        doors = areas(self.locked)
        return replace(self, locked=self.locked & (doors != doors[start]))

    def costs(self, allowed: Mask) -> Costs:
        """Of a step: 1; where it is dangerous more than any way round."""
        steps = np.where(self.dear, allowed.size + 1, 1).astype(np.int64)
        return np.where(allowed, steps, NEVER)


def check(level: Level, start: Cell, goals: tuple[Cell, ...]) -> Verdict:
    """Whether one of `goals` can be walked to from `start`."""
    ground = Ground.of(level).from_inside(start)
    if not ground.open[start]:
        return Verdict(False, "The start is in a place that cannot be entered.", (), start, goals[0])
    path = cheapest(ground.costs(ground.open & ~ground.locked), start, goals)
    if path is not None:
        return found(_said(ground, path, 0), path)
    return _with_keys(ground, start, goals)


def _with_keys(ground: Ground, start: Cell, goals: tuple[Cell, ...]) -> Verdict:
    """The verdict where no way leads to the goal without opening a locked door."""
    locks = Locks.of(ground.open, ground.locked, ground.keys)
    order = opening_order(locks, start, goals)
    if order is None:
        why = "Too many locked doors to try every order of opening them: whether the goal can be reached is unknown."
        return Verdict(None, why, (), start, goals[0])
    if not order:
        if cheapest(ground.costs(ground.open), start, goals) is not None:
            why = "The goal lies behind a locked door, and no key for it can be reached before it."
        else:
            why = "No way leads from the start to the goal."
        return Verdict(False, why, (), start, goals[0])
    path = _key_walk(ground, locks, order, start, goals)
    return found(_said(ground, path, len(order)), path)


def _key_walk(ground: Ground, locks: Locks, order: tuple[int, ...], start: Cell, goals: tuple[Cell, ...]) -> list[Cell]:
    """From key to door to goal; keys on the way are picked up."""
    path, free = [start], ground.open & ~ground.locked
    for used, door in enumerate(order):
        path += _to_keys(ground, locks, free, path, used + 1)
        free = free | (locks.doors == door)
        path += _walk(ground, free, path[-1], locks.door_cells[door])
    return path + _walk(ground, free, path[-1], list(goals))


def _to_keys(ground: Ground, locks: Locks, free: Mask, path: list[Cell], wanted: int) -> list[Cell]:
    """The steps after `path` until so many keys were picked up."""
    steps: list[Cell] = []
    for _ in range(wanted):
        held = {cell for cell in (*path, *steps) if ground.keys[cell]}
        if len(held) < wanted:
            keys = [cell for cell in locks.key_cells if cell not in held]
            steps += _walk(ground, free, (*path, *steps)[-1], keys)
    return steps


def _walk(ground: Ground, free: Mask, start: Cell, goals: list[Cell]) -> list[Cell]:
    """The steps after `start`. The order of the doors was chosen so that there are some."""
    return (cheapest(ground.costs(free), start, goals) or [start])[1:]


def _said(ground: Ground, path: list[Cell], doors: int) -> str:
    dear = sum(bool(ground.dear[cell]) for cell in path[1:-1])
    words = f"The goal is reached in {counted(len(path) - 1, 'step')}"
    words += f", opening {counted(doors, 'locked door')} with keys found before" if doors else ""
    return words + (f", across {counted(dear, 'dangerous cell')} that cannot be avoided." if dear else ".")


def ends(level: Level, start: Cell | None, goal: Cell | None) -> tuple[Cell | None, Cell | None]:
    """The ends that are missing: two exits far apart, else two cells far apart; pockets aside.

    Distances are steps with walls aside, so that a level cut in two is found out. Exits are open cells on the border;
    two of them count where they belong to different openings.
    """
    places = without_pockets(open_cells(level.tiles, level.legend))
    given = start or goal
    if given is None:
        pair = _exit_pair(places) or farthest_pair(places)
        return pair or (None, None)
    other = _far_exit(places, given) or farthest(places, given)
    return (start or other, goal or other)


def _ring(places: Mask) -> Mask:
    ring = places.copy()
    ring[1:-1, 1:-1] = False
    return ring


def _exit_pair(places: Mask) -> tuple[Cell, Cell] | None:
    """The two exits of different openings with the most steps between them."""
    openings = areas(_ring(places))
    rows, columns = np.nonzero(openings)
    owner = openings[rows, columns]
    if owner.size == 0 or int(owner.max()) < 2:
        return None
    apart = abs(rows[:, None] - rows) + abs(columns[:, None] - columns)
    apart[owner[:, None] == owner] = -1
    first, second = np.unravel_index(int(np.argmax(apart)), apart.shape)
    return (int(rows[first]), int(columns[first])), (int(rows[second]), int(columns[second]))


def _far_exit(places: Mask, given: Cell) -> Cell | None:
    """The exit farthest from an end, in another opening than its own."""
    openings = areas(_ring(places))
    return farthest((openings > 0) & (openings != (openings[given] or -1)), given)
