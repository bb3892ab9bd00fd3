"""Make a level playable by changing as few cells as can be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from genworld.content import Level, Style, Tag
from genworld.play import mending, rules
from genworld.play.cells import Cell, Mask, cells_of, mask_of
from genworld.play.patterns import Patterns
from genworld.play.topdown import open_cells
from genworld.play.verdict import Verdict
from genworld.play.wishes import Mending, Wishes

ROUNDS = 8
"""Plans made, each on what the one before left, before a level is given up."""

Change = tuple[int, int, int, int]
"""Row, column, tile id before, tile id after."""

PLANS: dict[Style, Callable[[Mending, Cell, tuple[Cell, ...]], Iterator[Wishes]]] = {
    Style.TOP_DOWN: mending.dug,
    Style.PLATFORMER: mending.leapt,
    Style.BOX_PUSHING: mending.opened,
}
"""What may be changed by style: alternatives, of which the one with the fewest changes is taken."""


@dataclass(frozen=True)
class Repaired:
    """A level after repair.

    Args:
        level: playable where the verdict says so; else as it came, but for ends that were asked for.
        changed: each cell that differs from the level that came, in reading order.
        verdict: of `level`, from the ends of the repair.
    """

    level: Level
    changed: tuple[Change, ...]
    verdict: Verdict


def repair(
    level: Level,
    patterns: Patterns | None = None,
    *,
    start: Cell | None = None,
    goal: Cell | None = None,
    ends: bool = False,
    pinned: Iterable[Cell] = (),
) -> Repaired:
    """The level, playable from start to goal, with few cells changed.

    Top-down, a way is dug where that costs least, and locked doors without a key become floor. In a platformer ground
    is put under the cheapest way and walls and hazards are taken out of it. In box pushing only single walls are
    taken away, which often does not help: then the verdict says so and the level is as it was. A cell costs 8, and 1
    for each window round it that `patterns` does not know.

    Args:
        level: any.
        patterns: windows that look right, learned from the model's data; None for those of the level itself.
        start, goal: (row, column), as `check` takes them. Their tiles change only where nobody could stand in them.
        ends: whether a start and a goal are put down where the level has none and its legend does.
        pinned: cells that stay as they are whatever comes of it.

    Raises:
        GenworldError: a start or goal outside the level.
    """
    shown = patterns or Patterns.learn([level])
    fixed = mask_of(pinned, level.tiles.shape)
    first = _with_ends(level, shown, fixed, start, goal) if ends else level
    done, verdict = _mended(Mending(first, shown, fixed), start, goal)
    return Repaired(done, _differences(level, done), verdict)


def _mended(mending: Mending, start: Cell | None, goal: Cell | None) -> tuple[Level, Verdict]:
    """The level repaired between its ends; those of the repaired level count in turn, where nobody chose them."""
    before = verdict = rules.check(mending.level, start, goal)
    now = mending
    for _ in range(ROUNDS):
        if verdict.reachable or verdict.start is None or verdict.goal is None:
            break
        joined = _joined(now, verdict.start, goal or _end(now.level, verdict))
        if joined is None:
            break
        now, verdict = joined, rules.check(joined.level, start, goal)
    return (now.level, verdict) if verdict.reachable else (mending.level, before)


def _end(level: Level, verdict: Verdict) -> Cell | None:
    """The goal that a verdict was about; None where any tile tagged goal serves."""
    return None if level.legend.has(level.tiles, Tag.GOAL).any() else verdict.goal


def _joined(mending: Mending, start: Cell, goal: Cell | None) -> Mending | None:
    """The level with a way between these ends; None where no plan gives one."""
    now = mending
    for number in range(ROUNDS):
        after, reached = _round(now, start, goal)
        if reached:
            # A single plan is the cheapest there is, so it holds nothing that could be left out.
            return _trimmed(mending.level, after, start, goal) if number else after
        if after is now:  # no plan at all: another round would find no other
            return None
        now = after
    return None


def _round(mending: Mending, start: Cell, goal: Cell | None) -> tuple[Mending, bool]:
    """The alternative with the fewest changes that makes the level playable; else the last, to go on from."""
    goals = (goal,) if goal else tuple(cells_of(mending.level.legend.has(mending.level.tiles, Tag.GOAL)))
    last = mending
    for wishes in sorted(PLANS[mending.level.legend.style](mending, start, goals), key=len):
        last = mending.painted(wishes)
        if rules.check(last.level, start, goal).reachable:
            return last, True
    return last, False


def _trimmed(before: Level, mending: Mending, start: Cell, goal: Cell | None) -> Mending:
    """Without the changes that turned out not to be needed."""
    for row, column, old, _ in _differences(before, mending.level):
        grid = mending.level.tiles.copy()
        grid[row, column] = old
        fewer = Level(grid, before.legend)
        if rules.check(fewer, start, goal).reachable:
            mending = replace(mending, level=fewer)
    return mending


def _differences(before: Level, after: Level) -> tuple[Change, ...]:
    cells = np.argwhere(before.tiles != after.tiles).tolist()
    return tuple((row, column, int(before.tiles[row, column]), int(after.tiles[row, column])) for row, column in cells)


def _with_ends(level: Level, patterns: Patterns, fixed: Mask, start: Cell | None, goal: Cell | None) -> Level:
    """The level with a start and a goal where it had none, as far as its legend has tiles for them."""
    found = rules.ends(level)
    wishes: dict[Cell, tuple[int, ...]] = {}
    for tag, cell in ((Tag.START, start or found[0] or _free(level)), (Tag.GOAL, goal or found[1])):
        tiles = _end_tiles(level, tag)
        if tiles and cell and not fixed[cell] and not level.legend.has(level.tiles, tag).any():
            wishes[cell] = tiles
    return Mending(level, patterns, fixed).painted(wishes).level


def _end_tiles(level: Level, tag: Tag) -> tuple[int, ...]:
    """The tiles that are this end, and no box at the same time."""
    return tuple(each for each in level.legend.ids(tag) if Tag.PUSHABLE not in level.legend.tiles[each].tags)


def _free(level: Level) -> Cell | None:
    """Somewhere for the player of a box-pushing level: the first cell that can be entered and is no target."""
    free = open_cells(level.tiles, level.legend) & ~level.legend.has(level.tiles, Tag.GOAL)
    return next(iter(cells_of(free)), None)
