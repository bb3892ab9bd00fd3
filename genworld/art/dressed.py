"""Levels of any legend in a person's own tileset: what of it each tile of the legend wears."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import PurePosixPath
from typing import Any, ClassVar

import numpy as np
from PIL import Image

from genworld import limits
from genworld.art.art import Art
from genworld.art.sheet import Sheet, plain_name
from genworld.art.wang import STEPS, Frames, WangSet
from genworld.content import MAX_TILES, Picture, TileGrid
from genworld.errors import GenworldError

NOTHING = -1
AROUND = -2
"""As a ground: whatever lends its ground nearby."""

MOST_SHEETS = 16
DRESS = "dress.json"
LAYERS = ("ground", "things")


@dataclass(frozen=True)
class Worn:
    """What draws one tile of a legend.

    Args:
        ground: frame below, `NOTHING` or `AROUND`.
        thing: frame that stands on it, or `NOTHING`.
        terrain: number of a terrain set and its colour, where the ground is part of one.
        yields: of two terrains that meet, the one with the greater number shows the transition.
        lends: whether things nearby may stand on this ground.
    """

    ground: int = NOTHING
    thing: int = NOTHING
    terrain: tuple[int, int] | None = None
    yields: int = 0
    lends: bool = False

    def to_dict(self) -> dict[str, Any]:
        return {
            "ground": self.ground,
            "thing": self.thing,
            "terrain": self.terrain,
            "yields": self.yields,
            "lends": self.lends,
        }

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Worn:
        terrain = None if raw["terrain"] is None else (int(raw["terrain"][0]), int(raw["terrain"][1]))
        return cls(int(raw["ground"]), int(raw["thing"]), terrain, int(raw["yields"]), bool(raw["lends"]))


class DressedArt(Art):
    """A person's tileset, and what of it draws each tile of one legend.

    Frames are numbered over all sheets: those of the first, then those of the second, and so on.

    Args:
        name: what the person calls it.
        sheets: 1 to `MOST_SHEETS` with tiles of one size.
        names: of the legend's tiles.
        worn: what each of them wears.
        meaning: digest of the legend apart from its tileset.

    Raises:
        GenworldError: sheets of several sizes, or a frame or terrain that they do not have.
    """

    kind: ClassVar[str] = "dressed"

    def __init__(
        self, name: str, sheets: Sequence[Sheet], names: Sequence[str], worn: Sequence[Worn], meaning: str
    ) -> None:
        self._name = name
        self.sheets = tuple(sheets)
        self.names = tuple(names)
        self.worn = tuple(worn)
        self.meaning = meaning
        _require_one_size(self.sheets)
        if len(self.names) != len(self.worn) or not 1 <= len(self.worn) <= MAX_TILES:
            raise GenworldError(
                f"Every tile of a legend wears something, but {len(self.worn)} are dressed of {len(self.names)}; "
                "choose a picture for each."
            )
        for each in self.worn:
            self._check(each)

    def _check(self, worn: Worn) -> None:
        last = len(self.frames) - 1
        limits.whole("The ground of a tile", worn.ground, AROUND, last)
        limits.whole("The thing on a tile", worn.thing, NOTHING, last)
        if worn.terrain is not None:
            limits.whole("A terrain set", worn.terrain[0], 0, len(self.wangs) - 1)
            limits.whole("A terrain", worn.terrain[1], 1, len(self.wangs[worn.terrain[0]].colours))

    @property
    def name(self) -> str:
        return self._name

    @property
    def tile(self) -> tuple[int, int]:
        cut = self.sheets[0].cut
        return cut.height, cut.width

    @cached_property
    def firsts(self) -> tuple[int, ...]:
        """Number of the first frame of each sheet."""
        return tuple(accumulate([0, *(sheet.count for sheet in self.sheets[:-1])]))

    @cached_property
    def frames(self) -> Picture:
        """(frames, height, width, 4) RGBA of all sheets."""
        return np.concatenate([sheet.frames for sheet in self.sheets])

    @cached_property
    def file_names(self) -> tuple[tuple[str, str], ...]:
        """Names of picture and description (TSX) of each sheet, so that all of them can lie in one folder."""
        taken: set[str] = set()
        return tuple(
            (_free(sheet.file, taken), _free(sheet.tsx_file or f"{sheet.name}.tsx", taken)) for sheet in self.sheets
        )

    @cached_property
    def wangs(self) -> tuple[WangSet, ...]:
        """The terrain sets of all sheets, over frame numbers."""
        pairs = zip(self.sheets, self.firsts, strict=True)
        return tuple(each.moved(first) for sheet, first in pairs for each in sheet.wangs)

    def draw(self, grid: TileGrid) -> Picture:
        height, width = self.tile
        if grid.size * height * width > limits.LEVEL_PICTURE_PIXELS:
            raise GenworldError(
                f"A level is drawn with at most {limits.LEVEL_PICTURE_PIXELS:,} pixels, but {grid.shape[1]} x "
                f"{grid.shape[0]} tiles of {width} x {height} pixels have more; choose a smaller level."
            )
        ground, things = (self._laid(frames) for _, frames in self.layers(grid))
        over = Image.alpha_composite(Image.fromarray(ground), Image.fromarray(things))
        return np.array(over)

    def layers(self, grid: TileGrid) -> tuple[tuple[str, Frames], ...]:
        """Name and (H, W) frame numbers of the layers that draw a level, from the ground up; -1 is empty."""
        wears = [self._array("ground"), self._array("thing")]
        standing = self._standing(grid, wears[0])
        ground = np.where(wears[0][standing] == AROUND, NOTHING, wears[0][standing]).astype(np.int32)
        for number, wang in enumerate(self.wangs):
            colours, order = self._terrain(number)
            if order:
                ground = wang.choose(colours[standing], order, ground)
        return tuple(zip(LAYERS, (ground, wears[1][grid]), strict=True))

    def _array(self, name: str) -> Frames:
        return np.array([getattr(each, name) for each in self.worn], dtype=np.int32)

    def _laid(self, frames: Frames) -> Picture:
        """(H * height, W * width, 4) of one layer."""
        height, width = self.tile
        cells = self._with_nothing[frames]
        return np.ascontiguousarray(cells.swapaxes(1, 2).reshape(frames.shape[0] * height, frames.shape[1] * width, 4))

    @cached_property
    def _with_nothing(self) -> Picture:
        """The frames and after them a clear one, which -1 finds."""
        return np.concatenate([self.frames, np.zeros_like(self.frames[:1])])

    def _standing(self, grid: TileGrid, grounds: Frames) -> TileGrid:
        """(H, W) the tile whose ground each cell has: for things without one, what lends its own nearby."""
        wanting = grounds[grid] == AROUND
        lenders = [tile for tile, each in enumerate(self.worn) if each.lends and each.ground != AROUND]
        if not wanting.any() or not lenders:
            return grid
        present = [tile for tile in lenders if (grid == tile).any()]
        return _filled(grid, wanting, present or lenders[:1])

    def _terrain(self, number: int) -> tuple[np.ndarray[tuple[int], np.dtype[np.int16]], tuple[int, ...]]:
        """(tiles,) colour of each tile in one terrain set, and the colours in the order in which they win."""
        of_tile = [each.terrain[1] if each.terrain and each.terrain[0] == number else 0 for each in self.worn]
        yields = {colour: each.yields for each, colour in zip(self.worn, of_tile, strict=True) if colour}
        return np.array(of_tile, dtype=np.int16), tuple(sorted(yields, key=lambda colour: (yields[colour], colour)))

    def files(self) -> Mapping[str, bytes]:
        about = {
            "name": self._name,
            "meaning": self.meaning,
            "sheets": [sheet.to_dict() for sheet in self.sheets],
            "tiles": [{"name": name, **worn.to_dict()} for name, worn in zip(self.names, self.worn, strict=True)],
        }
        files = {DRESS: json.dumps(about, ensure_ascii=False, sort_keys=True).encode()}
        for number, sheet in enumerate(self.sheets):
            files[f"sheet-{number}.picture"] = sheet.data
            files[f"sheet-{number}.tsx"] = sheet.tsx
        return files

    @classmethod
    def from_files(cls, files: Mapping[str, bytes]) -> DressedArt:
        try:
            about = json.loads(files[DRESS])
            sheets = [
                Sheet.from_dict(raw, files[f"sheet-{number}.picture"], files[f"sheet-{number}.tsx"])
                for number, raw in enumerate(about["sheets"])
            ]
            names = [str(tile["name"]) for tile in about["tiles"]]
            worn = [Worn.from_dict(tile) for tile in about["tiles"]]
            return cls(str(about["name"]), sheets, names, worn, str(about["meaning"]))
        except (KeyError, ValueError, TypeError, IndexError) as error:
            raise GenworldError(
                f"The files of this art do not belong together ({error}); bring the tileset again."
            ) from error


def _free(name: str, taken: set[str]) -> str:
    """`name` as that of a file, with a number where another is called so; it is taken from now on."""
    plain = PurePosixPath(plain_name(name))
    names = (plain.name, *(f"{plain.stem}-{number}{plain.suffix}" for number in range(2, 2 * MOST_SHEETS + 2)))
    free = next(each for each in names if each.casefold() not in taken)
    taken.add(free.casefold())
    return free


def _require_one_size(sheets: Sequence[Sheet]) -> None:
    if not 1 <= len(sheets) <= MOST_SHEETS:
        raise GenworldError(f"A tileset is 1 to {MOST_SHEETS} pictures, but {len(sheets)} came; choose fewer.")
    sizes = list(dict.fromkeys(f"{sheet.cut.width} x {sheet.cut.height}" for sheet in sheets))
    if len(sizes) > 1:
        raise GenworldError(
            f"The tiles of all pictures should be of one size, but they are of {' and '.join(sizes)} pixels; "
            "cut them alike or take one picture."
        )


def _filled(grid: TileGrid, wanting: np.ndarray[Any, np.dtype[np.bool_]], lenders: Sequence[int]) -> TileGrid:
    """`grid` with the wanting cells filled, ring by ring, with the lender that most of their neighbours are."""
    filled, open_ = grid.copy(), wanting.copy()
    while open_.any():
        votes = np.stack([_votes((filled == tile) & ~open_) for tile in lenders])
        found = open_ & (votes.max(axis=0) > 0)
        if not found.any():
            counts = [int((grid == tile).sum()) for tile in lenders]
            filled[open_] = lenders[int(np.argmax(counts))]
            break
        filled[found] = np.array(lenders, dtype=np.uint8)[votes.argmax(axis=0)][found]
        open_ &= ~found
    return filled


def _votes(cells: np.ndarray[Any, np.dtype[np.bool_]]) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """(H, W) how many of the eight neighbours are in `cells`; those beside count double."""
    height, width = cells.shape
    padded = np.pad(cells, 1).astype(np.uint8)
    total = np.zeros((height, width), dtype=np.uint8)
    for down, right in STEPS:
        weight = 2 if down == 0 or right == 0 else 1
        total += weight * padded[1 + down : 1 + down + height, 1 + right : 1 + right + width]
    return total
