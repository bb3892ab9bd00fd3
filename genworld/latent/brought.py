"""A sprite or level that a person brought, as an example of a model's spec."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from genworld.content import Example, Legend, Level, LevelSpec, Spec, Sprite, SpriteSpec
from genworld.errors import GenworldError

STACKED = " on "
"""Between the names of tiles that lie on each other, the topmost first."""
UNKNOWN_SHOWN = 4
"""Names of unknown tiles that a sentence repeats."""


def adapted(example: Example, spec: Spec) -> Example:
    """`example` as one of `spec`.

    A sprite smaller than the spec's is centred on nothing. A level of another legend is read by the names of its
    tiles; where a name is not known, by a tile of the same character and the same tags.

    Raises:
        GenworldError: a level where sprites are made or the other way round, another size, or a tile that the spec
            does not know.
    """
    if isinstance(spec, LevelSpec) and isinstance(example, Level):
        return _level(example, spec)
    if isinstance(spec, SpriteSpec) and isinstance(example, Sprite):
        return _sprite(example, spec)
    came = "level" if isinstance(example, Level) else "picture"
    raise GenworldError(
        f"This model makes {spec.kind}s, but a {came} came; bring a {spec.kind}, or choose another model."
    )


def _sprite(sprite: Sprite, spec: SpriteSpec) -> Sprite:
    if sprite.height > spec.height or sprite.width > spec.width:
        raise GenworldError(
            f"This model makes sprites of {spec.width} x {spec.height} pixels, but one of {sprite.width} x "
            f"{sprite.height} came; scale it down or cut it out first."
        )
    top, left = (spec.height - sprite.height) // 2, (spec.width - sprite.width) // 2
    pixels = np.zeros((spec.height, spec.width, 4), np.uint8)
    pixels[top : top + sprite.height, left : left + sprite.width] = sprite.pixels
    return Sprite(pixels)


def _level(level: Level, spec: LevelSpec) -> Level:
    wanted = spec.height or level.height, spec.width or level.width
    if (level.height, level.width) != wanted:
        raise GenworldError(
            f"This model makes levels of {wanted[1]} x {wanted[0]} tiles, but one of {level.width} x {level.height} "
            "came; cut out a part of that size, or choose another model."
        )
    return Level(_ids(level, spec.legend)[level.tiles], spec.legend)


def _ids(level: Level, legend: Legend) -> NDArray[np.uint8]:
    """(T,) the id in `legend` of each tile that the level uses."""
    ids = np.zeros(len(level.legend.tiles), np.uint8)
    unknown = []
    for used in np.unique(level.tiles):
        found = _same_tile(level.legend, int(used), legend)
        if found is None:
            unknown.append(level.legend.names[used])
        else:
            ids[used] = found
    if unknown:
        raise _unknown_tiles(unknown, legend)
    return ids


def _same_tile(own: Legend, tile: int, legend: Legend) -> int | None:
    """Id in `legend` of what is the same; a character alone says too little, so the tags must agree.

    A tile that stands for a stack, as those of a map of several layers do, is the topmost part that is known: our own
    exports have a layer of plain tiles over those that draw them.
    """
    for name in (own.names[tile], *own.names[tile].split(STACKED)):
        if name in legend.names:
            return legend.names.index(name)
    other = legend.id_of.get(own.chars[tile])
    return other if other is not None and legend.tiles[other].tags == own.tiles[tile].tags else None


def _unknown_tiles(names: list[str], legend: Legend) -> GenworldError:
    shown = ", ".join(map(repr, names[:UNKNOWN_SHOWN]))
    more = f" and {len(names) - UNKNOWN_SHOWN} more" if len(names) > UNKNOWN_SHOWN else ""
    return GenworldError(
        f"The model knows the tiles of {legend.name!r} ({', '.join(legend.names)}), but the level also has {shown}{more}; "
        "replace them, or choose another model."
    )
