"""Levels of a project as planes of numbers: what each cell has in each layer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from genworld import limits
from genworld.art.ldtk import Definitions, Layer, Part, Record, Thing, gathered, parts_of
from genworld.datasets.ldtk.layers import Book, Ints, stacks_of, values_of
from genworld.datasets.ldtk.project import Project, listed
from genworld.errors import GenworldError

SIDE = 2**24
"""Pixels that a level may be wide or high."""
REGION = 4
"""Entities that cover more cells across than this are regions, not things that stand somewhere."""
THINGS = 2_000


@dataclass(frozen=True)
class Planes:
    """A level: for each feature an (H, W) or (H, W, n) array.

    Args:
        name: of the level.
        values: (H, W, split * split) values of each IntGrid layer.
        stacks: (H, W, split * split) numbers of stacks of each tile layer; 0 is the empty stack.
        things: (H, W) numbers of sets of entities; 0 is none.
    """

    name: str
    values: tuple[Ints, ...]
    stacks: tuple[Ints, ...]
    things: Ints


def read_levels(project: Project) -> tuple[list[Planes], Book]:
    """All levels of a project over the grid that matters most.

    Raises:
        GenworldError: nothing is painted, a level that is damaged, or too many cells.
    """
    grid = _main_grid(project)
    values, odd = parts_of(project.defs, "IntGrid", grid)
    stacks, odd_tiles = parts_of(project.defs, "Tiles", grid)
    book = Book(grid, values, stacks, [])
    _check_size(project, grid)
    planes = [_planes(level, project.defs, book) for level in project.levels]
    left_out = _painted_of(project, (*odd, *odd_tiles))
    if left_out:
        book.notes.append(
            f"Left out, for their grid does not divide the {grid} pixels of a cell: layers {listed(left_out)}."
        )
    if book.regions:
        book.notes.append(f"Left out, for they cover regions and stand nowhere: entities {listed(list(book.regions))}.")
    return planes, book


def _main_grid(project: Project) -> int:
    """The grid of the IntGrid that most is said with; of the tile layer with most tiles where none is painted."""
    painted = {layer.uid: _amount(project, layer) for layer in project.defs.layers}
    for kind in ("IntGrid", "Tiles"):
        layers = [layer for layer in project.defs.layers if layer.kind == kind and painted[layer.uid]]
        if layers:
            return max(layers, key=lambda layer: (_read_by_rules(project.defs, layer), painted[layer.uid])).grid
    raise GenworldError(
        f"Nothing is painted in {project.place}: no IntGrid has a value and no tile layer a tile; draw a level first."
    )


def _read_by_rules(defs: Definitions, layer: Layer) -> bool:
    return any(each.has_rules and each.source == layer.uid for each in defs.layers)


def _amount(project: Project, layer: Layer) -> int:
    """How much is painted in a layer, over all levels."""
    key = "gridTiles" if layer.kind == "Tiles" else "intGridCsv"
    return sum(
        len(each.items(key)) - each.items(key).count(0) + len(each.items("intGrid"))
        for level in project.levels
        for each in level.records("layerInstances", "layer")
        if each.maybe("layerDefUid") == layer.uid
    )


def _painted_of(project: Project, names: tuple[str, ...]) -> list[str]:
    return [layer.name for layer in project.defs.layers if layer.name in names and _amount(project, layer)]


def _check_size(project: Project, grid: int) -> None:
    """Refuses more cells than are read before an array is made."""
    finest = min((layer.grid for layer in project.defs.layers if layer.kind in ("IntGrid", "Tiles")), default=grid)
    cells = sum(
        np.prod([-(-side // min(grid, finest)) for side in _size(level)], dtype=object) for level in project.levels
    )
    if cells > limits.LEVEL_CELLS:
        raise GenworldError(
            f"The levels of {project.place} have {cells:,} cells, and at most {limits.LEVEL_CELLS:,} are read; "
            "bring fewer or smaller ones."
        )


def _size(level: Record) -> tuple[int, int]:
    """(height, width) of a level in pixels."""
    height, width = level.whole("pxHei", 0, 1, SIDE), level.whole("pxWid", 0, 1, SIDE)
    if not height or not width:
        raise level.wrong("pxWid", "a size in pixels")
    return height, width


def _planes(level: Record, defs: Definitions, book: Book) -> Planes:
    height, width = (-(-side // book.grid) for side in _size(level))
    instances = {each.maybe("layerDefUid"): each for each in level.records("layerInstances", "layer")}
    return Planes(
        name=level.text("identifier", "level")[: limits.NAME_LENGTH],
        values=tuple(
            _placed(values_of(instances.get(part.layer), _cells(level, defs, part)), (height, width), part.split)
            for part in book.values
        ),
        stacks=tuple(
            _placed(stacks_of(instances.get(part.layer), _cells(level, defs, part), book), (height, width), part.split)
            for part in book.stacks
        ),
        things=_things(instances, defs, book, (height, width)),
    )


def _cells(level: Record, defs: Definitions, part: Part) -> tuple[int, int, int]:
    """(rows, columns) of a layer in a level, and its grid."""
    layer = defs.layer(part.layer)
    grid = layer.grid if layer else 1
    height, width = _size(level)
    return -(-height // grid), -(-width // grid), grid


def _placed(cells: Ints, shape: tuple[int, int], split: int) -> Ints:
    """(H, W, split * split) of a layer's cells; a finer layer may end within the last cell of the level."""
    whole = np.zeros((shape[0] * split, shape[1] * split), np.int64)
    rows, columns = min(cells.shape[0], whole.shape[0]), min(cells.shape[1], whole.shape[1])
    whole[:rows, :columns] = cells[:rows, :columns]
    return gathered(whole, split)


def _things(instances: dict[int | None, Record], defs: Definitions, book: Book, shape: tuple[int, int]) -> Ints:
    plane = np.zeros(shape, np.int64)
    cells: dict[tuple[int, int], list[int]] = {}
    for layer in defs.layers:
        if layer.kind == "Entities" and layer.uid in instances:
            for raw in instances[layer.uid].records("entityInstances", "entity"):
                for place, number in _thing(raw, layer, defs, book, shape):
                    cells.setdefault(place, []).append(number)
    for place, numbers in cells.items():
        plane[place] = book.set_of.setdefault(tuple(sorted(numbers)), len(book.set_of))
    return plane


def _thing(
    raw: Record, layer: Layer, defs: Definitions, book: Book, shape: tuple[int, int]
) -> Iterator[tuple[tuple[int, int], int]]:
    """Where an entity stands and the number of its prototype; nothing for what covers a region or stands outside."""
    entity = defs.entities.get(raw.whole("defUid", -1))
    if entity is None:
        return
    size = (raw.whole("width", entity.size[0], 0), raw.whole("height", entity.size[1], 0))
    if max(size) > REGION * book.grid:
        book.regions[entity.name] = None
        return
    column, row = (place * layer.grid // book.grid for place in raw.pair("__grid"))
    if not (0 <= row < shape[0] and 0 <= column < shape[1]):
        return
    x, y = raw.pair("px")
    key = (layer.uid, entity.uid, size, repr(raw.raw.get("__tile")))
    thing = Thing(layer.uid, raw.raw, (x - column * book.grid, y - row * book.grid))
    number, _ = book.things.setdefault(key, (len(book.things), thing))
    if len(book.things) > THINGS:
        raise GenworldError(f"A project may have {THINGS:,} kinds of entities, but more came; bring fewer levels.")
    yield (row, column), number
