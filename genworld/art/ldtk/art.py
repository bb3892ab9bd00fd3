"""Levels drawn as an LDtk project shows them: hand-placed tiles, entities, and what the project's own rules place."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Mapping
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any, ClassVar, Self

import numpy as np

from genworld import limits
from genworld.art.art import Art, inside
from genworld.art.ldtk import paint
from genworld.art.ldtk.definitions import Definitions, Layer, Tileset
from genworld.art.ldtk.drawing import Drawing
from genworld.art.ldtk.parsing import definitions
from genworld.art.ldtk.placing import Placing
from genworld.art.ldtk.record import Colour, Record
from genworld.art.ldtk.rules import Placed
from genworld.art.ldtk.tokens import Alphabet, Content
from genworld.content import Picture, TileGrid
from genworld.errors import GenworldError

PROJECT = "project.json"
ABOUT = "about.json"
PICTURE = "picture-"

AROUND = 2
"""Cells on each side of a tile in a legend: rules look that far."""
BLOCK_PIXELS = 2**22
"""Pixels of tiles of a legend that are drawn at once."""
GROUND: Colour = (40, 40, 48)
"""Background of a level that has no colour of its own."""


class LdtkArt(Art):
    """A project without its levels but one, which is empty and says what a new one is like.

    Args:
        place: of the project among what was brought, such as ``"maps/world.ldtk"``.
        project: as LDtk wrote it; its only level has layers without content.
        alphabet: what each tile of the legend stands for.
        pictures: files of the tilesets, by uid; those that were not brought are missing.

    Raises:
        GenworldError: a project that is none, or a damaged picture.
    """

    kind: ClassVar[str] = "ldtk"

    def __init__(
        self, place: str, project: Mapping[str, Any], alphabet: Alphabet, pictures: Mapping[int, bytes]
    ) -> None:
        self.place = inside(place)
        self.project = project
        self.alphabet = alphabet
        self._raw = dict(pictures)
        self.definitions: Definitions = definitions(project)
        self._placing = Placing(self.definitions, self.level)
        decoded = {uid: paint.decoded(raw, str(uid)) for uid, raw in self._raw.items()}
        ground = self.level.colour("__bgColor") or self.level.colour("bgColor") or GROUND
        self._drawing = Drawing(self._placing, decoded, alphabet.grid, ground)

    @property
    def name(self) -> str:
        """The project's file name without its ending."""
        return PurePosixPath(self.place).stem

    @property
    def tile(self) -> tuple[int, int]:
        """(height, width) of a cell, in pixels."""
        return self.alphabet.grid, self.alphabet.grid

    @property
    def level(self) -> Record:
        """The empty level of the project."""
        worlds = [world.get("levels") for world in self.project.get("worlds") or [] if isinstance(world, dict)]
        for levels in (self.project.get("levels"), *worlds):
            if isinstance(levels, list) and levels:
                return Record(levels[0], "the level")
        raise GenworldError("An LDtk art needs a project with a level, but there is none; bring the project again.")

    def files(self) -> Mapping[str, bytes]:
        """The project, what the tiles of the legend stand for, and the pictures of the tilesets."""
        about = {"place": self.place, "alphabet": self.alphabet.to_json()}
        pictures = {f"{PICTURE}{uid}": raw for uid, raw in self._raw.items()}
        return {PROJECT: _bytes(self.project), ABOUT: _bytes(about), **pictures}

    @classmethod
    def from_files(cls, files: Mapping[str, bytes]) -> Self:
        """The art that `files` gave."""
        try:
            project, about = json.loads(files[PROJECT]), json.loads(files[ABOUT])
            alphabet = Alphabet.from_json(about["alphabet"])
            pictures = {int(name.removeprefix(PICTURE)): raw for name, raw in files.items() if name.startswith(PICTURE)}
            return cls(str(about["place"]), project, alphabet, pictures)
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
            raise GenworldError("The file of an LDtk art is damaged; bring the project again.") from error

    def companions(self) -> dict[str, bytes]:
        """Pictures that a project that is written refers to, by path inside what was brought; none leads out of it."""
        paths = {uid: _beside(self.place, self.definitions.tilesets[uid].path) for uid in self._raw}
        return {path: self._raw[uid] for uid, path in sorted(paths.items()) if path}

    def draw(self, grid: TileGrid) -> Picture:
        """(H * cell, W * cell, 4) RGBA of (H, W) tile ids, over the background colour of the level.

        A level of one cell is a tile of the legend: it is drawn as `tile_picture` does.

        Raises:
            GenworldError: more pixels than `limits.LEVEL_PICTURE_PIXELS`, or an id without a token.
        """
        if grid.size * self.alphabet.grid**2 > limits.LEVEL_PICTURE_PIXELS:
            raise GenworldError(
                f"A level is drawn with at most {limits.LEVEL_PICTURE_PIXELS:,} pixels, but {grid.shape[1]} x "
                f"{grid.shape[0]} tiles of {self.alphabet.grid} pixels came; choose a smaller one."
            )
        if grid.shape == (1, 1):
            return self.tile_picture(int(grid[0, 0]))
        return self._drawing.painted(self.alphabet.content(grid))

    def tile_picture(self, tile: int) -> Picture:
        """(cell, cell, 4) RGBA of one tile among its like, so that rules show its inside and not its edges."""
        start, end = AROUND * self.alphabet.grid, (AROUND + 1) * self.alphabet.grid
        if not 0 <= tile < len(self.alphabet.tokens):
            raise GenworldError(
                f"The project has {len(self.alphabet.tokens)} tokens, but that of id {tile} was asked for."
            )
        number, place = divmod(tile, self._batch)
        return self._blocks(number)[place][start:end, start:end].copy()

    @property
    def _batch(self) -> int:
        """Tiles of a legend that are drawn at once."""
        return max(1, BLOCK_PIXELS // ((2 * AROUND + 1) * self.alphabet.grid) ** 2)

    @lru_cache(maxsize=4)  # noqa: B019  arts are few and live long
    def _blocks(self, number: int) -> list[Picture]:
        """One batch of tiles, each in the middle of a block of its like."""
        side, count = 2 * AROUND + 1, len(self.alphabet.tokens)
        tiles = range(number * self._batch, min((number + 1) * self._batch, count))
        grid = np.array([self.alphabet.alone(tile) for tile in tiles], np.uint8).repeat(side)[None].repeat(side, axis=0)
        grid[AROUND, AROUND::side] = tiles
        drawn = self._drawing.painted(self.alphabet.content(grid))
        return [*np.split(drawn, len(tiles), axis=1)]

    def autotiles(self, content: Content) -> dict[int, list[Placed]]:
        """What the rules of each layer place, by uid, lowest first; layers whose IntGrid is not known are left out."""
        return self._placing.autotiles(content)

    def tileset(self, layer: Layer) -> Tileset | None:
        """The tileset of a layer, which a level may replace by another."""
        return self._placing.tileset(layer)


def _beside(place: str, path: str) -> str:
    """Where a path leads that a file refers to; empty where that is outside of what was brought."""
    plain = path.replace("\\", "/")
    found = posixpath.normpath(posixpath.join(posixpath.dirname(place), plain))
    return "" if plain.startswith("/") or ":" in plain or found.startswith("..") else found


def _bytes(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
