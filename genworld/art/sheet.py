"""A sheet: one picture of a person's tileset and how it is cut into tiles."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from genworld import limits
from genworld.art.wang import WangSet
from genworld.content import Picture
from genworld.errors import GenworldError

TILE_SIDE = (2, 256)
MOST_TILES = 16_384
FORMATS = ("PNG", "GIF", "WEBP", "BMP", "JPEG")
Colour = tuple[int, int, int]
"""Red, green, blue."""


@dataclass(frozen=True)
class Cut:
    """How a picture is cut into tiles, all in pixels.

    Args:
        height, width: of a tile.
        margin: around all tiles.
        spacing: between two tiles.
    """

    height: int
    width: int
    margin: int = 0
    spacing: int = 0

    def __post_init__(self) -> None:
        low, high = TILE_SIDE
        limits.whole("The height of a tile", self.height, low, high, "pixels")
        limits.whole("The width of a tile", self.width, low, high, "pixels")
        limits.whole("The margin", self.margin, 0, high, "pixels")
        limits.whole("The spacing", self.spacing, 0, high, "pixels")

    def grid(self, height: int, width: int) -> tuple[int, int]:
        """(rows, columns) of whole tiles in a picture of that size."""
        return self._along(height, self.height), self._along(width, self.width)

    def _along(self, length: int, tile: int) -> int:
        return max(0, (length - self.margin + self.spacing) // (tile + self.spacing))

    def to_dict(self) -> dict[str, int]:
        return {"height": self.height, "width": self.width, "margin": self.margin, "spacing": self.spacing}


@dataclass(frozen=True, eq=False)
class Sheet:
    """One picture cut into tiles, with what its maker says about them. Tiles are numbered row by row from 0.

    Args:
        name: what its maker calls it.
        file: plain name of the picture file.
        data: that file, as it came.
        cut: how it is cut.
        words: what is said about a tile, such as its class and its properties.
        wangs: terrain sets.
        clear: a colour that stands for nothing.
        tsx: Tiled's description of it as it came, in XML; empty where there was none.
        tsx_file: plain name of that file.
        described: whether its maker said how it is cut.
    """

    name: str
    file: str
    data: bytes
    cut: Cut
    words: Mapping[int, str] = field(default_factory=dict)
    wangs: tuple[WangSet, ...] = ()
    clear: Colour | None = None
    tsx: bytes = b""
    tsx_file: str = ""
    described: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.count <= MOST_TILES:
            height, width = self.picture.shape[:2]
            raise GenworldError(
                f"{self.name} should hold 1 to {MOST_TILES:,} tiles, but {width} x {height} pixels cut into tiles of "
                f"{self.cut.width} x {self.cut.height} give {self.count}; set the size of a tile."
            )
        for tile in [tile for each in self.wangs for tile, _ in each.tiles]:
            limits.whole(f"A tile of a terrain set of {self.name}", tile, 0, self.count - 1)

    @cached_property
    def picture(self) -> Picture:
        """(H, W, 4) RGBA of the whole picture, RGB 0 where it is clear."""
        pixels = _decoded(self.data, self.file)
        if self.clear is not None:
            pixels[(pixels[..., :3] == self.clear).all(axis=-1)] = 0
        pixels[pixels[..., 3] == 0] = 0
        return pixels

    @property
    def grid(self) -> tuple[int, int]:
        """(rows, columns) of tiles."""
        return self.cut.grid(*self.picture.shape[:2])

    @property
    def count(self) -> int:
        """How many tiles it has."""
        return self.grid[0] * self.grid[1]

    @cached_property
    def frames(self) -> NDArray[np.uint8]:
        """(tiles, height, width, 4) RGBA."""
        rows, columns = self.grid
        cut = self.cut
        tops = cut.margin + np.arange(rows) * (cut.height + cut.spacing)
        lefts = cut.margin + np.arange(columns) * (cut.width + cut.spacing)
        down = (tops[:, None] + np.arange(cut.height))[:, None, :, None]
        right = (lefts[:, None] + np.arange(cut.width))[None, :, None, :]
        cells: NDArray[np.uint8] = self.picture[down, right]
        return cells.reshape(-1, cut.height, cut.width, 4)

    def to_dict(self) -> dict[str, Any]:
        """All but its two files."""
        return {
            "name": self.name,
            "file": self.file,
            "cut": self.cut.to_dict(),
            "words": sorted(self.words.items()),
            "wangs": [each.to_dict() for each in self.wangs],
            "clear": self.clear,
            "tsx": self.tsx_file,
            "described": self.described,
        }

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any], data: bytes, tsx: bytes) -> Sheet:
        clear = None if raw["clear"] is None else (raw["clear"][0], raw["clear"][1], raw["clear"][2])
        return cls(
            name=str(raw["name"]),
            file=plain_name(raw["file"]),
            data=data,
            cut=Cut(**raw["cut"]),
            words={int(tile): str(told) for tile, told in raw["words"]},
            wangs=tuple(WangSet.from_dict(each) for each in raw["wangs"]),
            clear=clear,
            tsx=tsx,
            tsx_file=str(raw["tsx"]),
            described=bool(raw["described"]),
        )


def plain_name(file: str) -> str:
    """The last part of a path, fit to be the name of a file on every system.

    >>> plain_name("../art/My tiles (1).png")
    'My tiles (1).png'
    """
    last = re.split(r"[\\/]", str(file))[-1]
    return re.sub(r'[<>:"|?*\x00-\x1f\x7f]', "-", last).strip(". ")[-limits.NAME_LENGTH :] or "tiles.png"


def _decoded(data: bytes, name: str) -> Picture:
    """The pixels of a picture file. Its size is checked before they are decoded."""
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > limits.PICTURE_PIXELS:
                raise ValueError("too large")
            return np.array(image.convert("RGBA"))
    except Exception as error:  # Pillow's decoders raise nearly every kind for damaged files
        raise GenworldError(
            f"{name} should be a whole picture ({', '.join(FORMATS)}) of at most {limits.PICTURE_PIXELS:,} pixels, "
            "but it is not; save it again as PNG."
        ) from error
