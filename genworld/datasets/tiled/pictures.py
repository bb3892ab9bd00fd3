"""The pictures of a map's tiles; a coloured square with its number where the picture did not come."""

from __future__ import annotations

import colorsys
from collections.abc import Iterable

import numpy as np
from PIL import Image as PillowImage

from genworld import limits
from genworld.art.tiled import Frame
from genworld.content import Picture
from genworld.datasets.tiled.attributes import colour
from genworld.datasets.tiled.files import Files
from genworld.datasets.tiled.project import Project
from genworld.datasets.tiled.tilesets import Image, Tileset
from genworld.errors import GenworldError

LARGEST_CELL = 48
"""Pixels of a cell as it is drawn; larger ones are drawn smaller, for the page."""

FRAME_PIXELS = 1_000_000
"""A single tile of more is drawn as a square."""

_FONT = (
    "111101101101111",
    "010110010010111",
    "111001111100111",
    "111001111001111",
    "101101111001001",
    "111100111001111",
    "111100111101111",
    "111001001001001",
    "111101111101111",
    "111101111001111",
)
"""The digits, 3 x 5 pixels each."""


def shrunk(cell: tuple[int, int]) -> int:
    """How many pixels of a map become one when it is drawn; a whole part of the cell where there is one near.

    >>> shrunk((16, 16)), shrunk((128, 128)), shrunk((64, 32)), shrunk((97, 97))
    (1, 4, 2, 3)
    """
    least = -(-max(cell) // LARGEST_CELL)
    return next((each for each in range(least, 2 * least + 1) if cell[0] % each == cell[1] % each == 0), least)


def shown(cell: tuple[int, int]) -> tuple[int, int]:
    """(height, width) of a cell of (width, height) pixels as it is drawn."""
    factor = shrunk(cell)
    return max(1, round(cell[1] / factor)), max(1, round(cell[0] / factor))


def frames_of(gids: Iterable[int], project: Project, files: Files) -> dict[int, Frame]:
    """What draws each of these ids (without flips), made smaller by `shrunk`.

    Raises:
        GenworldError: they are more pixels than an art holds.
    """
    cell = project.maps[0].cell
    factor, pixels = shrunk(cell), 0
    frames: dict[int, Frame] = {}
    for gid in sorted(gids):
        found, number = project.tileset_of(gid)
        picture = _picture(found.tileset, number, cell, files)
        drawn = _square(gid, number, shown(cell)) if picture is None else _smaller(picture, factor)
        pixels += drawn.shape[0] * drawn.shape[1]
        if pixels > limits.PICTURE_PIXELS:
            raise GenworldError(
                f"The tiles that {project.maps[0].path} uses have more than {limits.PICTURE_PIXELS:,} pixels; "
                "bring a map of fewer or smaller ones."
            )
        x, y = found.tileset.offset
        frames[gid] = Frame(drawn, (round(x / factor), round(y / factor)))
    return frames


def _picture(tileset: Tileset, number: int, cell: tuple[int, int], files: Files) -> Picture | None:
    """(h, w, 4) RGBA of one tile, or None where it has no picture."""
    facts = tileset.facts(number)
    image = facts.image or tileset.image
    if image is None:
        return None
    sheet = _sheet(image, files)
    if sheet is None:
        return None
    left, top, width, height = facts.area or (0, 0, sheet.shape[1], sheet.shape[0])
    if facts.image is None:
        left, top, width, height = _place(tileset, number)
    part = sheet[top : top + height, left : left + width]
    if part.shape[:2] != (height, width) or not 0 < height * width <= FRAME_PIXELS:
        return None
    whole = _without(part, image.trans)
    return _resized(whole, cell) if tileset.fills and (width, height) != cell else whole


def _sheet(image: Image, files: Files) -> Picture | None:
    """The picture, or None where it did not come or is none."""
    if image.path is None:
        files.miss(image.source, "its tiles are drawn as coloured squares")
        return None
    try:
        return files.picture(image.path)
    except GenworldError:
        files.note(image.path, f"{image.path} is no picture that can be read: its tiles are drawn as coloured squares.")
        return None


def _place(tileset: Tileset, number: int) -> tuple[int, int, int, int]:
    """Left, top, width, height of a tile in the picture of its tileset."""
    width, height = tileset.tile
    row, column = divmod(number, max(1, tileset.columns))
    left = tileset.margin + column * (width + tileset.spacing)
    return left, tileset.margin + row * (height + tileset.spacing), width, height


def _without(part: Picture, trans: str) -> Picture:
    """A copy in which the colour `trans` is clear, and nothing clear has a colour."""
    clear = part[..., 3] == 0
    rgba = colour(trans)
    if rgba is not None:
        clear = clear | (part[..., :3] == rgba[:3]).all(axis=-1)
    return np.where(clear[..., None], np.uint8(0), part)


def _resized(picture: Picture, size: tuple[int, int]) -> Picture:
    return np.array(PillowImage.fromarray(picture).resize(size, PillowImage.Resampling.NEAREST), dtype=np.uint8)


def _smaller(picture: Picture, factor: int) -> Picture:
    """`picture` with `factor` pixels as one, weighted by how much they cover."""
    if factor == 1:
        return picture
    height, width = (max(1, round(side / factor)) for side in picture.shape[:2])
    premultiplied = PillowImage.fromarray(np.ascontiguousarray(picture)).convert("RGBa")
    small = np.array(premultiplied.resize((width, height), PillowImage.Resampling.BOX).convert("RGBA"), dtype=np.uint8)
    small[small[..., 3] == 0] = 0
    return small


def _square(gid: int, number: int, cell: tuple[int, int]) -> Picture:
    """A square of (height, width) pixels in a colour of its own with the number of its tile."""
    height, width = cell
    red, green, blue = colorsys.hsv_to_rgb(gid * 0.618034 % 1, 0.5, 0.55 + 0.35 * (gid * 0.37 % 1))
    square = np.empty((height, width, 4), dtype=np.uint8)
    square[:] = (int(255 * red), int(255 * green), int(255 * blue), 255)
    square[-1:], square[:, -1:] = square[-1:] // 2 | _OPAQUE, square[:, -1:] // 2 | _OPAQUE
    written = _number(number)
    scale = min((width - 2) // max(1, written.shape[1]), (height - 2) // max(1, written.shape[0]))
    if scale >= 1:
        large = written.repeat(scale, axis=0).repeat(scale, axis=1)
        square[1 : 1 + large.shape[0], 1 : 1 + large.shape[1]][large] = (255, 255, 255, 255)
    return square


_OPAQUE = np.array([0, 0, 0, 255], dtype=np.uint8)


def _number(number: int) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """(5, 4 * digits) where the ink of a number is."""
    digits = [np.array(list(_FONT[int(digit)])).reshape(5, 3) == "1" for digit in str(number)]
    return np.concatenate([np.pad(digit, ((0, 0), (0, 1))) for digit in digits], axis=1)
