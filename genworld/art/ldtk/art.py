"""Levels drawn as an LDtk project shows them: hand-placed tiles, entities, and what the project's own rules place."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from pathlib import PurePosixPath
from typing import Any, ClassVar, Self

import numpy as np

from genworld import limits
from genworld.art.art import Art
from genworld.art.ldtk import paint
from genworld.art.ldtk.definitions import Definitions, Layer, Rect, Tileset
from genworld.art.ldtk.parsing import definitions, rect_of
from genworld.art.ldtk.record import Record
from genworld.art.ldtk.rules import Placed, Setting, apply
from genworld.art.ldtk.tokens import Alphabet, Content, HandPlaced, Ints, Thing
from genworld.content import Picture, TileGrid
from genworld.errors import GenworldError

PROJECT = "project.json"
ABOUT = "about.json"
PICTURE = "picture-"

AROUND = 2
"""Cells on each side of a tile in a legend: rules look that far."""
BLOCK_PIXELS = 2**22
"""Pixels of tiles of a legend that are drawn at once."""
PATCHES = 2**22
"""Pixels of different tiles that are held at once."""


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
        self.place = place
        self.project = project
        self.alphabet = alphabet
        self._raw = dict(pictures)
        self.definitions: Definitions = definitions(project)
        self._pictures = {uid: paint.decoded(raw, str(uid)) for uid, raw in self._raw.items()}
        self._settings = dict(_settings(self.level, self.definitions))

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
        return self._painted(self.alphabet.content(grid))

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
        drawn = self._painted(self.alphabet.content(grid))
        return [*np.split(drawn, len(tiles), axis=1)]

    def autotiles(self, content: Content) -> dict[int, list[Placed]]:
        """What the rules of each layer place, by uid, lowest first; layers whose IntGrid is not known are left out."""
        return {
            layer.uid: self._applied(layer, content)
            for layer in self.definitions.layers
            if layer.has_rules and layer.source in content.values and self.tileset(layer) is not None
        }

    def tileset(self, layer: Layer) -> Tileset | None:
        """The tileset of a layer, which a level may replace by another."""
        over = self.instances[layer.uid].maybe("overrideTilesetUid") if layer.uid in self.instances else None
        uid = layer.tileset if over is None else over
        return None if uid is None else self.definitions.tilesets.get(uid)

    @cached_property
    def instances(self) -> dict[int, Record]:
        """The empty level's own word on each layer, by uid of the layer."""
        return {each.whole("layerDefUid"): each for each in self.level.records("layerInstances", "layer")}

    def _applied(self, layer: Layer, content: Content) -> list[Placed]:
        source, tileset = self.definitions.layer(layer.source), self.tileset(layer)
        if source is None or tileset is None or source.grid != layer.grid:
            return []
        grid = content.values[source.uid]
        kept = np.ones(grid.shape, np.bool_)
        over = content.tiles.get(layer.unless) if layer.unless is not None else None
        if over is not None and self._grid_of(layer.unless) == layer.grid:
            kept[over.row, over.column] = False
        groups = {value.number: value.group for value in source.values}
        return apply(layer, grid, self._settings.get(layer.uid, Setting(0)), tileset, groups, kept)

    def _grid_of(self, uid: int | None) -> int:
        layer = self.definitions.layer(uid)
        return layer.grid if layer else 0

    def _painted(self, content: Content) -> Picture:
        side = self.alphabet.grid
        height, width = content.shape
        margin = max([side, *(tileset.grid for tileset in self.definitions.tilesets.values())])
        ground = self.level.colour("__bgColor") or self.level.colour("bgColor") or (40, 40, 48)
        canvas = paint.Canvas(height * side, width * side, min(margin, 4 * side), ground)
        placed = self.autotiles(content)
        for layer in reversed(self.definitions.layers):
            if layer.uid in self.instances and not self.instances[layer.uid].flag("visible", True):
                continue
            if self._shown_as_colours(layer, placed) and layer.uid in content.values:
                _paint_values(canvas, layer, content.values[layer.uid])
            for tiles in placed.get(layer.uid, []):
                self._paint_placed(canvas, layer, tiles)
            if layer.uid in content.tiles:
                self._paint_hand_placed(canvas, layer, content.tiles[layer.uid])
            for thing, row, column in content.things:
                if thing.layer == layer.uid:
                    self._paint_thing(canvas, layer, thing, row, column)
        return canvas.picture()

    def _shown_as_colours(self, layer: Layer, placed: Mapping[int, list[Placed]]) -> bool:
        """Whether nothing but colours shows an IntGrid: no rules read it, or the pictures of their tiles are missing."""
        readers = [each for each in self.definitions.layers if each.source == layer.uid and each.uid in placed]
        return layer.kind == "IntGrid" and not any(self._picture(each) is not None for each in readers)

    def _picture(self, layer: Layer) -> Picture | None:
        tileset = self.tileset(layer)
        return None if tileset is None else self._pictures.get(tileset.uid)

    def _paint_placed(self, canvas: paint.Canvas, layer: Layer, tiles: Placed) -> None:
        picture = self._picture(layer)
        if picture is None:
            return
        for place in np.unique(tiles.place):
            some = tiles.place == place
            alpha = layer.opacity * tiles.alpha
            self._paint(canvas, layer, (tiles.x[some], tiles.y[some]), (tiles.tile[some], tiles.flips[some]), alpha)

    def _paint_hand_placed(self, canvas: paint.Canvas, layer: Layer, tiles: HandPlaced) -> None:
        x, y = tiles.column * layer.grid, tiles.row * layer.grid
        for height in np.unique(tiles.height):
            some = tiles.height == height
            self._paint(canvas, layer, (x[some], y[some]), (tiles.tile[some], tiles.flips[some]), layer.opacity)

    def _paint(
        self, canvas: paint.Canvas, layer: Layer, places: tuple[Ints, Ints], tiles: tuple[Ints, Ints], alpha: float
    ) -> None:
        tileset = self.tileset(layer)
        if tileset is None or not len(places[0]):
            return
        distinct, which = np.unique(tiles[0] * 4 + (tiles[1] & 3), return_inverse=True)
        # A tile larger than its cell is moved by the pivot of its layer.
        x, y = (
            place + offset + round(pivot * (layer.grid - tileset.grid))
            for place, offset, pivot in zip(places, layer.offset, layer.pivot, strict=True)
        )
        step = max(1, PATCHES // tileset.grid**2)
        for start in range(0, len(distinct), step):
            some = distinct[start : start + step]
            here = (which >= start) & (which < start + step)
            patches = paint.patches_of(tileset, self._picture(layer), some // 4, some % 4)
            canvas.draw(patches, which[here] - start, x[here], y[here], alpha)

    def _paint_thing(self, canvas: paint.Canvas, layer: Layer, thing: Thing, row: int, column: int) -> None:
        side = self.alphabet.grid
        corner = (column * side + layer.offset[0], row * side + layer.offset[1])
        patch, pivot = self._thing_picture(thing)
        x, y = (
            np.array([start + offset - round(share * size)])
            for start, offset, share, size in zip(corner, thing.offset, pivot, patch.shape[1::-1], strict=True)
        )
        canvas.draw(patch[None], np.zeros(1, np.int64), x, y, layer.opacity)

    def _thing_picture(self, thing: Thing) -> tuple[Picture, tuple[float, float]]:
        """The picture of an entity and the share of it, across and down, that lies before its pivot."""
        entity = self.definitions.entities.get(thing.entity)
        pivot = entity.pivot if entity else (0.0, 0.0)
        rect = rect_of(thing.raw.get("__tile")) or (entity.rect if entity else None)
        picture = self._pictures.get(rect.tileset) if rect else None
        if rect is None or picture is None or not _small(rect, self.alphabet.grid):
            colour = Record(thing.raw, "an entity").colour("__smartColor") or (
                entity.colour if entity else (200, 80, 80)
            )
            return paint.mark(colour, self.alphabet.grid), pivot
        return paint.part(picture, rect.x, rect.y, rect.width, rect.height), pivot


def _small(rect: Rect, cell: int) -> bool:
    return max(rect.width, rect.height) <= 4 * cell


def _paint_values(canvas: paint.Canvas, layer: Layer, values: Ints) -> None:
    colours = {value.number: value.colour for value in layer.values}
    numbers = [number for number in np.unique(values).tolist() if number]
    if not numbers:
        return
    patches = np.stack([paint.flat(colours.get(number, paint.hue(number)), layer.grid) for number in numbers])
    row, column = np.nonzero(values)
    which = np.searchsorted(numbers, values[row, column])
    canvas.draw(
        patches, which, column * layer.grid + layer.offset[0], row * layer.grid + layer.offset[1], layer.opacity
    )


def _settings(level: Record, defs: Definitions) -> Iterator[tuple[int, Setting]]:
    """What a level says about each of its layers, by uid."""
    fields = {field.maybe("defUid"): field.raw.get("__value") for field in level.records("fieldInstances", "field")}
    for instance in level.records("layerInstances", "layer"):
        layer = defs.layer(instance.whole("layerDefUid"))
        if layer is None:
            continue
        biomes = None
        if layer.biome is not None and layer.biome in fields:
            said = fields[layer.biome]
            biomes = frozenset(str(biome) for biome in (said if isinstance(said, list) else [said]) if biome)
        yield layer.uid, Setting(instance.whole("seed"), frozenset(instance.wholes("optionalRules")), biomes)


def _beside(place: str, path: str) -> str:
    """Where a path leads that a file refers to; empty where that is outside of what was brought."""
    plain = path.replace("\\", "/")
    found = posixpath.normpath(posixpath.join(posixpath.dirname(place), plain))
    return "" if plain.startswith("/") or ":" in plain or found.startswith("..") else found


def _bytes(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
