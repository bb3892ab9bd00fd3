"""Autotile shapes: which frame of a set a cell takes, read off its neighbours.

A shape looks at the mask `alike` of a level: (H, W) bools, the cells that the
drawn ones join to without an edge. Its frames mean something in the drawn cells
only. Beyond the border a level goes on as its outermost cells do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
"""(H, W) cells of a level."""

Frames = NDArray[np.int16]
"""(H, W) frame numbers, -1 where nothing is drawn."""

NORTH, EAST, SOUTH, WEST = (-1, 0), (0, 1), (1, 0), (0, -1)
NORTH_EAST, SOUTH_EAST, SOUTH_WEST, NORTH_WEST = (-1, 1), (1, 1), (1, -1), (-1, -1)
AROUND = (NORTH, NORTH_EAST, EAST, SOUTH_EAST, SOUTH, SOUTH_WEST, WEST, NORTH_WEST)
SIDES = (NORTH, EAST, SOUTH, WEST)


def beside(mask: Mask, step: tuple[int, int]) -> Mask:
    """(H, W) whether the cell one `step` (rows, columns) away is in `mask`."""
    height, width = mask.shape
    return np.pad(mask, 1, mode="edge")[1 + step[0] : 1 + step[0] + height, 1 + step[1] : 1 + step[1] + width]


def _reduced(bits: int) -> int:
    """Neighbour bits with those corners dropped that touch an open side, so that 256 become 47."""
    for corner in (1, 3, 5, 7):
        if not (bits >> (corner - 1) & 1 and bits >> ((corner + 1) % 8) & 1):
            bits &= ~(1 << corner)
    return bits


BLOB: tuple[int, ...] = tuple(sorted({_reduced(bits) for bits in range(256)}))
"""The 47 neighbourhoods: bit k is set where the neighbour ``AROUND[k]`` is alike."""

_BLOB_INDEX = np.array([BLOB.index(_reduced(bits)) for bits in range(256)], dtype=np.int16)


def _bits(alike: Mask, steps: tuple[tuple[int, int], ...]) -> Frames:
    height, width = alike.shape
    padded = np.pad(alike, 1, mode="edge").astype(np.int16)
    total = np.zeros((height, width), dtype=np.int16)
    for bit, (down, right) in enumerate(steps):
        total += padded[1 + down : 1 + down + height, 1 + right : 1 + right + width] << bit
    return total


def single(alike: Mask) -> Frames:
    """One frame for every cell."""
    return np.zeros(alike.shape, dtype=np.int16)


def blob(alike: Mask) -> Frames:
    """47 frames in the order of `BLOB`; the last one is a cell with no edge."""
    return _BLOB_INDEX[_bits(alike, AROUND)]


def edge(alike: Mask) -> Frames:
    """46 frames in the order of `BLOB`, nothing in a cell with no edge."""
    frames = blob(alike)
    return np.where(frames == len(BLOB) - 1, np.int16(-1), frames)


def cross(alike: Mask) -> Frames:
    """16 frames: north 1, east 2, south 4, west 8 where that side is alike."""
    return _bits(alike, SIDES)


def row(alike: Mask) -> Frames:
    """4 frames: alone, left end, middle, right end."""
    return _run(beside(alike, WEST), beside(alike, EAST))


def column(alike: Mask) -> Frames:
    """4 frames: alone, upper end, middle, lower end."""
    return _run(beside(alike, NORTH), beside(alike, SOUTH))


def _run(before: Mask, after: Mask) -> Frames:
    return np.where(before, np.where(after, 2, 3), np.where(after, 1, 0)).astype(np.int16)


def way(alike: Mask) -> Frames:
    """3 frames for a door or a bridge: alike to west and east, to north and south, neither or both."""
    across = beside(alike, WEST) & beside(alike, EAST)
    along = beside(alike, NORTH) & beside(alike, SOUTH)
    return np.where(across & ~along, 0, np.where(along & ~across, 1, 2)).astype(np.int16)


def shadow(alike: Mask) -> Frames:
    """5 frames of the shadow that `alike` casts to south and east: N, W, N and W, NW, N but not NW."""
    north, west, corner = beside(alike, NORTH), beside(alike, WEST), beside(alike, NORTH_WEST)
    frames = np.where(north, np.where(west, 2, np.where(corner, 0, 4)), np.where(west, 1, np.where(corner, 3, -1)))
    return frames.astype(np.int16)


TOPS: tuple[tuple[bool, ...], ...] = tuple(
    (north, west, east, north_west and not (north or west), north_east and not (north or east))
    for north in (False, True)
    for west in (False, True)
    for east in (False, True)
    for north_west in (False, True)
    for north_east in (False, True)
)
"""Open north, west, east, north-west, north-east, for each of the 32 bit patterns."""

WALL_TOPS = tuple(dict.fromkeys(TOPS))
"""The 13 distinct tops of a wall seen from above and a little south."""

_TOP_INDEX = np.array([WALL_TOPS.index(top) for top in TOPS], dtype=np.int16)

FRONT_SIDES = ("on", "end", "inner")
"""What stands beside the front of a wall: more front, nothing, a wall that comes towards us."""


def front(alike: Mask) -> Frames:
    """One frame where a member shows its front, because the cell south of it is not alike."""
    return np.where(beside(alike, SOUTH), -1, 0).astype(np.int16)


def pane(alike: Mask) -> Frames:
    """3 frames for a window: in a front, in a wall that runs north, in one that runs east."""
    along = beside(alike, NORTH) & ~(beside(alike, WEST) & beside(alike, EAST))
    return np.where(front(alike) == 0, 0, np.where(along, 1, 2)).astype(np.int16)


def turf(alike: Mask) -> Frames:
    """One frame where what lies north is alike."""
    return np.where(beside(alike, NORTH), 0, -1).astype(np.int16)


def inside(alike: Mask) -> Frames:
    """One frame where all around is alike."""
    return np.where(blob(alike) == len(BLOB) - 1, 0, -1).astype(np.int16)


def wall(member: Mask, alike: Mask) -> Frames:
    """31 frames: `WALL_TOPS`, then 18 fronts: north a wall or open, times west, times east of `FRONT_SIDES`.

    Args:
        member: the cells of the wall itself.
        alike: cells, such as doors, beside which its front goes on.
    """
    faces = member & ~beside(member, SOUTH)
    fronts = len(WALL_TOPS) + 9 * ~beside(member, NORTH) + 3 * _side(member, alike, faces, WEST)
    fronts += _side(member, alike, faces, EAST)
    frames: Frames = np.where(faces, fronts, _top(member, faces)).astype(np.int16)
    return frames


def _top(member: Mask, faces: Mask) -> Frames:
    north, west, east = ~beside(member, NORTH), *(~beside(member, s) | beside(faces, s) for s in (WEST, EAST))
    corners = ~beside(member, NORTH_WEST), ~beside(member, NORTH_EAST)
    bits = 16 * north + 8 * west + 4 * east + 2 * corners[0] + corners[1]
    tops: Frames = _TOP_INDEX[bits]
    return tops


def _side(member: Mask, alike: Mask, faces: Mask, step: tuple[int, int]) -> NDArray[np.int64]:
    beyond = np.where(beside(member, step), 2, 1)
    return np.where(beside(faces, step) | beside(alike & ~member, step), 0, beyond)


def groups(member: Mask) -> NDArray[np.int64]:
    """(H, W) a number per connected group of members: the flat index of its first cell; -1 elsewhere."""
    none = member.size
    labels = np.where(member, np.arange(none).reshape(member.shape), none)
    while True:
        padded = np.pad(labels, 1, constant_values=none)
        lower = np.minimum.reduce(
            [padded[1:-1, 1:-1], padded[:-2, 1:-1], padded[2:, 1:-1], padded[1:-1, :-2], padded[1:-1, 2:]]
        )
        lower[~member] = none
        if np.array_equal(lower, labels):
            return np.where(member, labels, -1)
        labels = lower


@dataclass(frozen=True)
class Shape:
    """How many frames a set of this shape holds and how a cell chooses among them, given `member` and `alike`."""

    count: int
    choose: Callable[[Mask, Mask], Frames]


def _of(count: int, choose: Callable[[Mask], Frames]) -> Shape:
    return Shape(count, lambda _, alike: choose(alike))


SHAPES = {
    "single": _of(1, single),
    "blob": _of(len(BLOB), blob),
    "edge": _of(len(BLOB) - 1, edge),
    "cross": _of(16, cross),
    "row": _of(4, row),
    "column": _of(4, column),
    "way": _of(3, way),
    "shadow": _of(5, shadow),
    "wall": Shape(len(WALL_TOPS) + 18, wall),
    "front": _of(1, front),
    "pane": _of(3, pane),
    "inside": _of(1, inside),
    "turf": _of(1, turf),
}
"""The shapes by name; ``scene``, a backdrop over the whole level, is drawn by `genworld.render.layout`."""
