"""From cells to tiles of a legend: each stack of tiles over all layers, with what stands in it, is one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genworld.content import MAX_TILES, TileGrid
from genworld.datasets.tiled.cells import GID, Gids


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
    """
    layers = np.concatenate([stack.reshape(len(stack), -1) for stack in stacks], axis=1)
    held = np.concatenate([each.ravel() for each in marks])
    keys = np.zeros(layers.shape[1], dtype=np.int64)
    for column in (*layers, held):
        known, numbers = np.unique(column, return_inverse=True)
        _, keys = np.unique(keys * len(known) + numbers, return_inverse=True)
    _, first, cells, counts = np.unique(keys, return_index=True, return_inverse=True, return_counts=True)
    order = np.lexsort((first, -counts))
    rank = np.argsort(order)
    chosen = first[order]
    return Tokens(np.ascontiguousarray(layers[:, chosen].T), held[chosen], counts[order], rank[cells])


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
