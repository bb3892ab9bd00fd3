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
    first = before = rules.check(mending.level, start, goal)
    begin, end, kept = first.start, goal or _end(mending.level, first), mending
    for _ in range(ROUNDS):
        if first.reachable or begin is None or first.goal is None:
            break
        mending, first = _round(mending, begin, end)
        if first.reachable:
            mending, first = _trimmed(kept.level, mending, begin, end, first)
            # Where nobody chose the ends, those of the repaired level count: a new way may lead to a farther one.
            final = rules.check(mending.level, start, goal)
            begin, end = final.start, goal or _end(mending.level, final)
            first = final
    return (mending.level, first) if first.reachable else (kept.level, before)


def _end(level: Level, verdict: Verdict) -> Cell | None:
    """The goal that a verdict was about; None where any tile tagged goal serves."""
    return None if level.legend.has(level.tiles, Tag.GOAL).any() else verdict.goal


def _round(mending: Mending, start: Cell, goal: Cell | None) -> tuple[Mending, Verdict]:
    """The alternative with the fewest changes that makes the level playable; else the last, to go on from."""
    goals = (goal,) if goal else tuple(cells_of(mending.level.legend.has(mending.level.tiles, Tag.GOAL)))
    best, verdict = mending, Verdict(False, "")
    for wishes in sorted(PLANS[mending.level.legend.style](mending, start, goals), key=len):
        best = mending.painted(wishes)
        verdict = rules.check(best.level, start, goal)
        if verdict.reachable:
            break
    return best, verdict


def _trimmed(
    before: Level, mending: Mending, start: Cell, goal: Cell | None, verdict: Verdict
) -> tuple[Mending, Verdict]:
    """Without the changes that turned out not to be needed."""
    for row, column, old, _ in _differences(before, mending.level):
        grid = mending.level.tiles.copy()
        grid[row, column] = old
        fewer = Level(grid, before.legend)
        found = rules.check(fewer, start, goal)
        if found.reachable:
            mending, verdict = replace(mending, level=fewer), found
    return mending, verdict


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
