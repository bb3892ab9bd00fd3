"""What each style changes to make a level playable: the cheapest ways through what is in the way."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from genworld.content import Tag
from genworld.play import boxes, platformer, topdown
from genworld.play.cells import NEVER, Cell, Mask, cells_of, cheapest
from genworld.play.leaps import Step, Terrain, search
from genworld.play.wishes import Mending, Wishes, tile_ids

MOST_WALLS = 12
"""Walls that a box-pushing level is tried without, one at a time."""

FEW_PUSHES = 4_000
"""Pushes looked at for each of them."""


def dug(mending: Mending, start: Cell, goals: tuple[Cell, ...]) -> Iterator[Wishes]:
    """Top-down: a way dug where it costs least; first through doors for which there may be keys, then instead of them."""
    ground = topdown.Ground.of(mending.level)
    if ground.locked.any():
        yield _way(mending, ground, ground.open, start, goals)
    yield _way(mending, ground, ground.open & ~ground.locked, start, goals)


def _way(mending: Mending, ground: topdown.Ground, open_: Mask, start: Cell, goals: tuple[Cell, ...]) -> Wishes:
    floor = _floor(mending)
    digging = mending.costs(floor)
    digging[_edge(open_)] += digging[_edge(open_)] > 0  # between equals the outer wall stays whole
    # A step costs less than any change, a dangerous one as much as a few.
    costs = np.where(open_, np.where(ground.dear, 4, 1), np.where(digging > 0, digging * open_.size, NEVER))
    path = cheapest(costs.astype(np.int64), start, goals) or []
    return {cell: floor for cell in path if not open_[cell]}


def _floor(mending: Mending) -> tuple[int, ...]:
    """Tiles to walk on; a door only where nothing else is left."""
    legend = mending.level.legend
    walkable = topdown.open_cells(tile_ids(), legend)[0] & ~legend.has(tile_ids(), Tag.DOOR)[0]
    return mending.plain(walkable)


def _edge(mask: Mask) -> Mask:
    edge = np.ones_like(mask)
    edge[1:-1, 1:-1] = False
    return edge


def leapt(mending: Mending, start: Cell, goals: tuple[Cell, ...]) -> Iterator[Wishes]:
    """Platformer: the cheapest way with ground put under it and walls and hazards taken out of it.

    What is put down may be in the way of what was planned; the next round plans again on what is there by then.
    """
    ground = platformer.terrain(mending.level)
    air, soil = _air(mending), _soil(mending)
    relaxed = _relaxed(mending, ground, air, soil)
    relaxed.enter[start] = max(relaxed.enter[start], 0)
    steps = search(relaxed, platformer.leap_of(mending.level.legend), start, goals) or []
    # Ground in the middle of a way bars it unless one can jump through; with no such tile the next round goes round it.
    tops = tuple(each for each in soil if Tag.SOLID_TOP in mending.level.legend.tiles[each].tags)
    yield _changes(ground, steps, air, soil, tops)


def _relaxed(mending: Mending, ground: Terrain, air: tuple[int, ...], soil: tuple[int, ...]) -> Terrain:
    """The terrain with prices where it says never."""
    dig, build = mending.costs(air), mending.costs(soil)
    under = np.vstack((build[1:], np.full((1, build.shape[1]), NEVER)))
    enter = np.where(ground.enter != NEVER, ground.enter, dig)
    return Terrain(enter, np.where(ground.stand != NEVER, ground.stand, under), ground.drop, ground.hold)


def _changes(
    ground: Terrain, steps: list[Step], air: tuple[int, ...], soil: tuple[int, ...], tops: tuple[int, ...]
) -> Wishes:
    passed = {step.cell for step in steps}
    wishes = {step.cell: air for step in steps if ground.enter[step.cell] == NEVER}
    for (row, column), stands in steps:
        below = (row + 1, column)
        if stands and ground.stand[row, column] == NEVER:
            wishes[below] = (below in passed and tops) or soil
    return wishes


def _air(mending: Mending) -> tuple[int, ...]:
    """Tiles to fly through."""
    legend, ids = mending.level.legend, tile_ids()
    barred = platformer.walls(ids, legend) | platformer.deadly(ids, legend)
    other = legend.has(ids, Tag.SOLID_TOP, Tag.CLIMBABLE, Tag.LIQUID, Tag.DOOR)
    return mending.plain(~(barred | other)[0])


def _soil(mending: Mending) -> tuple[int, ...]:
    """Tiles to stand on; one-way ones too, they bar no way from below."""
    legend, ids = mending.level.legend, tile_ids()
    holds = platformer.walls(ids, legend) & ~legend.has(ids, Tag.VOID) | legend.has(ids, Tag.SOLID_TOP)
    return mending.plain((holds & ~platformer.deadly(ids, legend))[0])


def opened(mending: Mending, start: Cell, goals: tuple[Cell, ...]) -> Iterator[Wishes]:  # noqa: ARG001
    """Box pushing: one wall away, those first whose going looks most natural. Often that is not enough."""
    floor, room = _floor(mending), boxes.Room.of(mending.level)
    open_ = topdown.open_cells(mending.level.tiles, mending.level.legend) | mending.level.legend.has(
        mending.level.tiles, Tag.PUSHABLE
    )
    costs = mending.costs(floor)
    inner = cells_of(~open_ & ~_edge(open_) & (costs > 0) & _beside(open_))
    for cell in sorted(inner, key=lambda cell: int(costs[cell]))[:MOST_WALLS]:
        if boxes.solve(room.without_wall(cell), room.number(start), FEW_PUSHES):
            yield {cell: floor}
            return


def _beside(mask: Mask) -> Mask:
    """The cells with at least two neighbours in the mask."""
    padded = np.pad(mask, 1).astype(np.int64)
    near = padded[:-2, 1:-1] + padded[2:, 1:-1] + padded[1:-1, :-2] + padded[1:-1, 2:]
    two: Mask = near >= 2
    return two
