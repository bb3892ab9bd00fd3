"""Platformers: walk, fall, climb, swim, and jump 4 tiles high and over pits 5 wide unless the legend says otherwise.

- What is passable, a door, a start or a goal can be entered; doors open. Of the rest, what is solid, breakable,
  pushable or void blocks, and everything else (air, items, enemies, water, one-way platforms) does not.
- One stands on what is solid, breakable or pushable and on what can be climbed, and on a solid top, which can be
  jumped through from below and never dropped through.
- Hazards are deadly: they are neither entered nor stood on, wherever else they are tagged. Enemies can be beaten: a
  path meets one only where it must. Below the last row is a pit.
- In water, and on whatever is climbable, one moves in all four directions and can jump off.
- The sides and the top of the level are walls.
- Where no tile of the legend is said to be ground or a ladder, as in a map whose tiles nobody described, one moves
  freely: nothing is known that would be in the way.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from genworld.content import Legend, Level, Tag, TileGrid
from genworld.play.cells import NEVER, Cell, Mask, farthest, without_pockets
from genworld.play.leaps import Leap, Terrain, search
from genworld.play.verdict import Verdict, counted, found

OPENS = (Tag.PASSABLE, Tag.DOOR, Tag.START, Tag.GOAL)
WALLS = (Tag.SOLID, Tag.BREAKABLE, Tag.PUSHABLE)
EDGE = 3
"""Columns or rows at the outermost places in which an end is looked for."""


def leap_of(legend: Legend) -> Leap:
    """How far one jumps in levels of this legend."""
    return Leap(*legend.jump) if legend.jump else Leap()


def deadly(grid: TileGrid, legend: Legend) -> Mask:
    """(H, W) mask of what kills who touches it."""
    return legend.has(grid, Tag.HAZARD) & ~legend.has(grid, Tag.ENEMY)


def walls(grid: TileGrid, legend: Legend) -> Mask:
    """(H, W) mask of what the player cannot be in, deadly or not."""
    return legend.has(grid, *WALLS, Tag.VOID) & ~legend.has(grid, *OPENS)


def terrain(level: Level) -> Terrain:
    """What the cells of a level are to the player; meeting an enemy costs 1."""
    grid, legend = level.tiles, level.legend
    kills, blocks = deadly(grid, legend), walls(grid, legend)
    tops = legend.has(grid, Tag.SOLID_TOP) & ~blocks
    free = ~kills & ~blocks
    known = bool(legend.ids(*WALLS, Tag.SOLID_TOP, Tag.CLIMBABLE))
    hold = legend.has(grid, Tag.CLIMBABLE, Tag.LIQUID) & free if known else free
    ground = (blocks & ~legend.has(grid, Tag.VOID) | tops | legend.has(grid, Tag.CLIMBABLE)) & ~kills
    firm = free & (hold | _below(ground))
    enemies = legend.has(grid, Tag.ENEMY).astype(np.int64)
    return Terrain(np.where(free, enemies, NEVER), np.where(firm, 0, NEVER), ~tops, hold)


def _below(mask: Mask) -> Mask:
    """Whether the cell below each is in the mask; never in the last row."""
    return np.vstack((mask[1:], np.zeros((1, mask.shape[1]), dtype=np.bool_)))


def standable(level: Level) -> Mask:
    """(H, W) mask of the cells in which the player can stand, climb or swim."""
    firm: Mask = terrain(level).stand == 0
    return firm


def check(level: Level, start: Cell, goals: tuple[Cell, ...]) -> Verdict:
    """Whether one of `goals` can be walked, jumped or climbed to from `start`."""
    leap = leap_of(level.legend)
    ground = terrain(level)
    if ground.enter[start] == NEVER:
        return Verdict(False, "The start is in a place that cannot be entered.", (), start, goals[0])
    steps = search(ground, leap, start, goals)
    if steps is None:
        why = f"No way leads from the start to the goal with jumps {leap.high} tiles high and {leap.wide} wide."
        return Verdict(False, why, (), start, goals[0])
    path = [step.cell for step in steps]
    enemies = sum(ground.enter[cell] > 0 for cell in path[1:])
    words = f"The goal is reached in {counted(len(path) - 1, 'step')}"
    return found(words + (f", past {counted(enemies, 'enemy', 'enemies')} on the way." if enemies else "."), path)


def ends(level: Level, start: Cell | None, goal: Cell | None) -> tuple[Cell | None, Cell | None]:
    """The ends that are missing: where one can stand farthest left and farthest right, pockets aside.

    Of the outermost three columns the lowest place is taken, so that a level begins on the ground and not on its
    border. A level that is higher than wide runs from its lowest place to its highest.
    """
    pair = _span(standable(level) & without_pockets(terrain(level).enter >= 0))
    if pair is None:
        return start, goal
    given = start or goal
    if given is None:
        return pair
    ends_ = np.zeros(level.tiles.shape, dtype=np.bool_)
    ends_[pair[0]] = ends_[pair[1]] = True
    other = farthest(ends_, given)
    return start or other, goal or other


def _span(places: Mask) -> tuple[Cell, Cell] | None:
    rows, columns = np.nonzero(places)
    if rows.size < 2:
        return None
    if places.shape[0] > places.shape[1]:
        first, last = np.lexsort((columns, -rows))[0], np.lexsort((-columns, rows))[0]
    else:
        first = _outermost(columns - columns.min(), rows)
        last = _outermost(columns.max() - columns, rows)
    return (int(rows[first]), int(columns[first])), (int(rows[last]), int(columns[last]))


def _outermost(inward: NDArray[np.intp], rows: NDArray[np.intp]) -> int:
    """The position of the lowest place in the outermost columns, of several the outer one."""
    order = np.lexsort((inward, -rows, inward >= EDGE))
    return int(order[0])
