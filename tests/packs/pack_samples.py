"""Levels and sprites to export, and a pack read back by independent readers."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytiled_parser
from PIL import Image
from pytiled_parser.tiled_map import TiledMap

from genworld.content import Example, Legend, Level, Sprite, Style, Tag, Tile
from genworld.library import Item
from genworld.provenance import DataSource, Origin, SeedOrigin
from genworld.seeding import numpy_stream

FREE = DataSource(name="caves", licence="CC0-1.0", sellable=True)

LEGEND = Legend(
    "crypt",
    Style.TOP_DOWN,
    tuple(
        Tile(char, name, frozenset(map(Tag, tags)))
        for char, name, tags in [
            ("#", "wall", ["solid"]),
            (".", "floor", ["passable"]),
            ("~", "water", ["liquid", "hazard"]),
            ("+", "door", ["door"]),
            ("k", "key", ["key", "item"]),
            ("e", "enemy", ["enemy"]),
            ("S", "start", ["start"]),
            ("X", "exit", ["goal"]),
        ]
    ),
    "dungeon",
)


def level(number: int, height: int = 16, width: int = 20, legend: Legend = LEGEND) -> Level:
    """Patches of tiles, another for each number."""
    chance = numpy_stream(number, "pack test")
    coarse = chance.integers(0, len(legend.tiles), (-(-height // 3), -(-width // 3)), dtype=np.uint8)
    return Level(np.ascontiguousarray(coarse.repeat(3, axis=0).repeat(3, axis=1)[:height, :width]), legend)


def sprite(number: int, height: int = 32, width: int = 32) -> Sprite:
    """Noise with soft and clear pixels, another for each number."""
    return Sprite(numpy_stream(number, "pack test").integers(0, 256, (height, width, 4), dtype=np.uint8))


def origin(index: int) -> SeedOrigin:
    return SeedOrigin(checkpoint="a" * 64, model="caves", seed=7, index=index, condition=("big",))


def item(number: int, example: Example, name: str = "", source: DataSource = FREE, made: Origin | None = None) -> Item:
    kind = "level" if isinstance(example, Level) else "sprite"
    when = "2026-11-20T12:00:00.000+00:00"
    shown = name or f"{kind} {number}"
    return Item(number, kind, shown, example, made or origin(number), "Caves", source, example.digest, when)


def some_items(levels: int, sprites: int) -> list[Item]:
    """Levels and sprites in turn, of several sizes."""
    first = [item(n, level(n, 9 + n, 30 - n)) for n in range(levels)]
    return first + [item(1000 + n, sprite(n, 24 + n % 9, 32)) for n in range(sprites)]


@dataclass(frozen=True)
class Unpacked:
    """A pack on disk."""

    root: Path

    @classmethod
    def of(cls, path: Path, folder: Path) -> Unpacked:
        with zipfile.ZipFile(path) as archive:
            assert archive.testzip() is None
            tops = {name.split("/")[0] for name in archive.namelist()}
            archive.extractall(folder)
        assert tops == {path.stem}
        return cls(folder / path.stem)

    def maps(self) -> list[TiledMap]:
        """Every level in order, as pytiled-parser reads it."""
        return [pytiled_parser.parse_map(path) for path in sorted((self.root / "levels").glob("*.tmx"))]

    def pixels(self, path: str) -> np.ndarray[Any, np.dtype[np.uint8]]:
        """(H, W, 4) of a picture in the pack."""
        with Image.open(io.BytesIO((self.root / path).read_bytes())) as image:
            assert image.mode == "RGBA"
            return np.asarray(image)


def tile_layers(read: TiledMap, visible: bool) -> dict[str, np.ndarray[Any, Any]]:
    """(H, W) global ids of the tile layers, by name."""
    layers = [each for each in read.layers if isinstance(each, pytiled_parser.TileLayer) and each.visible == visible]
    return {each.name: np.array(each.data) for each in layers}


def meaning(read: TiledMap) -> np.ndarray[Any, Any]:
    """(H, W) legend ids from the hidden layer."""
    first = max(read.tilesets)
    return tile_layers(read, False)["tiles"].astype(int) - first


def drawn(read: TiledMap) -> np.ndarray[Any, Any]:
    """The visible layers over each other, by the plain formula in floating point."""
    art = read.tilesets[1]
    assert art.image is not None
    with Image.open(art.image) as image:
        atlas = np.asarray(image.convert("RGBA"))
    side, height, width = art.tile_width, read.map_size.height, read.map_size.width
    canvas = np.zeros((height * side, width * side, 3))
    for gids in tile_layers(read, True).values():
        for row, column in np.argwhere(gids > 0):
            frame = int(gids[row, column]) - 1
            top, left = frame // art.columns * side, frame % art.columns * side
            over = atlas[top : top + side, left : left + side].astype(float)
            alpha = over[..., 3:] / 255
            cell = canvas[row * side : (row + 1) * side, column * side : (column + 1) * side]
            cell[:] = np.floor(over[..., :3] * alpha + cell * (1 - alpha) + 0.5)
    return canvas.astype(np.uint8)
