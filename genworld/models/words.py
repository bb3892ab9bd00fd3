"""The words of a hidden Markov model: the different lines that were seen, and what it makes of a line that never was.

A line is one of the words as it was seen. Now and then it is *redrawn*: a word of which each cell is, with a small
chance of its own, drawn anew from the tiles that stand in its place. So every line has a chance, the larger the more
it is like one that was seen, and whatever is pinned can be agreed with.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from genworld.models.baum_welch import Numbers
from genworld.models.lines import Ids, Lines

REDRAWN = 0.1
"""Chance that a cell of a redrawn line is drawn anew."""
ANY = 1.0
"""Observations, spread over all tiles, that are added to those of each place in a line."""


@dataclass(frozen=True)
class Fit:
    """How well each word goes with what is pinned and nudged in a line, in nats relative to each other.

    Args:
        seen: (V,) as it was seen.
        redrawn: (V,) with cells drawn anew.
    """

    seen: Numbers
    redrawn: Numbers

    @cached_property
    def nats(self) -> Numbers:
        """(V,) either way."""
        both: Numbers = np.logaddexp(self.seen, self.redrawn)
        return both

    @cached_property
    def weights(self) -> Numbers:
        """(V,) the same as factors, the largest 1."""
        factors: Numbers = np.exp(self.nats - self.nats.max())
        return factors


class Words:
    """V different lines of R cells, of T tiles.

    Args:
        lines: (V, R) tile ids.
        counts: (V,) how often each was seen.
        tiles: T.
        unseen: chance that a line is redrawn.
    """

    def __init__(self, lines: Lines, counts: Ids, tiles: int, unseen: float) -> None:
        self.lines = lines.astype(np.int64)
        self.usual: Numbers = counts / counts.sum()
        self._seen, self._redrawn = np.log1p(-unseen), np.log(unseen)
        self._places = np.arange(lines.shape[1])
        stood = np.stack([np.bincount(place, counts, tiles) for place in self.lines.T])
        self._anew: Numbers = REDRAWN * (stood + ANY / tiles) / (counts.sum() + ANY)

    def fit(self, line: Ids, free: NDArray[np.bool_], nats: Numbers | None = None) -> Fit:
        """What is known of a line, and what is wished of its free cells, as evidence for each word.

        Args:
            line: (R,) tile ids; what the free cells hold does not matter.
            free: (R,) cells that are not pinned.
            nats: (T,) wished for each tile in a free cell.
        """
        agrees = (self.lines == line) | free
        cells = np.where(free, 0.0, self._cell_nats(line))
        seen = np.where(agrees.all(axis=1), 0.0, -np.inf)
        if nats is not None:
            heavy = np.exp(nats)
            seen = seen + np.where(free, nats[self.lines], 0.0).sum(axis=1)
            sums = (1 - REDRAWN) * heavy[self.lines] + (self._anew @ heavy)[None]
            cells = np.where(free, np.log(sums), cells)
        return Fit(seen + self._seen, cells.sum(axis=1) + self._redrawn)

    def _cell_nats(self, line: Ids) -> Numbers:
        """(V, R) log-chance of each cell of a line in each word with cells drawn anew."""
        anew = self._anew[self._places, line]
        nats: Numbers = np.where(self.lines == line, np.log(1 - REDRAWN + anew), np.log(anew))
        return nats

    def draw(self, word: int, fit: Fit, line: Ids, free: NDArray[np.bool_], nats: Numbers | None, u: Numbers) -> Ids:
        """(R,) tile ids of a line that shows a word and agrees with what is pinned.

        Args:
            word: drawn by ``fit.nats``.
            fit, line, free, nats: see `fit`.
            u: (1 + R,) uniform numbers.
        """
        if u[0] < np.exp(fit.seen[word] - fit.nats[word]):
            return np.where(free, self.lines[word], line)
        chances = self._anew.copy()
        chances[self._places, self.lines[word]] += 1 - REDRAWN
        if nats is not None:
            chances *= np.exp(nats)
        ladder = np.cumsum(chances, axis=1)
        drawn = np.minimum((ladder <= u[1:, None] * ladder[:, -1:]).sum(axis=1), chances.shape[1] - 1)
        return np.where(free, drawn, line)

    def surprise(self, line: Ids, chances: Numbers) -> Numbers:
        """(R,) nats that each cell costs given those before it in its line, where the words have (V,) chances."""
        with np.errstate(divide="ignore"):
            logs = np.log(chances)[:, None]
        agrees = np.logical_and.accumulate(self.lines == line, axis=1)
        seen = np.where(agrees, self._seen, -np.inf)
        redrawn = self._redrawn + np.cumsum(self._cell_nats(line), axis=1)
        upto = _logsum(logs + np.logaddexp(seen, redrawn))
        cost: Numbers = -np.diff(upto, prepend=float(_logsum(logs)[0]))
        return cost


def _logsum(logs: Numbers) -> Numbers:
    """Log of the sum over the first axis."""
    top = logs.max(axis=0)
    total: Numbers = top + np.log(np.exp(logs - top).sum(axis=0))
    return total
