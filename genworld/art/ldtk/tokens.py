"""What a cell of a level holds over all layers of a project: the token that a tile of the legend stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genworld.art.ldtk.definitions import Definitions
from genworld.art.ldtk.record import Record
from genworld.content import MAX_TILES, TileGrid
from genworld.errors import GenworldError

Ints = NDArray[np.int64]

Stack = tuple[tuple[int, int], ...]
"""Tiles that lie over each other in one cell of a layer, the lowest first: id and flips."""

NOTHING = -1
FINEST = 8
"""At most so many cells of a finer layer lie beside each other in a cell of the level."""


@dataclass(frozen=True)
class Part:
    """A layer that tokens speak of.

    Args:
        layer: uid.
        split: its cells beside each other in a cell of the level; 1 for a layer of the same grid.
    """

    layer: int
    split: int


@dataclass(frozen=True)
class Token:
    """What a cell holds.

    Args:
        values: for each IntGrid layer its ``split * split`` values, row by row.
        stacks: for each tile layer its ``split * split`` stacks, row by row.
        things: the prototypes of the entities that stand there, by number.
    """

    values: tuple[tuple[int, ...], ...]
    stacks: tuple[tuple[Stack, ...], ...]
    things: tuple[int, ...]

    def to_json(self) -> list[Any]:
        return [self.values, self.stacks, self.things]

    @classmethod
    def from_json(cls, raw: Any) -> Token:
        values, stacks, things = raw
        return cls(
            tuple(tuple(int(value) for value in each) for each in values),
            tuple(tuple(tuple((int(t), int(f)) for t, f in stack) for stack in each) for each in stacks),
            tuple(int(thing) for thing in things),
        )


@dataclass(frozen=True)
class Thing:
    """A prototype of an entity: the first of its kind in the person's levels.

    Args:
        layer: uid of its layer.
        raw: the instance as LDtk wrote it.
        offset: (x, y) of its pivot from the corner of its cell, in pixels.
    """

    layer: int
    raw: Mapping[str, Any]
    offset: tuple[int, int]

    @property
    def entity(self) -> int:
        """Uid of its kind."""
        return Record(self.raw, "an entity").whole("defUid")


@dataclass(frozen=True)
class HandPlaced:
    """Tiles of one layer, the lowest first: (n,) row, column, tile, flips, and how many lie below in the same cell."""

    row: Ints
    column: Ints
    tile: Ints
    flips: Ints
    height: Ints


@dataclass(frozen=True)
class Content:
    """What a level holds in each layer, by uid.

    Args:
        shape: (H, W) cells of the level.
        values: (H * split, W * split) values of each IntGrid layer.
        tiles: of each tile layer.
        things: prototype, row and column of each entity.
    """

    shape: tuple[int, int]
    values: Mapping[int, Ints]
    tiles: Mapping[int, HandPlaced]
    things: tuple[tuple[Thing, int, int], ...]


@dataclass(frozen=True, eq=False)
class Alphabet:
    """The tokens of a legend, and how they are laid out.

    Args:
        grid: side of a cell of the level, in pixels.
        values: IntGrid layers that tokens speak of.
        stacks: tile layers that tokens speak of.
        things: prototypes.
        tokens: id k of the legend is ``tokens[k]``.

    Raises:
        GenworldError: tokens that do not fit the layers.
    """

    grid: int
    values: tuple[Part, ...]
    stacks: tuple[Part, ...]
    things: tuple[Thing, ...]
    tokens: tuple[Token, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.tokens) <= MAX_TILES or not all(map(self._fits, self.tokens)):
            raise GenworldError("The file of an LDtk art is damaged; bring the project that it came from again.")

    def _fits(self, token: Token) -> bool:
        sizes = [[len(each) for each in kind] for kind in (token.values, token.stacks)]
        wanted = [[part.split**2 for part in kind] for kind in (self.values, self.stacks)]
        return sizes == wanted and all(0 <= thing < len(self.things) for thing in token.things)

    def content(self, grid: TileGrid) -> Content:
        """What a level of (H, W) ids holds. Raises GenworldError for an id without a token."""
        if grid.max() >= len(self.tokens):
            raise GenworldError(
                f"The level uses tile id {int(grid.max())}, but the project has {len(self.tokens)} tokens; "
                "use the legend that the project was read with."
            )
        return Content(
            shape=(grid.shape[0], grid.shape[1]),
            values={part.layer: self._values(grid, number) for number, part in enumerate(self.values)},
            tiles={part.layer: self._tiles(grid, number) for number, part in enumerate(self.stacks)},
            things=tuple(self._things(grid)),
        )

    def _values(self, grid: TileGrid, number: int) -> Ints:
        split = self.values[number].split
        table = np.array([token.values[number] for token in self.tokens], np.int64).reshape(-1, split, split)
        return spread(table[grid])

    def _tiles(self, grid: TileGrid, number: int) -> HandPlaced:
        split, table = self.stacks[number].split, self._tables[number]
        found = []
        for level in range(table.shape[-2]):
            plane = spread(table[:, :, level].reshape(-1, split, split, 2)[grid])
            row, column = np.nonzero(plane[..., 0] != NOTHING)
            found.append(np.stack([row, column, *plane[row, column].T, np.full_like(row, level)]))
        together = np.concatenate(found, axis=1) if found else np.zeros((5, 0), np.int64)
        return HandPlaced(*together)

    @cached_property
    def _tables(self) -> list[Ints]:
        """For each tile layer (tokens, cells, depth, 2) ids and flips."""
        tables = []
        for number, part in enumerate(self.stacks):
            depth = max(len(stack) for token in self.tokens for stack in token.stacks[number])
            table = np.full((len(self.tokens), part.split**2, depth, 2), NOTHING, np.int64)
            for id_, token in enumerate(self.tokens):
                for cell, stack in enumerate(token.stacks[number]):
                    table[id_, cell, : len(stack)] = np.array(stack, np.int64).reshape(-1, 2)
            tables.append(table)
        return tables

    def _things(self, grid: TileGrid) -> list[tuple[Thing, int, int]]:
        holding = np.array([bool(token.things) for token in self.tokens])
        return [
            (self.things[thing], row, column)
            for row, column in np.argwhere(holding[grid]).tolist()
            for thing in self.tokens[grid[row, column]].things
        ]

    def alone(self, tile: int) -> int:
        """The id that a tile stands among in a legend: the same ground without entities, where there is such a one."""
        token = self.tokens[tile]
        bare = Token(token.values, token.stacks, ())
        return self.tokens.index(bare) if bare in self.tokens else tile

    def to_json(self) -> dict[str, Any]:
        return {
            "grid": self.grid,
            "values": [[part.layer, part.split] for part in self.values],
            "stacks": [[part.layer, part.split] for part in self.stacks],
            "things": [[thing.layer, thing.raw, thing.offset] for thing in self.things],
            "tokens": [token.to_json() for token in self.tokens],
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Alphabet:
        return cls(
            grid=int(raw["grid"]),
            values=tuple(Part(int(layer), int(split)) for layer, split in raw["values"]),
            stacks=tuple(Part(int(layer), int(split)) for layer, split in raw["stacks"]),
            things=tuple(Thing(int(layer), dict(thing), (int(x), int(y))) for layer, thing, (x, y) in raw["things"]),
            tokens=tuple(Token.from_json(token) for token in raw["tokens"]),
        )


def spread(blocks: Ints) -> Ints:
    """(H * s, W * s, ...) cells from (H, W, s, s, ...) blocks of them."""
    height, width, split = blocks.shape[:3]
    return blocks.swapaxes(1, 2).reshape(height * split, width * split, *blocks.shape[4:])


def gathered(cells: NDArray[Any], split: int) -> NDArray[Any]:
    """(H, W, s * s) blocks from (H * s, W * s) cells: `spread` the other way."""
    height, width = cells.shape[0] // split, cells.shape[1] // split
    return cells.reshape(height, split, width, split).swapaxes(1, 2).reshape(height, width, split * split)


def parts_of(defs: Definitions, kind: str, grid: int) -> tuple[tuple[Part, ...], tuple[str, ...]]:
    """The layers of a kind whose cells fit into cells of `grid` pixels, and the names of those that do not."""
    layers = [layer for layer in defs.layers if layer.kind == kind]
    fits = {layer.uid: grid % layer.grid == 0 and grid // layer.grid <= FINEST for layer in layers}
    parts = tuple(Part(layer.uid, grid // layer.grid) for layer in layers if fits[layer.uid])
    return parts, tuple(layer.name for layer in layers if not fits[layer.uid])
