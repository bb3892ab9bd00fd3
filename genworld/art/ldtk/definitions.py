"""What a project defines: layers with their rules, tilesets, values, entities. Of any version from 0.9 on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from genworld.art.ldtk.record import Colour

ANYTHING = 1000001
"""In a pattern: any value; negative: none."""
GROUP = 1000
"""In a pattern: a multiple of this is a group of values."""


@dataclass(frozen=True)
class Tileset:
    """A tileset, whose tile k stands in row ``k // columns``. Sizes in pixels.

    Args:
        uid: its number in the project.
        name: what the person calls it.
        path: of its picture, relative to the project; empty for LDtk's own icons.
        grid, spacing, padding: side of a tile, between tiles, around them.
        columns, rows: in tiles.
        opaque: "1" for each tile without a clear pixel, "0" for the others; empty where LDtk did not say.
        tags: enum values that the person gave to tiles.
    """

    uid: int
    name: str
    path: str
    grid: int
    spacing: int
    padding: int
    columns: int
    rows: int
    opaque: str
    tags: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    def source(self, tile: int) -> tuple[int, int]:
        """(x, y) of a tile in the picture, in pixels."""
        row, column = divmod(tile, self.columns)
        step = self.grid + self.spacing
        return self.padding + column * step, self.padding + row * step

    def is_opaque(self, tile: int) -> bool:
        """Whether LDtk says that no pixel of a tile is clear."""
        return 0 <= tile < len(self.opaque) and self.opaque[tile] == "1"


@dataclass(frozen=True)
class Value:
    """A value that a cell of an IntGrid can have."""

    number: int
    name: str
    colour: Colour
    group: int


@dataclass(frozen=True)
class Rule:
    """Which cells take which tiles. Names are those of LDtk's documentation, offsets in pixels or cells as there."""

    uid: int
    size: int
    pattern: tuple[int, ...]
    tiles: tuple[tuple[int, ...], ...]
    stamp: bool
    alpha: float
    chance: float
    breaks: bool
    outside: int | None
    flip_x: bool
    flip_y: bool
    modulo: tuple[int, int]
    offset: tuple[int, int]
    checker: str
    pivot: tuple[float, float]
    shift: tuple[int, int]
    jitter_x: tuple[int, int]
    jitter_y: tuple[int, int]
    noise: tuple[int, float, int] | None

    @property
    def moves(self) -> bool:
        """Whether its tiles may leave their cell."""
        return any((*self.shift, *self.jitter_x, *self.jitter_y))


@dataclass(frozen=True)
class RuleGroup:
    """Rules that are switched together; only the active ones are kept."""

    uid: int
    optional: bool
    biomes: tuple[str, ...]
    all_biomes: bool
    rules: tuple[Rule, ...]

    def applies(self, chosen: frozenset[int], biomes: frozenset[str] | None) -> bool:
        """Whether a level has it.

        Args:
            chosen: uids of optional groups that the layer switched on.
            biomes: of the level; None where the layer has no biomes.
        """
        if self.biomes and biomes is not None:
            return (all if self.all_biomes else any)(biome in biomes for biome in self.biomes)
        return not self.optional or self.uid in chosen


@dataclass(frozen=True)
class Layer:
    """A layer; the first of a project is on top.

    Args:
        kind: "IntGrid", "AutoLayer", "Tiles" or "Entities".
        source: uid of the IntGrid layer that its rules read; its own for an IntGrid.
        unless: uid of a tile layer whose tiles keep the rules' tiles away.
        biome: uid of the level field that holds biomes.
    """

    uid: int
    name: str
    kind: str
    grid: int
    offset: tuple[int, int]
    opacity: float
    values: tuple[Value, ...]
    source: int | None
    tileset: int | None
    pivot: tuple[float, float]
    groups: tuple[RuleGroup, ...]
    unless: int | None
    biome: int | None

    @property
    def has_rules(self) -> bool:
        """Whether any rule of it can place a tile."""
        return any(group.rules for group in self.groups)


@dataclass(frozen=True)
class Rect:
    """A part of a tileset's picture, in pixels."""

    tileset: int
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Entity:
    """A kind of entity."""

    uid: int
    name: str
    tags: tuple[str, ...]
    colour: Colour
    rect: Rect | None
    size: tuple[int, int]
    pivot: tuple[float, float]


@dataclass(frozen=True)
class Definitions:
    """All that a project defines, by uid."""

    layers: tuple[Layer, ...]
    tilesets: Mapping[int, Tileset]
    entities: Mapping[int, Entity]

    def layer(self, uid: int | None) -> Layer | None:
        """The layer of that uid."""
        return next((layer for layer in self.layers if layer.uid == uid), None)
