"""Levels drawn layer by layer, as the editor shows them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from genworld.art.ldtk import paint
from genworld.art.ldtk.definitions import Layer, Rect
from genworld.art.ldtk.parsing import rect_of
from genworld.art.ldtk.placing import Placing
from genworld.art.ldtk.record import Colour, Record
from genworld.art.ldtk.rules import Placed
from genworld.art.ldtk.tokens import Content, HandPlaced, Ints, Thing
from genworld.content import Picture

PATCHES = 2**22
"""Pixels of different tiles that are held at once."""
UNKNOWN: Colour = (200, 80, 80)
"""Of an entity that the project does not define."""


class Drawing:
    """What draws the levels of a project.

    Args:
        placing: its rules.
        pictures: of its tilesets, by uid; those that were not brought are missing.
        side: of a cell, in pixels.
        ground: background colour.
    """

    def __init__(self, placing: Placing, pictures: Mapping[int, Picture], side: int, ground: Colour) -> None:
        self._placing, self._definitions = placing, placing.definitions
        self._pictures, self._side, self._ground = pictures, side, ground

    def painted(self, content: Content) -> Picture:
        """(H * cell, W * cell, 4) RGBA of what a level holds, the lowest layer first."""
        side = self._side
        height, width = content.shape
        margin = max([side, *(tileset.grid for tileset in self._definitions.tilesets.values())])
        canvas = paint.Canvas(height * side, width * side, min(margin, 4 * side), self._ground)
        placed = self._placing.autotiles(content)
        for layer in reversed(self._definitions.layers):
            if self._visible(layer):
                self._paint_layer(canvas, layer, content, placed)
        return canvas.picture()

    def _visible(self, layer: Layer) -> bool:
        instance = self._placing.instances.get(layer.uid)
        return instance is None or instance.flag("visible", True)

    def _paint_layer(
        self, canvas: paint.Canvas, layer: Layer, content: Content, placed: Mapping[int, list[Placed]]
    ) -> None:
        if self._shown_as_colours(layer, placed) and layer.uid in content.values:
            _paint_values(canvas, layer, content.values[layer.uid])
        for tiles in placed.get(layer.uid, []):
            self._paint_placed(canvas, layer, tiles)
        if layer.uid in content.tiles:
            self._paint_hand_placed(canvas, layer, content.tiles[layer.uid])
        for thing, row, column in content.things:
            if thing.layer == layer.uid:
                self._paint_thing(canvas, layer, thing, row, column)

    def _shown_as_colours(self, layer: Layer, placed: Mapping[int, list[Placed]]) -> bool:
        """Whether nothing but colours shows an IntGrid: no rules read it, or the pictures of their tiles are missing."""
        readers = [each for each in self._definitions.layers if each.source == layer.uid and each.uid in placed]
        return layer.kind == "IntGrid" and not any(self._picture(each) is not None for each in readers)

    def _picture(self, layer: Layer) -> Picture | None:
        tileset = self._placing.tileset(layer)
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
        tileset = self._placing.tileset(layer)
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
        side = self._side
        corner = (column * side + layer.offset[0], row * side + layer.offset[1])
        patch, pivot = self._thing_picture(thing)
        x, y = (
            np.array([start + offset - round(share * size)])
            for start, offset, share, size in zip(corner, thing.offset, pivot, patch.shape[1::-1], strict=True)
        )
        canvas.draw(patch[None], np.zeros(1, np.int64), x, y, layer.opacity)

    def _thing_picture(self, thing: Thing) -> tuple[Picture, tuple[float, float]]:
        """The picture of an entity and the share of it, across and down, that lies before its pivot."""
        entity = self._definitions.entities.get(thing.entity)
        pivot = entity.pivot if entity else (0.0, 0.0)
        rect = rect_of(thing.raw.get("__tile")) or (entity.rect if entity else None)
        picture = self._pictures.get(rect.tileset) if rect else None
        if rect is None or picture is None or not _small(rect, self._side):
            colour = Record(thing.raw, "an entity").colour("__smartColor") or (entity.colour if entity else UNKNOWN)
            return paint.mark(colour, self._side), pivot
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
