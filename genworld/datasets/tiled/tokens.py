"""From cells to tiles of a legend: each stack of tiles over all layers, with what stands in it, is one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genworld.content import MAX_TILES, TileGrid
from genworld.datasets.tiled.cells import GID, Gids
from genworld.errors import GenworldError

STACKS = 8_000
"""Different stacks of tiles that are looked at."""


@dataclass(frozen=True, eq=False)
class Tokens:
    """The distinct stacks of some maps, the most frequent first.

    Args:
        stacks: (tiles, layers) ids with flips.
        marks: (tiles,) number of the set of objects in the cell, 0 for none.
        counts: (tiles,) cells that show each.
        cells: (cells,) which of them each cell of all maps is, one map after the other, row by row.
    """

    stacks: Gids
    marks: NDArray[np.int64]
    counts: NDArray[np.int64]
    cells: NDArray[np.int64]


def tokens_of(stacks: Sequence[Gids], marks: Sequence[NDArray[np.int64]]) -> Tokens:
    """The distinct stacks of maps.

    Args:
        stacks: (layers, H, W) ids of each map.
        marks: (H, W) number of the set of objects of each cell of each map.

    Raises:
        GenworldError: they are more than `STACKS`: a picture cut into tiles rather than a map.
    """
    layers = np.concatenate([stack.reshape(len(stack), -1) for stack in stacks], axis=1)
    held = np.concatenate([each.ravel() for each in marks])
    keys = _keys([*map(_compact, layers), held])
    _, first, cells, counts = np.unique(keys, return_index=True, return_inverse=True, return_counts=True)
    if len(first) > STACKS:
        raise GenworldError(
            f"A map is learned from tiles that repeat, but this one has {len(first):,} different stacks of tiles and "
            f"{STACKS:,} are read; bring a simpler one."
        )
    order = np.lexsort((first, -counts))
    rank = np.argsort(order)
    chosen = first[order]
    return Tokens(np.ascontiguousarray(layers[:, chosen].T), held[chosen], counts[order], rank[cells])


def _compact(gids: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Other numbers for ids with flips, small where the ids are small."""
    plain = (gids & GID).astype(np.int64)
    return plain + (gids >> np.uint32(29)).astype(np.int64) * (int(plain.max(initial=0)) + 1)


def _keys(columns: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    """(cells,) a number for each distinct row of numbers from 0."""
    keys, most = columns[0], int(columns[0].max(initial=0)) + 1
    for column in columns[1:]:
        base = int(column.max(initial=0)) + 1
        if most * base >= 2**63:
            known, keys = np.unique(keys, return_inverse=True)
            most = len(known)
        keys, most = keys * base + column, most * base
    return keys


@dataclass(frozen=True)
class Merged:
    """Tokens of which some were given up for others.

    Args:
        kept: numbers of the tokens that stay.
        into: for each token its place among those.
    """

    kept: NDArray[np.int64]
    into: NDArray[np.int64]


def merge(tokens: Tokens, weights: NDArray[np.float64], looks: NDArray[np.float64], most: int = MAX_TILES) -> Merged:
    """Which tokens stay where there are too many, and what the rest become.

    Those with objects come first, one for each set of objects; then the most frequent. A token that goes becomes the
    one that shares most of its layers, the lower and visible ones first, then the one that looks most alike.

    Args:
        tokens: all of them.
        weights: (layers,) what it counts that a layer is the same.
        looks: (tiles, d) a small picture of each, as numbers.
        most: how many stay.
    """
    count = len(tokens.counts)
    if count <= most:
        return Merged(np.arange(count), np.arange(count))
    firsts = np.zeros(count, dtype=np.bool_)
    firsts[np.unique(tokens.marks, return_index=True)[1]] = True
    leading = firsts & (tokens.marks > 0)
    kept = np.sort(np.argsort(~leading, kind="stable")[:most])
    into = np.zeros(count, dtype=np.int64)
    into[kept] = np.arange(most)
    for token in np.setdiff1d(np.arange(count), kept):
        into[token] = _nearest(tokens, int(token), kept, weights, looks)
    return Merged(kept, into)


def _nearest(
    tokens: Tokens, token: int, kept: NDArray[np.int64], weights: NDArray[np.float64], looks: NDArray[np.float64]
) -> int:
    """Place among `kept` of what is most like `token`."""
    same = tokens.stacks[kept] == tokens.stacks[token]
    alike = (tokens.stacks[kept] & GID) == (tokens.stacks[token] & GID)
    shared = (same.astype(np.float64) + alike) @ weights / 2
    shared += 2 * weights.sum() * ((tokens.marks[kept] == tokens.marks[token]) & (tokens.marks[token] > 0))
    shared -= 2 * weights.sum() * (tokens.marks[kept] != tokens.marks[token]) * (tokens.marks[kept] > 0)
    distance = np.abs(looks[kept] - looks[token]).mean(axis=1)
    return int(np.argmax(shared - distance * _least(weights)))


def _least(weights: NDArray[np.float64]) -> float:
    """Looks decide only among those that share the same layers, unless they share none."""
    return float(weights.min()) / 2


def grids_of(tokens: Tokens, merged: Merged, sizes: Sequence[tuple[int, int]]) -> list[TileGrid]:
    """(H, W) tile ids of each map."""
    ids = merged.into[tokens.cells].astype(np.uint8)
    ends = np.cumsum([height * width for height, width in sizes])
    parts = np.split(ids, ends[:-1])
    return [part.reshape(size) for part, size in zip(parts, sizes, strict=True)]
