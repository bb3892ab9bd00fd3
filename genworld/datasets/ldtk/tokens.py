"""From planes to tokens: every combination that occurs, the rarest merged into the most alike where there are too many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genworld.art.ldtk import Alphabet, Stack, Token
from genworld.content import MAX_TILES, TileGrid
from genworld.datasets.ldtk.layers import Book, Ints
from genworld.datasets.ldtk.planes import Planes

MOST_DIFFERENT = 4_000
"""Combinations that are compared with each other; rarer ones become the most usual one with their values."""

TABLE = 65_536
"""Keys below this have a table, however few cells there are."""

NAMED = 1_000
"""So many merged tokens are known by what they hold."""

VALUE, STACK, THING = 8, 3, 2
"""How much two tokens differ by another value, another stack of tiles, other entities."""


@dataclass(frozen=True)
class Found:
    """What `tokens_of` gives.

    Args:
        alphabet: of the legend, the most frequent token first.
        grids: tile ids of each level.
        merged: tokens that were given up, each with the id of the one that took its place, most frequent first; at
            most `NAMED`.
        count: how many were given up.
    """

    alphabet: Alphabet
    grids: tuple[TileGrid, ...]
    merged: tuple[tuple[Token, int], ...]
    count: int


def tokens_of(planes: Sequence[Planes], book: Book) -> Found:
    """The tokens of all levels, and the levels written with them."""
    features, weights = _features(planes)
    codes, first, counts = _distinct(features)
    order = np.lexsort((first, -counts))
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    distinct = features[:, first[order]].T
    target = _targets(distinct, np.array(weights))
    known = (list(book.stack_of), list(book.set_of))
    tokens = [_token(row, book, *known) for row in distinct[: MAX_TILES + NAMED]]
    ids = target[rank[codes]].astype(np.uint8)
    kept = min(len(order), MAX_TILES)
    alphabet = Alphabet(
        grid=book.grid,
        values=book.values,
        stacks=book.stacks,
        things=tuple(thing for _, thing in book.things.values()),
        tokens=tuple(tokens[:kept]),
    )
    merged = tuple((token, int(target[kept + place])) for place, token in enumerate(tokens[kept:]))
    return Found(alphabet, tuple(_split(ids, planes)), merged, len(order) - kept)


def _features(planes: Sequence[Planes]) -> tuple[Ints, list[int]]:
    """(F, N) numbers of each feature for the cells of all levels, and the weight of each feature."""
    rows: list[Ints] = []
    weights: list[int] = []
    for weight, kind in ((VALUE, "values"), (STACK, "stacks")):
        for number in range(len(getattr(planes[0], kind))):
            cells = [getattr(each, kind)[number] for each in planes]
            together = np.concatenate([each.reshape(-1, each.shape[-1]) for each in cells])
            rows += list(together.T)
            weights += [weight] * together.shape[1]
    rows.append(np.concatenate([each.things.ravel() for each in planes]))
    return np.stack(rows), [*weights, THING]


def _distinct(features: Ints) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """(N,) which combination each cell holds, (T,) a cell of each, (T,) how many hold it."""
    cells = features.shape[1]
    codes = np.zeros(cells, np.intp)
    for feature in features:
        own = _numbered(feature)
        codes = _numbered(codes * (int(own.max()) + 1) + own)
    first = np.zeros(int(codes.max()) + 1, np.intp)
    first[codes[::-1]] = np.arange(cells)[::-1]
    return codes, first, np.bincount(codes)


def _numbered(keys: NDArray[np.intp]) -> NDArray[np.intp]:
    """(N,) places of keys, which are 0 and up, among their sorted distinct ones; a table is quicker than sorting."""
    if keys.max() > 4 * len(keys) + TABLE:
        return np.unique(keys, return_inverse=True)[1].ravel()
    there = np.zeros(int(keys.max()) + 1, np.bool_)
    there[keys] = True
    places: NDArray[np.intp] = (np.cumsum(there) - 1)[keys]
    return places


def _targets(distinct: Ints, weights: Ints) -> NDArray[np.intp]:
    """(T,) id of each combination, which are sorted by frequency: the most alike of those that are kept."""
    target = np.arange(len(distinct))
    kept = distinct[:MAX_TILES]
    for place in range(MAX_TILES, len(distinct)):
        compared = weights if place < MOST_DIFFERENT else np.where(weights == VALUE, VALUE, 0)
        target[place] = int(np.argmin(((kept != distinct[place]) * compared).sum(axis=1)))
    return target


def _token(row: Ints, book: Book, stacks: Sequence[Stack], sets: Sequence[tuple[int, ...]]) -> Token:
    at = 0
    groups: list[tuple[int, ...]] = []
    for part in (*book.values, *book.stacks):
        groups.append(tuple(row[at : at + part.split**2].tolist()))
        at += part.split**2
    values, numbers = groups[: len(book.values)], groups[len(book.values) :]
    return Token(
        values=tuple(values),
        stacks=tuple(tuple(stacks[number] for number in group) for group in numbers),
        things=sets[int(row[at])],
    )


def _split(ids: TileGrid, planes: Sequence[Planes]) -> list[TileGrid]:
    shapes = [each.things.shape for each in planes]
    ends = np.cumsum([height * width for height, width in shapes])
    return [part.reshape(shape) for part, shape in zip(np.split(ids, ends[:-1]), shapes, strict=True)]
