"""Tiles drawn onto a canvas, many at once."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from genworld.art.ldtk.definitions import Tileset
from genworld.art.ldtk.record import Colour
from genworld.content import Picture
from genworld.errors import GenworldError
from genworld.limits import PICTURE_PIXELS

Ints = NDArray[np.int64]

FORMATS = ("PNG", "GIF", "WEBP", "BMP", "JPEG")
CHUNK = 2**21
"""Pixels that are drawn at once, so that memory stays small."""


def decoded(raw: bytes, name: str) -> Picture:
    """The picture of a tileset. Raises GenworldError where it is none of `FORMATS` or too large."""
    try:
        with Image.open(io.BytesIO(raw), formats=FORMATS) as image:
            if image.width * image.height > PICTURE_PIXELS:
                raise ValueError("too large")
            return np.asarray(image.convert("RGBA"), dtype=np.uint8)
    except Exception as error:  # Pillow's decoders raise nearly every kind for damaged files
        raise GenworldError(f"The picture of tileset {name!r} is damaged; bring the project again.") from error


class Canvas:
    """A picture that is drawn on, with a margin that takes what reaches beyond it.

    Args:
        height, width: pixels.
        margin: pixels on each side.
        ground: colour of what nothing is drawn on.
    """

    def __init__(self, height: int, width: int, margin: int, ground: Colour) -> None:
        self._size, self._margin = (height, width), margin
        self._stride = width + 2 * margin
        self._pixels = np.empty(((height + 2 * margin) * self._stride, 4), np.uint8)
        self._pixels[:] = (*ground, 255)

    def picture(self) -> Picture:
        """(height, width, 4) what was drawn."""
        height, width = self._size
        whole = self._pixels.reshape(-1, self._stride, 4)
        return whole[self._margin : self._margin + height, self._margin : self._margin + width].copy()

    def draw(self, patches: Picture, which: Ints, x: Ints, y: Ints, alpha: float = 1.0) -> None:
        """Draws patches, none over another of the same call.

        Args:
            patches: (m, h, w, 4) pictures of one size.
            which: (n,) patch of each.
            x, y: (n,) pixels of their upper left corners.
            alpha: 0 to 1, of all of them.
        """
        height, width = patches.shape[1:3]
        inside = self._inside(x, y, height, width)
        which, x, y = which[inside], x[inside], y[inside]
        pixels = patches.reshape(len(patches), height * width, 4)
        if alpha < 1:
            pixels = pixels.copy()
            pixels[..., 3] = np.rint(pixels[..., 3] * alpha)
        offsets = (np.arange(height)[:, None] * self._stride + np.arange(width)).ravel()
        corners = (y + self._margin) * self._stride + x + self._margin
        for start in range(0, len(which), max(1, CHUNK // (height * width))):
            some = slice(start, start + max(1, CHUNK // (height * width)))
            self._blend(corners[some, None] + offsets, pixels, which[some])

    def _inside(self, x: Ints, y: Ints, height: int, width: int) -> NDArray[np.bool_]:
        low, most = -self._margin, self._margin
        fits: NDArray[np.bool_] = (x >= low) & (y >= low)
        fits &= (x + width <= self._size[1] + most) & (y + height <= self._size[0] + most)
        return fits

    def _blend(self, places: Ints, pixels: Picture, which: Ints) -> None:
        alpha = pixels[..., 3]
        words, canvas = pixels.view(np.uint32)[..., 0], self._pixels.view(np.uint32)[..., 0]
        if (alpha[np.unique(which)] == 255).all():
            canvas[places] = words[which]
            return
        whole = (alpha == 255)[which]
        canvas[places[whole]] = words[which][whole]
        soft = ((alpha > 0) & (alpha < 255))[which]
        if soft.any():
            at = places[soft]
            self._pixels[at, :3] = _over(pixels[which][soft], self._pixels[at, :3])


def _over(above: Picture, below: Picture) -> Picture:
    """(n, 3) straight-alpha RGBA over opaque RGB, rounded to nearest."""
    alpha = above[:, 3:].astype(np.uint32)
    total = above[:, :3] * alpha + below * (255 - alpha) + 128
    mixed: Picture = ((total + (total >> 8)) >> 8).astype(np.uint8)
    return mixed


def patches_of(tileset: Tileset, picture: Picture | None, tiles: Ints, flips: Ints) -> Picture:
    """(n, grid, grid, 4) tiles, mirrored; clear where the picture ends, of one colour each where there is none."""
    found = [_cut(tileset, picture, int(tile)) for tile in tiles]
    turned = [_turned(tile, int(flip)) for tile, flip in zip(found, flips, strict=True)]
    return np.ascontiguousarray(np.stack(turned))


def _cut(tileset: Tileset, picture: Picture | None, tile: int) -> Picture:
    if picture is None:
        return flat(hue(tile), tileset.grid)
    return part(picture, *tileset.source(tile), tileset.grid, tileset.grid)


def part(picture: Picture, x: int, y: int, width: int, height: int) -> Picture:
    """(height, width, 4) of a picture; clear beyond its edges."""
    result = np.zeros((height, width, 4), np.uint8)
    if x < 0 or y < 0:
        return result
    found = picture[y : y + height, x : x + width]
    result[: found.shape[0], : found.shape[1]] = found
    return result


def _turned(tile: Picture, flips: int) -> Picture:
    if flips & 1:
        tile = tile[:, ::-1]
    return tile[::-1] if flips & 2 else tile


def flat(colour: Colour, side: int) -> Picture:
    """(side, side, 4) of one colour."""
    return np.broadcast_to(np.array([*colour, 255], np.uint8), (side, side, 4)).copy()


def mark(colour: Colour, side: int) -> Picture:
    """(side, side, 4) a rhombus with a dark edge, for an entity without a picture."""
    distance = np.abs(np.arange(side) - (side - 1) / 2)
    far = (distance[:, None] + distance) / max(side, 1)
    result = np.zeros((side, side, 4), np.uint8)
    result[far <= 0.5] = (24, 20, 28, 255)
    result[far <= 0.38] = (*colour, 255)
    return result


def hue(number: int) -> Colour:
    """A colour for a number; numbers next to each other differ clearly."""
    turn = number * 0.618033988749895 % 1 * 6
    ramps = [abs(turn - 3) - 1, 2 - abs(turn - 2), 2 - abs(turn - 4)]
    red, green, blue = (round(70 + 150 * min(max(each, 0.0), 1.0)) for each in ramps)
    return red, green, blue
