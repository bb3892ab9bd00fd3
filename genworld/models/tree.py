"""The contexts of a Markov chain as a tree: the child of a context is the context with one neighbour more.

What a checkpoint stores are hashes of contexts. As a context can be no more frequent than the shorter one that it
goes on from, all contexts are found again from the shortest on: each with every tile as its next neighbour. In the
tree a chance takes a few steps through small tables, which makes the many chances that filling asks for affordable.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from genworld.models.contexts import Index, Numbers, Pairs, finish, multiplier
from genworld.models.places import Ids

AT_ONCE = 1 << 20
"""Hashes that are looked for in one go."""
ENTRIES = 1 << 25
"""Entries of a table at most; of a larger chain the longest contexts are left out."""

Nodes = NDArray[np.int32]


class Tree:
    """Contexts by number: 0 is the context never seen, then come those of no neighbour, of one, and so on.

    Args:
        indices: of the hashes of each length of contexts, shortest first.
        places: (P,) values of the first feature that may occur.
        tiles: T, how many tiles there are. Symbols are 0 to T - 1, `outside` and `unknown`.
        outside: the feature of a cell beyond the edge.

    Attributes:
        offsets: (lengths + 1,) number of the first context of each length.
        parents: (contexts,) the context with one neighbour less.
        last: (contexts,) the symbol of the furthest neighbour.
        depth: neighbours in the longest context with children or chances here.
        children: (contexts * S,) for each context and symbol, S = T + 2, the context with it as the next neighbour.
    """

    def __init__(self, indices: Sequence[Index], places: Ids, tiles: int, outside: int) -> None:
        self.symbols = tiles + 2
        self.outside, self.unknown = tiles, tiles + 1
        self.offsets = np.cumsum([1, *(index.count for index in indices)])
        self.parents = np.zeros(self.offsets[-1], dtype=np.int32)
        self.last = np.zeros(self.offsets[-1], dtype=np.int32)
        self.depth = int(np.searchsorted(self.offsets[1:], ENTRIES // self.symbols, side="right")) - 1
        self.depth = max(0, min(self.depth, len(indices) - 1))
        self._features = np.append(np.arange(tiles), outside).astype(np.int64)
        self.children = np.zeros(self.offsets[self.depth] * self.symbols, dtype=np.int32)
        self._grow(indices, places)

    def _grow(self, indices: Sequence[Index], places: Ids) -> None:
        sums = (places + 1).astype(np.uint64) * multiplier(0)
        index, known = indices[0].find(finish(sums))
        self._roots = dict(zip(places[known].tolist(), (index[known] + 1).tolist(), strict=True))
        nodes, sums = index[known] + 1, sums[known]
        for order in range(1, len(indices)):
            nodes, sums = self._next(indices[order], order, nodes, sums)

    def _next(self, index: Index, order: int, nodes: Ids, sums: NDArray[np.uint64]) -> tuple[Ids, NDArray[np.uint64]]:
        """Hang the contexts of `order` neighbours below those of one less; their numbers and sums."""
        steps = (self._features + 1).astype(np.uint64) * multiplier(order)
        found_nodes, found_sums = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.uint64)]
        stride = max(1, AT_ONCE // len(steps))
        for start in range(0, len(nodes), stride):
            here = slice(start, start + stride)
            longer = (sums[here, None] + steps).reshape(-1)
            place, known = index.find(finish(longer))
            which = np.nonzero(known)[0]
            child = place[which] + self.offsets[order]
            parent = nodes[here][which // len(steps)]
            self.parents[child] = parent
            self.last[child] = which % len(steps)
            if order <= self.depth:
                self.children[parent * self.symbols + which % len(steps)] = child
            found_nodes.append(child)
            found_sums.append(longer[which])
        return np.concatenate(found_nodes), np.concatenate(found_sums)

    def roots(self, places: Ids) -> Nodes:
        """The contexts of no neighbour at places of any shape; 0 where a place was never seen."""
        values, inverse = np.unique(places, return_inverse=True)
        nodes = np.array([self._roots.get(int(value), 0) for value in values], dtype=np.int32)
        return nodes[inverse].reshape(places.shape)

    def seen(self, pairs: Sequence[Pairs], order: int) -> NDArray[np.bool_]:
        """(S, S) whether a tile was seen after a symbol as neighbour `order`; all where no context is that long."""
        if order > self.depth:
            return np.ones((self.symbols, self.symbols), dtype=np.bool_)
        table = np.zeros((self.symbols, self.symbols), dtype=np.bool_)
        rows = self.offsets[order] + pairs[order].rows
        table[self.last[rows], pairs[order].tiles] = True
        table[:, self.outside :] = True
        return table

    def nudged(self, pairs: Sequence[Pairs], weights: Numbers) -> list[Pairs]:
        """The pairs of each length with weighted tiles; see `Pairs.nudged`."""
        total = np.full(self.offsets[-1], weights.mean())
        result = []
        for order, each in enumerate(pairs):
            here = slice(self.offsets[order], self.offsets[order + 1])
            nudged, total[here] = each.nudged(weights, total[self.parents[here]])
            result.append(nudged)
        return result

    def chances(self, pairs: Sequence[Pairs], weights: Numbers | None) -> Numbers:
        """(contexts, T) chances of each tile, back-off included, for the contexts of up to `depth` neighbours."""
        tiles = self.symbols - 2
        table = np.full((self.offsets[self.depth + 1], tiles), 1 / tiles)
        for order, each in enumerate(pairs[: self.depth + 1]):
            here = np.arange(self.offsets[order], self.offsets[order + 1])
            table[here] = each.escape[:, None] * table[self.parents[here]]
            table[here[each.rows], each.tiles] += (1 - each.escape[each.rows]) * each.chance
        if weights is not None:
            table *= weights
            table /= table.sum(axis=1, keepdims=True)
        return table
