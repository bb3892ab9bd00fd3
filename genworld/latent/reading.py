"""Readings: where sliders stand at a code, and which way moves them. Plain numpy, quick for one code and for many.

References:
    Tobin 1958, *Estimation of relationships for limited dependent variables*: an attribute has ends to its scale, what
    it is read from has none.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from genworld.latent.fitting import FLAT, Numbers

Rows = NDArray[np.intp]

STEPS = 10
"""Newton steps at most: where the picture answers unevenly one does not suffice."""
STRIDE = 1.0
"""Length of one of them at most, in differences between a sample and the mean: the slope is true nearby."""
FARTHEST = 5.0
"""Length of a whole move at most, in the same: beyond it the model knows nothing."""
BEYOND = 1.0
"""How far past the end of its scale an attribute is pushed, to be sure of it."""
EXACT = 1e-6
"""A position nearer than this to where it is wanted is there."""
SAME = 1e-6
"""Share of the largest from which slopes count as saying something of their own."""


@dataclass(frozen=True, eq=False)
class Reading:
    """A network of two hidden layers with a straight line beside it: ``skip @ x + out @ h(h(x)) + level``, x being the
    code less its mean, over its spread, and h a linear map and a softplus.

    Args:
        mean: (D,) of the model's codes.
        spread: () of them.
        covariance: (D, D) of what enters.
        first, first_level: (H, D) and (H,).
        second, second_level: (H, H) and (H,).
        out, skip, level: (R, H), (R, D) and (R,), a row for each slider.
        low, high: (R,) ends of their scales.
    """

    mean: Numbers
    spread: Numbers
    covariance: Numbers
    first: Numbers
    first_level: Numbers
    second: Numbers
    second_level: Numbers
    out: Numbers
    skip: Numbers
    level: Numbers
    low: Numbers
    high: Numbers

    @cached_property
    def inverse(self) -> Numbers:
        """(D, D) of the covariance."""
        found: Numbers = np.linalg.inv(self.covariance).astype(np.float64)
        return found

    @property
    def arrays(self) -> dict[str, Numbers]:
        """What `Reading` takes, by name."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    def of(self, rows: Rows) -> Reading:
        """Some of the sliders, in the order given."""
        return replace(self, **{name: getattr(self, name)[rows] for name in ("out", "skip", "level", "low", "high")})

    def rounded(self) -> Reading:
        """The same as it comes back from a file of 32-bit numbers."""
        return Reading(**{name: array.astype(np.float32).astype(np.float64) for name, array in self.arrays.items()})

    def with_lines(self, slopes: Numbers, levels: Numbers) -> Reading:
        """The same with (K, D) straight lines as further sliders: ``slopes @ code + levels``."""
        endless = np.full(len(slopes), np.inf)
        return replace(
            self,
            out=np.concatenate([self.out, np.zeros((len(slopes), self.out.shape[1]))]),
            skip=np.concatenate([self.skip, slopes * self.spread]),
            level=np.concatenate([self.level, levels + slopes @ self.mean]),
            low=np.concatenate([self.low, -endless]),
            high=np.concatenate([self.high, endless]),
        )

    def positions(self, codes: Numbers) -> Numbers:
        """(N, R) where the sliders stand for (N, D) codes: within the ends of their scales."""
        return np.clip(self._raw(self._entering(codes)), self.low, self.high)

    def steps(self, codes: Numbers) -> Numbers:
        """(N, R, D) changes of the codes that raise each position by 1, near by: the shortest among the samples."""
        slopes = self._slopes(self._entering(codes), np.arange(len(self.level)))
        ways = slopes @ self.covariance
        gain = np.maximum((slopes * ways).sum(axis=2, keepdims=True), FLAT)
        found: Numbers = ways / gain * self.spread
        return found

    def moved(self, codes: Numbers, rows: Rows, to: Numbers) -> Numbers:
        """Codes from which sliders stand where they are wanted, or as near to it as a sensible move leads.

        Args:
            codes: (N, D) where from.
            rows: (K,) which sliders.
            to: (N, K) their positions.
        """
        start = now = self._entering(codes)
        for _ in range(STEPS):
            missing = self._missing(now, rows, to)
            if np.abs(missing).max(initial=0.0) < EXACT:
                break
            now = start + self._within(now + self._within(self._step(now, rows, missing), STRIDE) - start, FARTHEST)
        found: Numbers = now * self.spread + self.mean
        return found

    def left(self, code: Numbers, row: int, staying: Rows) -> float:
        """Share of the slope of a slider at a (D,) code that does not move those that must stay."""
        slopes = self._slopes(self._entering(code[None]), np.append(staying, row))[0]
        inner = slopes @ self.covariance @ slopes.T
        across, whole = inner[-1, :-1], max(float(inner[-1, -1]), FLAT)
        return 1 - float(across @ np.linalg.pinv(inner[:-1, :-1], rcond=SAME, hermitian=True) @ across) / whole

    def _entering(self, codes: Numbers) -> Numbers:
        found: Numbers = (codes - self.mean) / self.spread
        return found

    def _hidden(self, x: Numbers) -> tuple[Numbers, Numbers]:
        """(N, H) both, before their softplus."""
        one = x @ self.first.T + self.first_level
        return one, np.logaddexp(0, one) @ self.second.T + self.second_level

    def _raw(self, x: Numbers) -> Numbers:
        """(N, R) without ends."""
        found: Numbers = np.logaddexp(0, self._hidden(x)[1]) @ self.out.T + x @ self.skip.T + self.level
        return found

    def _slopes(self, x: Numbers, rows: Rows) -> Numbers:
        """(N, K, D) of the sliders without ends."""
        one, two = (_sigmoid(each)[:, None] for each in self._hidden(x))
        found: Numbers = ((self.out[rows] * two) @ self.second * one) @ self.first + self.skip[rows]
        return found

    def _missing(self, x: Numbers, rows: Rows, to: Numbers) -> Numbers:
        """(N, K) by how much the sliders must rise. At the end of a scale anything past it will do."""
        low, high, raw = self.low[rows], self.high[rows], self._raw(x)[:, rows]
        aim = np.clip(to, low - BEYOND, high + BEYOND)
        missing = aim - raw
        missing = np.where(aim >= high, np.maximum(missing, 0), missing)
        found: Numbers = np.where(aim <= low, np.minimum(missing, 0), missing)
        return found

    def _step(self, x: Numbers, rows: Rows, missing: Numbers) -> Numbers:
        """(N, D) the shortest change, among the samples, that does it if the slopes are true."""
        slopes = self._slopes(x, rows)
        ways = slopes @ self.covariance
        inner = ways @ slopes.transpose(0, 2, 1)
        shares = np.linalg.pinv(inner, rcond=SAME, hermitian=True) @ missing[:, :, None]
        found: Numbers = (shares.transpose(0, 2, 1) @ ways)[:, 0]
        return found

    def _within(self, moves: Numbers, most: float) -> Numbers:
        """(N, D) moves, none of them longer."""
        length = np.sqrt(np.maximum(((moves @ self.inverse) * moves).sum(axis=1, keepdims=True), FLAT))
        found: Numbers = moves * np.minimum(1.0, most / length)
        return found


def _sigmoid(x: Numbers) -> Numbers:
    found: Numbers = 0.5 * (1 + np.tanh(x / 2))
    return found
