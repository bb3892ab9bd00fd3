"""The procedural worlds. A new one is one file with a `BuiltinWorld` and one line here."""

from __future__ import annotations

from genworld.datasets.worlds import caves, city, dungeon, forest, interiors, islands, platformer
from genworld.datasets.worlds.world import BuiltinWorld

__all__ = ["WORLDS", "BuiltinWorld"]

WORLDS = (dungeon.WORLD, caves.WORLD, islands.WORLD, forest.WORLD, city.WORLD, interiors.WORLD, platformer.WORLD)
