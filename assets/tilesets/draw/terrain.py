"""Edges between terrains, shadows and walls: the frames of each autotile shape."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genworld.render.shapes import BLOB, FRONT_SIDES, WALL_TOPS

from .palette import COLOUR, RGBA
from .pen import SIZE, blank, noise, shade

Mask = NDArray[np.bool_]

SIDE_NAMES = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")
Y, X = np.mgrid[0:SIZE, 0:SIZE]


def open_names(bits: int) -> str:
    """The open sides and lone open corners of a neighbourhood, such as ``"N SE"``."""
    shown = []
    for k, name in enumerate(SIDE_NAMES):
        lone = k % 2 == 0 or (bits >> (k - 1) & 1 and bits >> ((k + 1) % 8) & 1)
        if not bits >> k & 1 and lone:
            shown.append(name)
    return " ".join(shown) or "inside"


def spill(bits: int, depth: int, name: str, rough: int = 1) -> Mask:
    """(16, 16) what a neighbouring terrain covers of a cell: a border of about `depth` pixels on every open side."""
    is_open = [not bits >> k & 1 for k in range(8)]
    wave = [depth + _wave(f"{name} {side}", rough) for side in range(4)]
    mask = np.zeros((SIZE, SIZE), dtype=np.bool_)
    mask |= is_open[0] & (wave[0][X] > Y)
    mask |= is_open[2] & (wave[1][Y] > SIZE - 1 - X)
    mask |= is_open[4] & (wave[2][X] > SIZE - 1 - Y)
    mask |= is_open[6] & (wave[3][Y] > X)
    for corner, dy, dx in ((1, Y, SIZE - 1 - X), (3, SIZE - 1 - Y, SIZE - 1 - X), (5, SIZE - 1 - Y, X), (7, Y, X)):
        one, two = is_open[corner - 1], is_open[(corner + 1) % 8]
        if one and two:
            reach = 2 * (8 - depth) + 1
            away = (2 * (8 - dy) - 1) ** 2 + (2 * (8 - dx) - 1) ** 2
            mask |= (dy < 8) & (dx < 8) & (away > reach * reach)
        elif is_open[corner] and not one and not two:
            mask |= (2 * dy + 1) ** 2 + (2 * dx + 1) ** 2 < (2 * depth + 1) ** 2
    return mask


def _wave(name: str, rough: int) -> NDArray[np.int64]:
    """(16,) small steps in and out, none at the ends so that frames join."""
    if rough == 0:
        return np.zeros(SIZE, dtype=np.int64)
    steps = noise(f"wave {name}", 1, 8)[0] % (rough + 2)
    wave = np.repeat(np.clip(steps - 1, -rough, rough), 2)
    wave[[0, 1, 14, 15]] = 0
    return wave


def border_of(mask: Mask, down: int, right: int) -> Mask:
    """Pixels of a mask whose neighbour at that step lies outside it, the frame's border not counting."""
    padded = np.pad(mask, 1, mode="edge")
    return mask & ~padded[1 + down : 1 + down + SIZE, 1 + right : 1 + right + SIZE]


@dataclass(frozen=True)
class Fringe:
    """How one terrain ends upon another.

    Args:
        texture: (16, 16) picture of the terrain that lies above.
        rim: colour of its outermost pixels.
        fall: colour of the pixels on its southern end; that of `rim` when empty.
        depth: pixels that it reaches into the cell.
        rough: how far the line sways.
        drop: translucent shadow (colour, alpha, rows) below the southern end.
    """

    texture: RGBA
    rim: str
    fall: str = ""
    depth: int = 3
    rough: int = 1
    drop: tuple[str, int, int] = ("1", 90, 1)


def fringe_frames(name: str, look: Fringe) -> list[tuple[str, RGBA]]:
    """46 named frames of a terrain's end."""
    return [(f"{name} {open_names(bits)}", _fringe(bits, name, look)) for bits in BLOB[:-1]]


def _fringe(bits: int, name: str, look: Fringe) -> RGBA:
    mask = spill(bits, look.depth, name, look.rough)
    frame = np.where(mask[..., None], look.texture, blank())
    rim = border_of(mask, 0, 1) | border_of(mask, 0, -1) | border_of(mask, -1, 0) | border_of(mask, 1, 0)
    frame[rim] = (*COLOUR[look.rim], 255)
    frame[border_of(mask, 1, 0)] = (*COLOUR[look.fall or look.rim], 255)
    for row in range(1, look.drop[2] + 1):
        below = np.zeros_like(mask)
        below[row:] = mask[:-row]
        hit = below & ~mask & (frame[..., 3] == 0)
        frame[hit] = shade(look.drop[0], look.drop[1])
    return frame


def foam_frames(name: str, depth: int, line: str, wash: str, gaps: int = 60) -> list[tuple[str, RGBA]]:
    """46 named frames of the foam on water: a broken light line beyond a shore of `depth` pixels, a paler wash before it."""
    return [(f"{name} {open_names(bits)}", _foam(bits, depth, line, wash, gaps)) for bits in BLOB[:-1]]


def _foam(bits: int, depth: int, line: str, wash: str, gaps: int) -> RGBA:
    frame = blank()
    frame[spill(bits, depth + 2, "foam", 1)] = (*COLOUR[wash], 255)
    near = spill(bits, depth + 1, "foam", 1)
    broken = np.kron(noise("foam gaps", 8, 8), np.ones((2, 2), dtype=np.int64)) > gaps
    frame[near & broken] = (*COLOUR[line], 255)
    return frame


def shadow_frames(name: str, reach: int = 4, alpha: int = 110) -> list[tuple[str, RGBA]]:
    """The 5 frames of the shadow beneath and beside a wall."""
    north = np.clip((reach - Y) * alpha // reach, 0, alpha)
    west = np.clip((3 - X) * alpha // 4, 0, alpha)
    corner = np.clip(np.minimum((reach - Y) * alpha // reach, (3 - X) * alpha // 4), 0, alpha)
    short = np.where(X >= 16 - 1, north // 1, north)
    levels = (("N", north), ("W", west), ("N W", np.maximum(north, west)), ("NW", corner), ("N end", short))
    return [(f"{name} {label}", _darkness(level)) for label, level in levels]


def _darkness(level: NDArray[np.int64]) -> RGBA:
    frame = blank()
    frame[level > 0] = (*COLOUR["1"], 255)
    frame[..., 3] = level
    return frame


CAP = 5
"""Rows of the front of a wall that show its top."""


@dataclass(frozen=True)
class WallLook:
    """What a wall is made of.

    Args:
        top: (16, 16) picture of the inside, seen from above.
        face: (16, 16) picture of the front; rows 5 to 15 show.
        rim: colours of the rim around the top: dark line, body, light line.
        width: of the rim, in pixels.
        joint: pixels between the joints of the rim's stones; 0 for none.
        outline: colour of the line around everything.
        cap: rows of a front that show the top.
        depth: colour of the band inside the rim, as if it went down there; none when empty.
        rough: how far the inner line of the rim sways.
    """

    top: RGBA
    face: RGBA
    rim: tuple[str, str, str]
    width: int = 4
    joint: int = 8
    outline: str = "1"
    cap: int = CAP
    depth: str = ""
    rough: int = 0


def wall_frames(name: str, look: WallLook) -> list[tuple[str, RGBA]]:
    """The 31 frames of a wall: 13 tops and 18 fronts."""
    tops = [(f"{name} top {_top_name(top)}", _wall_top(top, look)) for top in WALL_TOPS]
    fronts = [
        (_front_name(name, thin, west, east), _wall_front(thin, west, east, look))
        for thin in (False, True)
        for west in FRONT_SIDES
        for east in FRONT_SIDES
    ]
    return tops + fronts


def _front_name(name: str, thin: bool, west: str, east: str) -> str:
    """Such as ``"wall front, open N, W end, E corner"``."""
    words = {"on": "", "end": "end", "inner": "corner"}
    sides = [f"{side} {words[what]}" for side, what in (("W", west), ("E", east)) if words[what]]
    return ", ".join([f"{name} front", *(["open N"] if thin else []), *sides])


def _top_name(top: tuple[bool, ...]) -> str:
    return (
        " ".join(label for label, is_open in zip(("N", "W", "E", "NW", "NE"), top, strict=True) if is_open) or "inside"
    )


def _paint(frame: RGBA, mask: Mask, char: str) -> None:
    frame[mask] = (*COLOUR[char], 255)


def _within(top: tuple[bool, ...], width: int, rough: int) -> Mask:
    """(16, 16) pixels nearer than `width` to an open side or corner of a wall's top."""
    north, west, east, north_west, north_east = top
    down, left, right = (width + np.abs(_wave(f"rim {side}", rough)) for side in ("N", "W", "E"))
    mask = (north & (down[X] > Y)) | (west & (left[Y] > X)) | (east & (right[Y] > SIZE - 1 - X))
    near = (width > Y) & ((north_west & (width > X)) | (north_east & (width > SIZE - 1 - X)))
    return mask | near


def _wall_top(top: tuple[bool, ...], look: WallLook) -> RGBA:
    north, west, east, north_west, north_east = top
    w, last = look.width, SIZE - 1
    dark, body, light = look.rim
    frame = look.top.copy()
    rim = _within(top, w, look.rough)
    if look.depth:
        _paint(frame, _within(top, w + 4, look.rough + 1), look.depth)
        _paint(frame, _within(top, w + 2, look.rough), look.outline)
    _paint(frame, _within(top, w + 1, look.rough) & ~rim, look.outline)
    _paint(frame, rim, body)
    _paint(frame, rim & _joints(look.joint, north, west | east), dark)
    _paint(frame, rim & (north & (Y == 1)), light)
    _paint(frame, rim & (west & (X == 1)), light)
    _paint(frame, rim & (east & (last - w + 1 == X)) & ~(north & (Y < 2)), light)
    _paint(frame, rim & (east & (last - 1 == X)), dark)
    _paint(frame, (north & (Y == 0)) | (west & (X == 0)) | (east & (last == X)), look.outline)
    _paint(frame, (north_west & (Y == 0) & (X == 0)) | (north_east & (Y == 0) & (last == X)), look.outline)
    return frame


def _joints(step: int, level: bool, upright: bool) -> Mask:
    if step == 0:
        return np.zeros((SIZE, SIZE), dtype=np.bool_)
    across, along = X % step == step - 1, Y % step == step - 1
    return (level & across & (Y < 4)) | (upright & along & ((X < 4) | (X > 11)))


def _wall_front(thin: bool, west: str, east: str, look: WallLook) -> RGBA:
    dark, body, light = look.rim
    frame = look.face.copy()
    lip = look.cap - 1 + np.abs(_wave("lip", look.rough))[X]
    cap = lip >= Y
    if look.cap > CAP:
        frame[cap] = look.top[cap]
    else:
        _paint(frame, cap, body)
    if look.joint:
        _paint(frame, cap & (X % look.joint == look.joint - 1), dark)
    if thin or look.cap == CAP:
        _paint(frame, (1 if thin else 0) == Y, light)
    _paint(frame, lip == Y, dark)
    if thin:
        _paint(frame, Y == 0, look.outline)
    _front_side(frame, west, X, light, look)
    _front_side(frame, east, SIZE - 1 - X, dark, look)
    return frame


def _front_side(frame: RGBA, side: str, away: NDArray[np.int64], edge: str, look: WallLook) -> None:
    if side == "end":
        _paint(frame, (away == 1) & (look.cap > Y) & (Y > 0), edge)
        _paint(frame, away == 0, look.outline)
    if side == "inner":
        _darken(frame, (away < 2) & (look.cap <= Y))


def _darken(frame: RGBA, mask: Mask) -> None:
    ink = np.array(COLOUR["1"], dtype=np.int64)
    frame[mask, :3] = (frame[mask, :3].astype(np.int64) + ink) // 2


def framed(make: Callable[[int], RGBA], names: list[str]) -> list[tuple[str, RGBA]]:
    """Named frames from a function of their number."""
    return [(name, make(index)) for index, name in enumerate(names)]
