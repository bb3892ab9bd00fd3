"""The rules of each style, and what is asked of any level by its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from genworld.content import Level, Style, Tag
from genworld.errors import GenworldError
from genworld.play import boxes, platformer, topdown
from genworld.play.cells import Cell, Mask, cells_of
from genworld.play.verdict import Verdict


def _walkable(level: Level) -> Mask:
    return topdown.open_cells(level.tiles, level.legend)


@dataclass(frozen=True)
class Rules:
    """How levels of one style are played.

    Args:
        check: the verdict for a start and the goals of which one is enough.
        ends: fills in the ends that are None, where the level has places for them.
        places: (H, W) mask of the cells in which somebody can stay.
    """

    check: Callable[[Level, Cell, tuple[Cell, ...]], Verdict]
    ends: Callable[[Level, Cell | None, Cell | None], tuple[Cell | None, Cell | None]]
    places: Callable[[Level], Mask]


RULES: dict[Style, Rules] = {
    Style.TOP_DOWN: Rules(topdown.check, topdown.ends, _walkable),
    Style.PLATFORMER: Rules(platformer.check, platformer.ends, platformer.standable),
    Style.BOX_PUSHING: Rules(boxes.check, boxes.ends, _walkable),
}


class Side(StrEnum):
    """A side of a level."""

    NORTH = "north"
    EAST = "east"
    SOUTH = "south"
    WEST = "west"


def check(level: Level, start: Cell | None = None, goal: Cell | None = None) -> Verdict:
    """Whether a level can be played from its start to its goal, by the rules of its legend's style.

    The rules stand at the top of `genworld.play.topdown`, `genworld.play.platformer` and `genworld.play.boxes`.

    Args:
        start: (row, column); None for the first tile tagged start, else the place that `ends` finds.
        goal: (row, column); None for any tile tagged goal, the nearest counts, else the place that `ends` finds.
            Box pushing looks at every target whatever is given.

    Raises:
        GenworldError: a start or goal outside the level.

    >>> from genworld.content import Legend, Tile
    >>> wall, floor = Tile("#", "wall", frozenset({Tag.SOLID})), Tile(".", "floor", frozenset({Tag.PASSABLE}))
    >>> legend = Legend("rooms", Style.TOP_DOWN, (wall, floor), "dungeon")
    >>> check(Level.from_text(["..#..", "..#.."], legend)).reachable
    False
    >>> check(Level.from_text(["..#..", "....."], legend), (0, 0), (0, 3)).path
    ((0, 0), (0, 1), (1, 1), (1, 2), (1, 3), (0, 3))
    """
    _inside(level, "start", start)
    _inside(level, "goal", goal)
    goals = (goal,) if goal else tuple(_tagged(level, Tag.GOAL))
    begin, end = _filled(level, start, goals[0] if goals else None)
    if begin is None or end is None:
        return Verdict(False, _missing(level, begin), (), begin, end)
    return RULES[level.legend.style].check(level, begin, goals or (end,))


def ends(level: Level) -> tuple[Cell | None, Cell | None]:
    """Start and goal of a level: its first tiles tagged so; where there are none, two places far apart.

    Top-down these are two exits of different openings, else two cells that can be walked on; in a platformer the
    lowest places to stand at the far left and the far right, or at the bottom and the top where the level is higher
    than wide. Areas with less than 2% of the cells in question are left out. Box pushing has no such places: without a
    player or a target there is None.
    """
    goals = _tagged(level, Tag.GOAL)
    return _filled(level, None, goals[0] if goals else None)


def exits(level: Level) -> dict[Side, list[Cell]]:
    """The cells on each side of a level through which it can be left or entered, in reading order.

    Top-down these are the open cells of the border, in a platformer those in which one can stand, for the upper side
    and the lower side those that are open. A corner belongs to both of its sides.
    """
    open_ = platformer.terrain(level).enter >= 0 if _jumps(level) else _walkable(level)
    stays = RULES[level.legend.style].places(level)
    masks = {Side.NORTH: open_, Side.EAST: stays, Side.SOUTH: open_, Side.WEST: stays}
    return {side: cells_of(mask & _border(mask, side)) for side, mask in masks.items()}


def _jumps(level: Level) -> bool:
    return level.legend.style is Style.PLATFORMER


def _border(mask: Mask, side: Side) -> Mask:
    border = np.zeros_like(mask)
    line = 0 if side in (Side.NORTH, Side.WEST) else -1
    if side in (Side.NORTH, Side.SOUTH):
        border[line] = True
    else:
        border[:, line] = True
    return border


def _tagged(level: Level, tag: Tag) -> list[Cell]:
    return cells_of(level.legend.has(level.tiles, tag))


def _filled(level: Level, start: Cell | None, goal: Cell | None) -> tuple[Cell | None, Cell | None]:
    starts = _tagged(level, Tag.START)
    begin = start or (starts[0] if starts else None)
    return (begin, goal) if begin and goal else RULES[level.legend.style].ends(level, begin, goal)


def _missing(level: Level, start: Cell | None) -> str:
    if level.legend.style is Style.BOX_PUSHING:
        return "There is no player to push the boxes." if start is None else "There is no target for the boxes."
    return "There are no two places to go between."


def _inside(level: Level, what: str, cell: Cell | None) -> None:
    if cell is not None and not (0 <= cell[0] < level.height and 0 <= cell[1] < level.width):
        raise GenworldError(
            f"The {what} should lie in the level, rows 0 to {level.height - 1} and columns 0 to {level.width - 1}, "
            f"but row {cell[0]}, column {cell[1]} came; choose a cell of the level."
        )
