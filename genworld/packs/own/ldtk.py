"""Levels as LDtk projects: a copy of the person's own, with the level as its only one.

A copy, not an addition to the original: the original stays as it is whatever happens to the copy, no level of a world
lies over another, and the file opens with the new level in view. All definitions (layers, rules, tilesets, values,
entities, enums) stay as they are, so that the level stays editable with the project's own rules. What its rules place
is written too, for engines that never run them.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

import numpy as np

from genworld.art import Art
from genworld.art.ldtk import Content, Layer, LdtkArt, Placed, Record, Thing, Tileset
from genworld.content import Level
from genworld.errors import GenworldError
from genworld.packs.own.ldtk_fields import moved
from genworld.packs.own.own import OwnFormat

SUFFIX = ".ldtk"
HEADER = "__header__"
FACTS = "genworld"
"""Where the header tells of the level's origin: LDtk and engines pass over it."""

ALPHA = (1, 3)
"""Since this version tiles have an alpha of their own."""

Raw = dict[str, Any]


def write(level: Level, art: Art, stem: str, facts: Mapping[str, str]) -> dict[str, bytes]:
    """The project of a level: one LDtk file; see `OwnFormat`."""
    ldtk = _ldtk(art)
    project = _Writer(ldtk, ldtk.alphabet.content(level.tiles), f"{level.digest} {stem}").project(stem, facts)
    text = json.dumps(project, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return {str(PurePosixPath(ldtk.place).with_name(stem + SUFFIX)): text.encode() + b"\n"}


def _ldtk(art: Art) -> LdtkArt:
    if not isinstance(art, LdtkArt):
        raise GenworldError(f"LDtk projects are written with the art of one, but {art.name!r} is of kind {art.kind!r}.")
    return art


class _Writer:
    """One level on its way into a copy of its project.

    Args:
        art: the project.
        content: what the level holds.
        seed: text from which the identifiers of the level are made, so that the same level is written alike twice.
    """

    def __init__(self, art: LdtkArt, content: Content, seed: str) -> None:
        self._art, self._content = art, content
        self._space = uuid.uuid5(uuid.NAMESPACE_OID, seed)
        self._names = 0
        self._placed = art.autotiles(content)
        numbers = re.match(r"(\d{1,4})\.(\d{1,4})", str(art.project.get("jsonVersion")))
        self._alpha = numbers is not None and (int(numbers[1]), int(numbers[2])) >= ALPHA

    def project(self, stem: str, facts: Mapping[str, str]) -> Raw:
        raw = dict(self._art.project)
        uid = Record(raw, "the project").whole("nextUid", 1, 0, 2**31 - 2)
        level = self._level(stem, uid)
        header = raw.get(HEADER)
        raw[HEADER] = {**(header if isinstance(header, dict) else {}), FACTS: dict(facts)}
        raw["nextUid"] = uid + 1
        raw |= self._fresh(raw)
        if raw.get("levels"):
            return raw | {"levels": [level]}
        return raw | {"worlds": [{**raw["worlds"][0], "levels": [level]}]}

    def _fresh(self, raw: Mapping[str, Any]) -> Raw:
        """A new identifier, for what has one: they came with 1.0."""
        self._names += 1
        return {"iid": str(uuid.uuid5(self._space, str(self._names)))} if "iid" in raw else {}

    def _level(self, stem: str, uid: int) -> Raw:
        empty = self._art.level
        height, width = (side * self._art.alphabet.grid for side in self._content.shape)
        layers = [self._layer(each, uid) for each in empty.records("layerInstances", "layer")]
        name = re.sub(r"\W+", "_", stem, flags=re.ASCII).strip("_").capitalize()
        linear = min(empty.whole("worldX"), empty.whole("worldY")) == -1
        place: Raw = {key: -1 if linear else 0 for key in ("worldX", "worldY") if key in empty.raw}
        fields = [moved(field, (0, 0), (0, 0)) for field in empty.items("fieldInstances")]
        return {
            **empty.raw,
            **self._fresh(empty.raw),
            **place,
            "identifier": name or "Level",
            "uid": uid,
            "pxWid": width,
            "pxHei": height,
            "useAutoIdentifier": False,
            "fieldInstances": fields,
            "layerInstances": layers,
        }

    def _layer(self, instance: Record, level: int) -> Raw:
        layer = self._art.definitions.layer(instance.whole("layerDefUid"))
        if layer is None:
            return instance.raw
        side = self._art.alphabet.grid
        rows, columns = (-(-cells * side // layer.grid) for cells in self._content.shape)
        raw = {
            **instance.raw,
            **self._fresh(instance.raw),
            "levelId": level,
            "__cWid": columns,
            "__cHei": rows,
            "pxOffsetX": 0,
            "pxOffsetY": 0,
            "__pxTotalOffsetX": layer.offset[0],
            "__pxTotalOffsetY": layer.offset[1],
        }
        raw |= self._values(layer, instance, rows * columns) if layer.kind == "IntGrid" else {}
        raw["autoLayerTiles"] = list(self._autotiles(layer))
        raw["gridTiles"] = list(self._grid_tiles(layer, columns))
        raw["entityInstances"] = list(self._entities(layer))
        return raw

    def _values(self, layer: Layer, instance: Record, cells: int) -> Raw:
        """Values as a list of all cells, and as a list of the painted ones where the project has that old one too."""
        grid = self._content.values.get(layer.uid)
        values = [0] * cells if grid is None else grid.ravel().tolist()
        painted = [{"coordId": place, "v": value - 1} for place, value in enumerate(values) if value]
        both = {"intGridCsv": values, "intGrid": painted}
        return {key: value for key, value in both.items() if isinstance(instance.raw.get(key), list)}

    def _autotiles(self, layer: Layer) -> Iterator[Raw]:
        tileset = self._art.tileset(layer)
        for placed in self._placed.get(layer.uid, []):
            yield from self._of_rule(placed, tileset)

    def _of_rule(self, placed: Placed, tileset: Tileset | None) -> Iterator[Raw]:
        columns = (placed.x, placed.y, placed.tile, placed.flips, placed.cell)
        for x, y, tile, flips, cell in zip(*(column.tolist() for column in columns), strict=True):
            yield self._tile((x, y), tile, flips, [placed.rule, cell], tileset, placed.alpha)

    def _grid_tiles(self, layer: Layer, columns: int) -> Iterator[Raw]:
        tiles, tileset = self._content.tiles.get(layer.uid), self._art.tileset(layer)
        if tiles is None:
            return
        order = np.lexsort((tiles.height, tiles.column, tiles.row))
        parts = (tiles.row, tiles.column, tiles.tile, tiles.flips)
        for row, column, tile, flips in zip(*(part[order].tolist() for part in parts), strict=True):
            place = (column * layer.grid, row * layer.grid)
            yield self._tile(place, tile, flips, [row * columns + column], tileset, 1)

    def _tile(
        self,
        place: tuple[int, int],
        tile: int,
        flips: int,
        origin: list[int],
        tileset: Tileset | None,
        alpha: float,
    ) -> Raw:
        source = tileset.source(tile) if tileset else (-1, -1)
        raw = {"px": list(place), "src": list(source), "f": flips, "t": tile, "d": origin}
        return raw | {"a": int(alpha) if alpha == int(alpha) else alpha} if self._alpha else raw

    def _entities(self, layer: Layer) -> Iterator[Raw]:
        for thing, row, column in self._content.things:
            if thing.layer == layer.uid:
                yield self._entity(thing, layer, row, column)

    def _entity(self, thing: Thing, layer: Layer, row: int, column: int) -> Raw:
        side = self._art.alphabet.grid
        x, y = column * side + thing.offset[0], row * side + thing.offset[1]
        cell = [_cell(place, pivot, layer.grid) for place, pivot in zip((x, y), _pivot(thing), strict=True)]
        old = Record(thing.raw, "an entity").pair("__grid")
        bounds = tuple(cells * side // layer.grid for cells in self._content.shape)
        steps = (cell[0] - old[0], cell[1] - old[1])
        fields = thing.raw.get("fieldInstances")
        world: Raw = {key: place for key, place in (("__worldX", x), ("__worldY", y)) if key in thing.raw}
        return {
            **thing.raw,
            **self._fresh(thing.raw),
            **world,
            "__grid": cell,
            "px": [x, y],
            "fieldInstances": [moved(field, steps, bounds) for field in fields] if isinstance(fields, list) else [],
        }


def _cell(place: int, pivot: float, grid: int) -> int:
    """The cell of a pivot; one on the far edge belongs to the cell before, as LDtk counts."""
    return (place - (1 if pivot == 1 else 0)) // grid


def _pivot(thing: Thing) -> tuple[float, float]:
    pivot = thing.raw.get("__pivot")
    return (pivot[0], pivot[1]) if isinstance(pivot, list) and len(pivot) == 2 else (0.0, 0.0)


LDTK = OwnFormat(
    place=lambda art: _ldtk(art).place,
    write=write,
    beside=lambda art: _ldtk(art).companions(),
)
