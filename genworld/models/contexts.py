"""The contexts of a Markov chain: what was counted, and tables to draw from.

A context is the place of a cell and its nearest neighbours, as a hash. Where a long context was never seen, the
next shorter one serves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from genworld.errors import GenworldError
from genworld.models.places import Ids

HASH_BITS = 55
ROOM = 4
"""Buckets of the index for each context, so that most hold one or none."""
CROWDED = 16
"""Contexts in one bucket from which on a plain search is as good."""

Numbers = NDArray[np.float64]


class Contexts(nn.Module):
    """The contexts of one length that the data holds, and what followed them.

    Buffers (U contexts, E pairs of a context and a tile that followed it, both sorted):
        keys: (U,) int64 hashes.
        sizes: (U,) uint8, how many different tiles followed.
        tiles: (E,) uint8 tile ids.
        counts: (E,) int32 observations.
    """

    keys: Tensor
    sizes: Tensor
    tiles: Tensor
    counts: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.resize(0, 0)

    def resize(self, contexts: int, pairs: int) -> None:
        """Make room; what was held is lost."""
        self.register_buffer("keys", torch.zeros(contexts, dtype=torch.int64))
        self.register_buffer("sizes", torch.zeros(contexts, dtype=torch.uint8))
        self.register_buffer("tiles", torch.zeros(pairs, dtype=torch.uint8))
        self.register_buffer("counts", torch.zeros(pairs, dtype=torch.int32))

    def learn(self, hashes: Ids, tiles: NDArray[np.uint8], least: int) -> None:
        """Count (M,) tiles after (M,) context hashes; contexts seen less than `least` times are forgotten."""
        pairs, counts = np.unique((hashes << 8) | tiles, return_counts=True)
        keys, first, sizes = np.unique(pairs >> 8, return_index=True, return_counts=True)
        often = np.add.reduceat(counts, first) >= least
        kept = np.repeat(often, sizes)
        self.resize(int(often.sum()), int(kept.sum()))
        self.keys.copy_(torch.from_numpy(keys[often]))
        self.sizes.copy_(torch.from_numpy(sizes[often].astype(np.uint8)))
        self.tiles.copy_(torch.from_numpy((pairs[kept] & 255).astype(np.uint8)))
        self.counts.copy_(torch.from_numpy(counts[kept].astype(np.int32)))

    def check(self, tiles: int) -> None:
        """Raises GenworldError unless the buffers agree with each other."""
        sorted_keys = bool((self.keys[1:] > self.keys[:-1]).all())
        whole = int(self.sizes.sum()) == len(self.tiles) and bool((self.sizes > 0).all())
        known = bool((self.tiles < tiles).all()) and bool((self.counts > 0).all())
        if not (sorted_keys and whole and known):
            raise GenworldError(
                "The counts of this Markov chain contradict each other; take the checkpoint from its source again."
            )


class Index:
    """Finds hashes among sorted keys: a first look in a bucket of equal leading bits, then a few steps.

    Args:
        keys: (U,) hashes of `HASH_BITS` bits, ascending.
    """

    def __init__(self, keys: Ids) -> None:
        self.count = len(keys)
        self._keys = np.append(keys, np.iinfo(np.int64).max)
        bits = max(1, int(ROOM * self.count).bit_length())
        self._shift = HASH_BITS - bits
        edges = np.arange((1 << bits) + 1, dtype=np.int64) << self._shift
        first = np.searchsorted(keys, edges)
        self._steps = int(np.diff(first).max())
        self._first = first.astype(np.int32)
        self._plain = self._steps > CROWDED or (self.count > 0 and not 0 <= keys[0] <= keys[-1] < 1 << HASH_BITS)

    def find(self, hashes: Ids) -> tuple[Ids, NDArray[np.bool_]]:
        """(M,) positions and (M,) whether the key there is the one asked for."""
        if not self.count:
            return np.zeros_like(hashes), np.zeros(len(hashes), dtype=np.bool_)
        place = self._search(hashes)
        return np.minimum(place, self.count - 1), self._keys[place] == hashes

    def _search(self, hashes: Ids) -> Ids:
        if self._plain:
            return np.searchsorted(self._keys[:-1], hashes)
        place: Ids = self._first[hashes >> self._shift].astype(np.int64)
        for _ in range(self._steps):
            place += self._keys[place] < hashes
        return place


@dataclass(frozen=True)
class Pairs:
    """What followed the U contexts of one length, at one temperature.

    Args:
        rows: (E,) context of each pair, ascending.
        tiles: (E,) tile ids, ascending within a context.
        chance: (E,) share of the tile after its context.
        escape: (U,) chance that the next shorter context decides.
    """

    rows: Ids
    tiles: Ids
    chance: Numbers
    escape: Numbers

    @classmethod
    def of(cls, contexts: Contexts, temperature: float, escape: float) -> Pairs:
        """Those of counted contexts; `escape` is the weight of the shorter context, in observations."""
        sizes = contexts.sizes.numpy().astype(np.int64)
        counts = contexts.counts.numpy().astype(np.float64)
        rows = np.repeat(np.arange(len(sizes)), sizes)
        seen = np.bincount(rows, counts, len(sizes)).astype(np.float64)
        weights: Numbers = counts ** (1 / temperature)
        chance = weights / np.bincount(rows, weights, len(sizes))[rows]
        return cls(rows, contexts.tiles.numpy().astype(np.int64), chance, escape / (seen + escape))

    def nudged(self, weights: Numbers, shorter: Numbers) -> tuple[Pairs, Numbers]:
        """These with the chance of each tile multiplied by its weight, and normalised again.

        The chance of a tile is the mixture ``(1 - escape) chance + escape chance_shorter``. Multiplied by the weights
        its two parts have masses, and the new escape is the share of the second.

        Args:
            weights: (T,) of the tiles.
            shorter: (U,) mass of the whole mixture in the next shorter context.

        Returns:
            the pairs, and the (U,) mass of the mixture here.
        """
        heavy = self.chance * weights[self.tiles]
        mass = np.bincount(self.rows, heavy, len(self.escape))
        rest = self.escape * shorter
        total = (1 - self.escape) * mass + rest
        return replace(self, chance=heavy / mass[self.rows], escape=rest / total), total


class Lookup:
    """One length of contexts, ready to draw from.

    Args:
        index: of the contexts' hashes.
        pairs: what followed them.
    """

    def __init__(self, index: Index, pairs: Pairs) -> None:
        self.index = index
        self.known = index.count
        self.tiles = pairs.tiles
        self.chance = pairs.chance
        self.escape = pairs.escape
        self.end = np.cumsum(np.bincount(pairs.rows, minlength=self.known))
        self.start = np.concatenate([[0], self.end])[: self.known]
        # Each context takes one unit of a single long ladder, so that one search finds context and tile.
        self.ladder = np.cumsum(self.chance)
        self.below = np.concatenate([[0.0], self.ladder])[self.start]
        self.pairs = (pairs.rows << 8) | self.tiles

    def find(self, hashes: Ids) -> tuple[Ids, NDArray[np.bool_]]:
        """(M,) context indices and (M,) whether the context is known."""
        return self.index.find(hashes)

    def draw(self, index: Ids, u: Numbers) -> Ids:
        """(M,) tiles for (M,) context indices and (M,) uniform numbers."""
        entry = np.searchsorted(self.ladder, self.below[index] + u, side="right")
        tiles: Ids = self.tiles[np.clip(entry, self.start[index], self.end[index] - 1)]
        return tiles

    def probability(self, index: Ids, tiles: Ids) -> Numbers:
        """(M,) chance of (M,) tiles after (M,) contexts, zero where never seen."""
        pair = (index << 8) | tiles
        entry = np.minimum(np.searchsorted(self.pairs, pair), len(self.pairs) - 1)
        return np.where(self.pairs[entry] == pair, self.chance[entry], 0.0)


def draw(lookups: Sequence[Lookup], features: Ids, u: Numbers, otherwise: Numbers) -> Ids:
    """(M,) tiles: from the longest context down, each draws or escapes to the next.

    Args:
        lookups: of each length of contexts, shortest first.
        features: (F, M) the place and the neighbours, nearest first.
        u: (M,) uniform numbers; they are used up.
        otherwise: (T,) sums of the tiles' chances, the last one 1, where even the place was never seen, such as a
            band of a level lower than all examples.
    """
    sums = _prefix_sums(features)
    tiles = np.zeros(len(u), dtype=np.int64)
    waiting = np.arange(len(u))
    for order in range(len(lookups) - 1, -1, -1):
        index, known = lookups[order].find(finish(sums[order][waiting]))
        if not known.any():
            continue
        escape = np.where(known, lookups[order].escape[index], 1.0)
        here = u[waiting] >= escape
        take, rest = waiting[here], waiting[~here]
        # What is left of a uniform number after a decision is uniform again.
        tiles[take] = lookups[order].draw(index[here], (u[take] - escape[here]) / (1 - escape[here]))
        u[rest] /= escape[~here]
        waiting = rest
        if not len(waiting):
            return tiles
    tiles[waiting] = np.searchsorted(otherwise[:-1], u[waiting], side="right")
    return tiles


def chances_of(lookups: Sequence[Lookup], features: Ids, tiles: Ids, count: int) -> Numbers:
    """(M,) chances of (M,) tiles after (F, M) features, among `count` tiles."""
    p = np.full(len(tiles), 1 / count)
    for lookup, hashes in zip(lookups, prefix_hashes(features), strict=True):
        if lookup.known:
            index, known = lookup.find(hashes)
            escape = lookup.escape[index]
            p = np.where(known, (1 - escape) * lookup.probability(index, tiles) + escape * p, p)
    return p


def multiplier(position: int) -> np.uint64:
    """The odd multiplier of the feature at `position` in `prefix_hashes`: the golden-ratio sequence of splitmix64."""
    golden = (position + 1) * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF
    return np.uint64((golden ^ 0xD1B54A32D192ED03) | 1)


def finish(sums: NDArray[np.uint64]) -> Ids:
    """Hashes of `HASH_BITS` bits from sums of features times multipliers: one round of splitmix64's finaliser."""
    x = (sums ^ (sums >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (x >> np.uint64(64 - HASH_BITS)).astype(np.int64)


def prefix_hashes(features: Ids) -> Ids:
    """(F, M) hashes of the first 1, 2, ... of (F, M) features.

    A multilinear hash (Lemire and Kaser 2014), all in wrapping 64-bit arithmetic.
    """
    return finish(_prefix_sums(features))


def _prefix_sums(features: Ids) -> NDArray[np.uint64]:
    """(F, M) what `finish` makes `prefix_hashes` of."""
    return np.cumsum((features + 1).view(np.uint64) * _multipliers(len(features)), axis=0, dtype=np.uint64)


@cache
def _multipliers(count: int) -> NDArray[np.uint64]:
    """(count, 1) multipliers of the first features."""
    return np.array([[multiplier(k)] for k in range(count)], dtype=np.uint64)
