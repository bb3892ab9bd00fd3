"""All tables of a Markov chain, made when they are first asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TypeVar

import numpy as np

from genworld.content import Legend
from genworld.models.contexts import Contexts, Index, Lookup, Numbers, Pairs
from genworld.models.filling import Chances
from genworld.models.nudging import tile_nats
from genworld.models.places import OUTSIDE, Ids
from genworld.models.tree import Tree
from genworld.provenance import Nudges

KEPT = 4
"""Temperatures, with their nudges, whose tables stay in memory."""

Mood = tuple[float, Nudges]
"""Temperature and nudges."""
T = TypeVar("T")


class Tables:
    """What one state of a chain's counts gives.

    Args:
        contexts: the counts, shortest contexts first.
        legend: of the tiles.
        escape: weight of the shorter context, in observations.
        warmth: factor of every temperature.
        every_place: (P,) all values of the place.
    """

    def __init__(
        self,
        contexts: Sequence[Contexts],
        legend: Legend,
        escape: float,
        warmth: float,
        every_place: Ids,
    ) -> None:
        self._contexts = contexts
        self._legend = legend
        self._escape = escape
        self._warmth = warmth
        self._places = every_place
        self._lookups: dict[Mood, list[Lookup]] = {}
        self._chances: dict[Mood, Chances] = {}

    @cached_property
    def indices(self) -> list[Index]:
        """Of the hashes of each length of contexts."""
        return [Index(contexts.keys.numpy()) for contexts in self._contexts]

    @cached_property
    def tree(self) -> Tree:
        """The contexts as a tree."""
        return Tree(self.indices, self._places, len(self._legend.tiles), OUTSIDE)

    def lookups(self, temperature: float, nudges: Nudges = ()) -> list[Lookup]:
        """Tables to draw from without looking ahead, shortest contexts first."""
        return _kept(self._lookups, (temperature, nudges), self._make_lookups)

    def chances(self, temperature: float, nudges: Nudges = ()) -> Chances:
        """Tables for filling."""
        return _kept(self._chances, (temperature, nudges), self._make_chances)

    def otherwise(self, nudges: Nudges = ()) -> Numbers:
        """(T,) sums of the tiles' chances at a place never seen: all alike but for the nudges."""
        count, weights = len(self._legend.tiles), self._weights(nudges)
        sums = np.arange(1, count + 1) / count if weights is None else np.cumsum(weights) / weights.sum()
        return sums

    def _weights(self, nudges: Nudges) -> Numbers | None:
        """(T,) factors of the tiles' chances; None where the nudges change nothing."""
        nats = tile_nats(self._legend, nudges)
        return None if nats is None else np.exp(nats - nats.max())

    def _pairs(self, temperature: float) -> list[Pairs]:
        """The place alone has no shorter context to escape to."""
        escapes = [0.0] + [self._escape] * (len(self._contexts) - 1)
        return [
            Pairs.of(each, temperature * self._warmth, escape)
            for each, escape in zip(self._contexts, escapes, strict=True)
        ]

    def _make_lookups(self, mood: Mood) -> list[Lookup]:
        pairs, weights = self._pairs(mood[0]), self._weights(mood[1])
        if weights is not None:
            pairs = self.tree.nudged(pairs, weights)
        return [Lookup(index, each) for index, each in zip(self.indices, pairs, strict=True)]

    def _make_chances(self, mood: Mood) -> Chances:
        return Chances.of(self.tree, self._pairs(mood[0]), self._weights(mood[1]))


def _kept(made: dict[Mood, T], mood: Mood, make: Callable[[Mood], T]) -> T:
    if mood not in made:
        if len(made) >= KEPT:
            made.pop(next(iter(made)))
        made[mood] = make(mood)
    return made[mood]
