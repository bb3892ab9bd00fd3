"""Layers of a level as arrays: values of an IntGrid, stacks of hand-placed tiles."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genworld.art.ldtk import Part, Record, Stack, Thing

Ints = NDArray[np.int64]


@dataclass
class Book:
    """What the numbers of the planes stand for, grown while levels are read.

    Args:
        grid: side of a cell of the level, in pixels.
        values: IntGrid layers that are read.
        stacks: tile layers that are read.
        notes: what a person should know.
        stack_of: number of each stack of tiles; 0 is the empty one.
        things: number and prototype of each kind of entity, by what tells it from others.
        set_of: number of each set of entities in a cell; 0 is the empty one.
        regions: names of entities that are left out, in order.
    """

    grid: int
    values: tuple[Part, ...]
    stacks: tuple[Part, ...]
    notes: list[str]
    stack_of: dict[Stack, int] = field(default_factory=lambda: {(): 0})
    things: dict[tuple[Any, ...], tuple[int, Thing]] = field(default_factory=dict)
    set_of: dict[tuple[int, ...], int] = field(default_factory=lambda: {(): 0})
    regions: dict[str, None] = field(default_factory=dict)


def values_of(instance: Record | None, cells: tuple[int, int, int]) -> Ints:
    """(rows, columns) values of an IntGrid; 0 where nothing is painted, and everywhere in a level without the layer.

    Args:
        instance: of the layer in a level.
        cells: rows, columns and grid of the layer there.

    Raises:
        GenworldError: another number of values, or what is no value.
    """
    rows, columns, _ = cells
    if instance is None:
        return np.zeros((rows, columns), np.int64)
    # A layer that was moved inside its level by a part of a cell may have one row or column less or more.
    rows = instance.whole("__cHei", rows, max(1, rows - 1), rows + 1)
    columns = instance.whole("__cWid", columns, max(1, columns - 1), columns + 1)
    if instance.raw.get("intGridCsv") is None:
        return _old_values(instance, rows, columns)
    values = _numbers(instance, instance.items("intGridCsv"), "intGridCsv")
    if values.shape != (rows * columns,):
        raise instance.wrong("intGridCsv", f"{columns} x {rows} values")
    return np.maximum(values, 0).reshape(rows, columns)


def _old_values(instance: Record, rows: int, columns: int) -> Ints:
    """Until 0.8: a list of the painted cells, whose values count from 0."""
    values = np.zeros(rows * columns, np.int64)
    for cell in instance.records("intGrid", "cell"):
        values[cell.whole("coordId", 0, 0, len(values) - 1)] = cell.whole("v", 0, 0) + 1
    return values.reshape(rows, columns)


def _numbers(instance: Record, raw: list[Any], key: str) -> Ints:
    try:
        numbers = np.array(raw)
    except (ValueError, OverflowError) as error:  # lists of several lengths
        raise instance.wrong(key, "whole numbers") from error
    if numbers.size and (numbers.dtype.kind != "i" or np.abs(numbers).max() >= 2**31):
        raise instance.wrong(key, "whole numbers")
    return numbers.astype(np.int64)


def stacks_of(instance: Record | None, cells: tuple[int, int, int], book: Book) -> Ints:
    """(rows, columns) numbers of stacks in a tile layer, by the book; see `values_of`. Tiles outside are left out."""
    rows, columns, grid = cells
    plane = np.zeros((rows, columns), np.int64)
    if instance is None or not instance.items("gridTiles"):
        return plane
    tiles = _tiles(instance)
    places = tiles[:, :2] // grid
    inside = (places >= 0).all(axis=1) & (places[:, 0] < columns) & (places[:, 1] < rows)
    stacks: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for (column, row), (tile, flips) in zip(places[inside].tolist(), tiles[inside, 2:].tolist(), strict=True):
        stacks.setdefault((row, column), []).append((tile, flips & 3))
    for place, stack in stacks.items():
        plane[place] = book.stack_of.setdefault(tuple(stack), len(book.stack_of))
    return plane


def _tiles(instance: Record) -> Ints:
    """(n, 4) x, y, tile, flips of hand-placed tiles."""
    try:
        rows = [(*each["px"], each["t"], each["f"]) for each in instance.items("gridTiles")]
    except (KeyError, TypeError) as error:
        raise instance.wrong("gridTiles", "tiles with px, t and f") from error
    tiles = _numbers(instance, rows, "gridTiles")
    if tiles.ndim != 2 or tiles.shape[1] != 4 or tiles[:, 2].min() < 0:
        raise instance.wrong("gridTiles", "tiles with px, t and f")
    return tiles
