"""What the rules of a project place in a level of it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from genworld.art.ldtk.definitions import Definitions, Layer, Tileset
from genworld.art.ldtk.record import Record
from genworld.art.ldtk.rules import Placed, Setting, apply
from genworld.art.ldtk.tokens import Content


class Placing:
    """The rules of a project, as one level of it sets them.

    Args:
        definitions: of the project.
        level: says of each layer its seed, its tileset where it has another, and which optional rules are on.
    """

    def __init__(self, definitions: Definitions, level: Record) -> None:
        self.definitions = definitions
        self.instances = {each.whole("layerDefUid"): each for each in level.records("layerInstances", "layer")}
        self._settings = dict(_settings(level, definitions))

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
