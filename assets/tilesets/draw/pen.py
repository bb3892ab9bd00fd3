"""Drawing by hand: pictures typed as text, outlines, light, shadows. Integers only."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from genworld.seeding import entropy

from .palette import CHAR_OF, COLOUR, DARKER, INK, LIGHTER, RGBA

SIZE = 16


def blank() -> RGBA:
    """An empty frame."""
    return np.zeros((SIZE, SIZE, 4), dtype=np.uint8)


def plain(char: str) -> RGBA:
    """A frame of one colour."""
    frame = blank()
    frame[:] = (*COLOUR[char], 255)
    return frame


def art(text: str, top: int = 0, left: int = 0, height: int = SIZE, width: int = SIZE) -> RGBA:
    """A picture from lines of palette characters; ``.`` is empty. Placed `top` rows down and `left` columns right."""
    frame = np.zeros((height, width, 4), dtype=np.uint8)
    for y, line in enumerate(text.strip("\n").split("\n")):
        for x, char in enumerate(line.strip()):
            if char != "." and 0 <= y + top < height and 0 <= x + left < width:
                frame[y + top, x + left] = (*COLOUR[char], 255)
    return frame


def mirrored(text: str) -> str:
    """Lines with their own mirror image appended."""
    return "\n".join(line.strip() + line.strip()[::-1] for line in text.strip("\n").split("\n"))


def recoloured(frame: RGBA, change: dict[str, str]) -> RGBA:
    """The frame with palette characters exchanged."""
    result = frame.copy()
    for old, new in change.items():
        hit = (frame[..., :3] == COLOUR[old]).all(axis=-1) & (frame[..., 3] == 255)
        result[hit, :3] = COLOUR[new]
    return result


def _shift(mask: NDArray[np.bool_], down: int, right: int) -> NDArray[np.bool_]:
    padded = np.pad(mask, 1)
    return padded[1 + down : 1 + down + mask.shape[0], 1 + right : 1 + right + mask.shape[1]]


def lit(frame: RGBA) -> RGBA:
    """The frame with its upper left rim a step lighter and its lower right rim a step darker."""
    solid = frame[..., 3] == 255
    light = solid & ~(_shift(solid, -1, 0) & _shift(solid, 0, -1))
    dark = solid & ~(_shift(solid, 1, 0) & _shift(solid, 0, 1)) & ~light
    result = frame.copy()
    for mask, step in ((light, LIGHTER), (dark, DARKER)):
        for y, x in np.argwhere(mask):
            char = CHAR_OF[tuple(int(v) for v in frame[y, x, :3])]
            result[y, x, :3] = COLOUR[step.get(char, char)]
    return result


def outlined(frame: RGBA, char: str = INK) -> RGBA:
    """The frame with a line of one pixel around what is drawn on it."""
    solid = frame[..., 3] == 255
    around = _shift(solid, 1, 0) | _shift(solid, -1, 0) | _shift(solid, 0, 1) | _shift(solid, 0, -1)
    result = frame.copy()
    result[around & ~solid] = (*COLOUR[char], 255)
    return result


def grounded(frame: RGBA, row: int = 14, alpha: int = 80) -> RGBA:
    """The frame over a soft flat shadow whose middle is at `row`, as wide as the drawing's foot."""
    foot = np.flatnonzero((frame[row - 2 :, :, 3] == 255).any(axis=0))
    if foot.size == 0:
        return frame
    low, high = int(foot[0]), int(foot[-1]) + 1
    shade = np.zeros_like(frame)
    for y, inset in ((row - 1, 0), (row, -1), (row + 1, 1)):
        if 0 <= y < len(frame):
            shade[y, max(0, low + inset) : min(SIZE, high - inset + 1)] = (*COLOUR["1"], alpha)
    return over(frame, shade)


def over(top: RGBA, bottom: RGBA) -> RGBA:
    """`top` where it is opaque, else `bottom`."""
    return np.where(top[..., 3:] > 0, top, bottom)


def thing(text: str, top: int = 1, left: int = 1, light: bool = True, floor: int = 14) -> RGBA:
    """A typed picture with light, outline and a shadow on the ground."""
    frame = art(text, top, left)
    frame = lit(frame) if light else frame
    return grounded(outlined(frame), floor)


def noise(name: str, height: int = SIZE, width: int = SIZE) -> NDArray[np.int64]:
    """(height, width) whole numbers 0..255 that depend on `name` alone."""
    places = np.arange(height * width, dtype=np.uint64) + np.uint64(entropy(0, f"tileset {name}") & 0xFFFFFFFF)
    mixed = places * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(31)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(27)
    mixed *= np.uint64(0x94D049BB133111EB)
    return (mixed >> np.uint64(56)).astype(np.int64).reshape(height, width)


def smooth_noise(name: str, cell: int = 4) -> NDArray[np.int64]:
    """(16, 16) noise 0..255 in soft spots of `cell` pixels that goes on across the frame's border."""
    coarse = noise(name, SIZE // cell, SIZE // cell)
    total = np.zeros((SIZE, SIZE), dtype=np.int64)
    y, x = np.arange(SIZE)[:, None], np.arange(SIZE)[None]
    n = SIZE // cell
    fy, fx = y % cell, x % cell
    for dy, wy in ((0, cell - fy), (1, fy)):
        for dx, wx in ((0, cell - fx), (1, fx)):
            total += coarse[(y // cell + dy) % n, (x // cell + dx) % n] * wy * wx
    return total // (cell * cell)


def speckled(base: str, marks: Sequence[tuple[str, int]], name: str) -> RGBA:
    """A frame of `base` with single pixels of other colours, each with its number of pixels."""
    frame = plain(base)
    order = np.argsort(noise(name).ravel(), kind="stable")
    start = 0
    for char, count in marks:
        for place in order[start : start + count]:
            frame[place // SIZE, place % SIZE, :3] = COLOUR[char]
        start += count
    return frame


def put(frame: RGBA, text: str, top: int, left: int) -> RGBA:
    """The frame with a small typed picture on it, wrapping around at the borders."""
    result = frame.copy()
    for y, line in enumerate(text.strip("\n").split("\n")):
        for x, char in enumerate(line.strip()):
            if char != ".":
                result[(y + top) % SIZE, (x + left) % SIZE] = (*COLOUR[char], 255)
    return result


def scattered(frame: RGBA, marks: Sequence[tuple[str, int, int]]) -> RGBA:
    """The frame with several typed pictures: (text, top, left)."""
    for text, top, left in marks:
        frame = put(frame, text, top, left)
    return frame


def shade(char: str, alpha: int) -> tuple[int, int, int, int]:
    """A translucent colour."""
    return (*COLOUR[char], alpha)


def tall() -> RGBA:
    """An empty picture of two frames above each other: the lower one is the cell of the thing."""
    return np.zeros((2 * SIZE, SIZE, 4), dtype=np.uint8)


def ball(frame: RGBA, y: int, x: int, radius: int, ramp: str, name: str = "", squash: int = 0) -> None:
    """Draws a lit ball around the corner of pixels (y, x); `ramp` goes from dark to light."""
    down, right = np.mgrid[0 : frame.shape[0], 0 : frame.shape[1]]
    dy, dx = 2 * (down - y) + 1, 2 * (right - x) + 1
    inside = dy * dy * (4 + squash) // 4 + dx * dx <= 4 * radius * radius
    rough = noise(name, *frame.shape[:2]) % 5 - 2 if name else 0
    slope = (2 * dx + 3 * dy) // 2 + rough * radius // 6
    level = np.clip((3 * radius - slope) * len(ramp) // (6 * radius), 0, len(ramp) - 1)
    for k, char in enumerate(ramp):
        frame[inside & (level == k)] = (*COLOUR[char], 255)


def halves(frame: RGBA) -> tuple[RGBA, RGBA]:
    """The lower and the upper frame of a tall picture."""
    return frame[SIZE:], frame[:SIZE]
