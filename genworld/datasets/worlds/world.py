"""What a procedural world is: a legend, classes, and a function that draws one level."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from genworld.content import Legend, Style, Tile, TileGrid, parse_tags

Draw = Callable[[str, int, int, np.random.Generator], TileGrid]
"""Draws one level of a class: (class, rows, columns, random) -> (rows, columns) tile ids."""


@dataclass(frozen=True)
class BuiltinWorld:
    """A procedural world that ships with genworld.

    Args:
        name: what follows ``builtin:``.
        title: its name for a person.
        summary: one line on what its levels are.
        legend: of all its levels.
        classes: each level is of exactly one.
        draw: makes a level of any size from 16 x 16 to 64 x 64 tiles.
    """

    name: str
    title: str
    summary: str
    legend: Legend
    classes: tuple[str, ...]
    draw: Draw


def legend(name: str, style: Style, tileset: str, *rows: str) -> Legend:
    """A legend from rows such as ``"# wall: solid"``: character, name, tags."""
    return Legend(name, style, tuple(_tile(row) for row in rows), tileset)


def _tile(row: str) -> Tile:
    name, _, tags = row[2:].partition(":")
    return Tile(row[0], name.strip(), parse_tags(tags.split()))


def tile_ids(legend: Legend) -> dict[str, int]:
    """Tile id by name."""
    return {name: index for index, name in enumerate(legend.names)}
