"""Procedural levels: what a machine without data learns from. Varied, connected, free to sell."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from genworld import limits
from genworld.content import Level, LevelSpec
from genworld.datasets.dataset import Dataset
from genworld.datasets.reader import Reader, signed
from genworld.datasets.worlds import WORLDS, BuiltinWorld
from genworld.errors import GenworldError, unknown
from genworld.provenance import DataSource
from genworld.seeding import numpy_stream

BUILTIN: dict[str, BuiltinWorld] = {world.name: world for world in WORLDS}
"""The procedural worlds by name."""

SIDES = (16, 64)
COUNTS = (1, 50_000)
ENOUGH = {"quick": 96, "good": 400, "best": 1000}
"""Levels that a training of each preset learns from: each takes a moment to make."""


def read(
    place: str | Path, *, count: int = 1000, size: int | tuple[int, int] = 32, seed: int = 0, kind: str | None = None
) -> Dataset:
    """`count` levels of a procedural world.

    Args:
        place: name of the world, one of `BUILTIN`.
        count: levels wanted, 1 to 50,000; level k is the same whatever the count.
        size: side, or (rows, columns), in tiles, 16 to 64.
        seed: names the stream that every level is drawn from.
        kind: one of the world's classes; None takes them in turn.

    Raises:
        GenworldError: no such world or class, or a number out of range.
    """
    world = BUILTIN.get(str(place))
    if world is None:
        raise unknown("built-in world", str(place), BUILTIN)
    if kind is not None and kind not in world.classes:
        raise unknown(f"class of {world.name}", kind, world.classes)
    rows, columns = _size(size)
    seed = limits.whole("Seed", seed, 0, limits.MAX_SEED)
    turns = (kind,) if kind else world.classes
    kinds = [turns[index % len(turns)] for index in range(limits.whole("Number of levels", count, *COUNTS))]
    levels = tuple(draw_level(world, kind, rows, columns, seed, index) for index, kind in enumerate(kinds))
    labels = np.array([[kind == name for name in world.classes] for kind in kinds], dtype=np.uint8)
    spec = LevelSpec(world.legend, rows, columns, world.classes)
    source = DataSource(
        name=f"genworld {world.name}", licence="CC0-1.0", sellable=True, note=f"procedural, seed {seed}"
    )
    return signed(Dataset(world.name, spec, levels, labels, tuple(str(index) for index in range(len(levels))), source))


READER = Reader("builtin", "Procedural levels, made here.", lambda _: False, read, "Built-in levels")


def draw_level(world: BuiltinWorld, kind: str, rows: int, columns: int, seed: int, index: int) -> Level:
    """Level `index` of stream `seed`, of one class and size."""
    random = numpy_stream(seed, f"builtin/{world.name}/{kind}/{rows}x{columns}/{index}")
    return Level(world.draw(kind, rows, columns, random), world.legend)


def _size(size: int | tuple[int, int]) -> tuple[int, int]:
    pair = size if isinstance(size, tuple | list) else (size, size)
    if len(pair) != 2:
        raise GenworldError(f"A size is a side or (rows, columns), but {len(pair)} numbers came.")
    return limits.whole("Height", pair[0], *SIDES, "tiles"), limits.whole("Width", pair[1], *SIDES, "tiles")
