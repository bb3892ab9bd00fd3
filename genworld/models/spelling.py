"""Lines drawn from a hidden Markov chain given all that is pinned and wished, and judged cell by cell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from genworld.models.baum_welch import Chain, Numbers
from genworld.models.lines import Ids
from genworld.models.words import Fit, Words


class Speller:
    """A chain with its words, at one temperature.

    Args:
        chain: of states.
        words: that the states show.
    """

    def __init__(self, chain: Chain, words: Words) -> None:
        self.chain = chain
        self.words = words

    def plan(self, pins: Ids, nats: Numbers | None) -> Plan:
        """What is known of (K, R) lines, -1 in their free cells, with (T,) nats wished for the tiles of those."""
        kinds, index = np.unique(pins, axis=0, return_inverse=True)
        fits = [self.words.fit(np.maximum(line, 0), line < 0, nats) for line in kinds]
        evidence = np.array([self.chain.shows @ fit.weights for fit in fits])
        return Plan(self, pins, nats, [fits[k] for k in index.reshape(-1)], evidence[index.reshape(-1)])

    def nats(self, ids: Ids, shares: Numbers) -> float:
        """Log-likelihood of (K, R) lines, in nats, with (G,) shares of the groups."""
        now, total = shares[:, None] * self.chain.start, 0.0
        for shown, top in self._likelihoods(ids):
            now = now * shown
            scale = now.sum()
            total += float(np.log(scale)) + top
            now = self._moved(now / scale)
        return total

    def _likelihoods(self, ids: Ids) -> list[tuple[Numbers, float]]:
        """For each line the (S,) chance that a state shows it, divided by a factor, and that factor in nats."""
        kinds, index = np.unique(ids, axis=0, return_inverse=True)
        fits = [self.words.fit(line, np.zeros(len(line), dtype=np.bool_)) for line in kinds]
        each = [(self.chain.shows @ fit.weights, float(fit.nats.max())) for fit in fits]
        return [each[k] for k in index.reshape(-1)]

    def _moved(self, now: Numbers) -> Numbers:
        """(G, S) chances of the next state."""
        moved: Numbers = np.matmul(now[:, None], self.chain.moves)[:, 0]
        return moved

    def surprise(self, ids: Ids, shares: Numbers) -> Numbers:
        """(K, R) nats that each cell costs: given the lines before, and the cells before it in its line.

        Their sum is `nats` with its sign changed: the chain rule of probability, with all states and groups summed out.
        """
        now, costs = shares[:, None] * self.chain.start, []
        for line, (shown, _) in zip(ids, self._likelihoods(ids), strict=True):
            costs.append(self.words.surprise(line, now.sum(axis=0) @ self.chain.shows))
            now = now * shown
            now = self._moved(now / now.sum())
        return np.array(costs)


@dataclass(frozen=True)
class Plan:
    """Lines to be drawn.

    Args:
        speller: that draws.
        pins: (K, R) tile ids, -1 where free.
        nats: (T,) wished for the tiles of free cells, or None.
        fits: what is known of each line.
        evidence: (K, S) the same for each state, relative within a line.
    """

    speller: Speller
    pins: Ids
    nats: Numbers | None
    fits: list[Fit]
    evidence: Numbers

    def group(self, shares: Numbers, u: float) -> int:
        """A group drawn by (G,) shares and by how well it goes with what is known."""
        groups = np.nonzero(shares)[0].tolist()
        if len(groups) == 1 or not self._tells():
            return _pick(shares, u)
        nats = np.array([self._ahead(group)[1] for group in groups])
        return int(groups[_pick(shares[groups] * np.exp(nats - nats.max()), u)])

    def _tells(self) -> bool:
        """Whether anything is pinned or wished."""
        return self.nats is not None or bool((self.pins >= 0).any())

    def _ahead(self, group: int) -> tuple[Numbers, float]:
        """(K, S) how well each state goes with what is known of the lines after it, and nats of all that is known."""
        moves, ahead, nats = self.speller.chain.moves[group], np.ones_like(self.evidence), 0.0
        for k in range(len(ahead) - 2, -1, -1):
            after = moves @ (self.evidence[k + 1] * ahead[k + 1])
            ahead[k] = after / after.max()
            nats += float(np.log(after.max()))
        first = self.speller.chain.start[group] @ (self.evidence[0] * ahead[0])
        return ahead, nats + float(np.log(first))

    def drawn(self, group: int, u: Numbers) -> Ids:
        """(K, R) tile ids: states from the first line on, each by its chance times what lies ahead of it.

        Args:
            group: that the level is of.
            u: (K, 3 + R) uniform numbers.
        """
        ahead, _ = self._ahead(group)
        chances, drawn = self.speller.chain.start[group], []
        for k, fit in enumerate(self.fits):
            state = _pick(chances * self.evidence[k] * ahead[k], u[k, 0])
            drawn.append(self._line(k, state, fit, u[k, 1:]))
            chances = self.speller.chain.moves[group, state]
        return np.array(drawn)

    def _line(self, k: int, state: int, fit: Fit, u: Numbers) -> Ids:
        weights = self.speller.chain.shows[state] * fit.weights
        line, free = np.maximum(self.pins[k], 0), self.pins[k] < 0
        return self.speller.words.draw(_pick(weights, u[0]), fit, line, free, self.nats, u[1:])


def _pick(weights: Numbers, u: float) -> int:
    """An index drawn by its weight with a uniform number."""
    ladder = np.cumsum(weights)
    return min(int(np.searchsorted(ladder, u * ladder[-1], side="right")), len(weights) - 1)
