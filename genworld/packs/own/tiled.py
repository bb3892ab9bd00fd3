"""Levels as maps of Tiled, in the tilesets, layers and properties of the map that they were learned from.

What stays: attributes and properties of the map, its tilesets with their ids, its layers with names, numbers, groups,
properties and looks, its picture layers, and the objects that tiles of the legend stand for. What goes: the tiles, all
other objects, for they belong to places of the original, and chunks: a level has an end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

import numpy as np

from genworld.art import Art
from genworld.art.tiled import Mark, TiledArt
from genworld.content import Level
from genworld.errors import GenworldError
from genworld.packs.own.own import OwnFormat
from genworld.packs.own.tmj import TmjDocument
from genworld.packs.own.tmx import TmxDocument

PREFIX = "genworld_"
"""Begins the names of the properties that tell where a level comes from: no maker's own property is touched."""


def write(level: Level, art: Art, stem: str, facts: Mapping[str, str]) -> dict[str, bytes]:
    """The map of a level: one TMX or TMJ file, as the original was; see `OwnFormat`."""
    tiled = _tiled(art)
    document = TmjDocument(tiled.document) if tiled.is_json else TmxDocument(tiled.document)
    document.resize(level.height, level.width)
    document.tell({PREFIX + name: value for name, value in facts.items()})
    for index, stratum in enumerate(tiled.strata):
        document.fill(stratum.key, index, tiled.stacks[:, index][level.tiles])
    for mark, x, y in _placed(level, tiled):
        document.place(mark, x, y)
    suffix = PurePosixPath(tiled.place).suffix
    return {str(PurePosixPath(tiled.place).with_name(stem + suffix)): document.to_bytes()}


def _tiled(art: Art) -> TiledArt:
    if not isinstance(art, TiledArt):
        raise GenworldError(f"Maps of Tiled are written with the art of one, but {art.name!r} is of kind {art.kind!r}.")
    return art


def _placed(level: Level, art: TiledArt) -> Iterator[tuple[Mark, float, float]]:
    """The objects of a level, row by row, and where each goes in pixels."""
    marked = np.array([bool(marks) for marks in art.marks])
    width, height = art.cell
    for row, column in np.argwhere(marked[level.tiles]).tolist():
        for mark in art.marks[int(level.tiles[row, column])]:
            yield mark, column * width + mark.corner[0], row * height + mark.corner[1]


TILED = OwnFormat(
    place=lambda art: _tiled(art).place,
    write=write,
    beside=lambda art: _tiled(art).companions(),
)
