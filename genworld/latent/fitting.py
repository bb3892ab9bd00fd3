"""Regressions and components behind directions, in 64-bit numpy: given numbers in, the same numbers out.

References:
    Hoerl and Kennard 1970, *Ridge regression*; Horn 1965, *A rationale and test for the number of factors in factor
    analysis* (parallel analysis).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from genworld import seeding

Numbers = NDArray[np.float64]

TAIL = 0.01
"""Share of values at either end that count as the value there: one odd sample should not turn a direction."""
FITTED = 0.75
"""Share of the samples, the first ones, that a regression sees; the rest tell how well it predicts."""
STRENGTH = 0.01
"""Of the ridge, in mean variances of a code's numbers."""
NOISES = 20
"""Draws of isotropic noise that principal directions must beat."""
FLAT = 1e-9
"""Spreads below this are those of a constant."""


@dataclass(frozen=True, eq=False)
class Cloud:
    """Codes as regressions want them.

    Args:
        centred: (N, D) codes less their mean.
        mean: (D,).
        covariance: (D, D).
    """

    centred: Numbers
    mean: Numbers
    covariance: Numbers

    @classmethod
    def of(cls, codes: ArrayLike) -> Cloud:
        """Of (N, D) codes."""
        whole = np.asarray(codes, dtype=np.float64)
        mean = whole.mean(axis=0)
        centred = whole - mean
        return cls(centred, mean, centred.T @ centred / len(centred))

    @property
    def ridge(self) -> Numbers:
        """(D, D) what is added to a covariance before it is inverted."""
        size = len(self.covariance)
        strength = STRENGTH * float(np.trace(self.covariance)) / size + FLAT
        return np.eye(size, dtype=np.float64) * strength

    @property
    def fitted(self) -> int:
        """How many of the samples regressions see."""
        return int(len(self.centred) * FITTED)


@dataclass(frozen=True, eq=False)
class Line:
    """A linear prediction of a standardised number: ``slope @ code - offset``.

    Args:
        slope: (D,).
        offset: what the slope gives at the mean of the number.
        score: coefficient of determination on the samples that the regression did not see.
    """

    slope: Numbers
    offset: float
    score: float


def unit(drawn: ArrayLike, values: ArrayLike | None = None) -> Numbers:
    """(M, A) values, or those drawn themselves, in standard deviations from the mean of those drawn.

    Tails are cut: what lies beyond counts as lying there. NaN stays; 0 where those drawn do not vary.

    Args:
        drawn: (N, A).
        values: (M, A).
    """
    whole = np.asarray(drawn, dtype=np.float64)
    other = whole if values is None else np.asarray(values, dtype=np.float64)
    return np.stack([_unit(a, b) for a, b in zip(whole.T, other.T, strict=True)], axis=1)


def standardised(values: ArrayLike) -> Numbers:
    """(N,) values less their mean, over their standard deviation, tails cut, as `unit` does it."""
    column = np.asarray(values, dtype=np.float64)
    return _unit(column, column)


def _unit(drawn: Numbers, values: Numbers) -> Numbers:
    if not np.isfinite(drawn).any():
        return np.where(np.isfinite(values), 0.0, np.nan)
    low, high = np.nanquantile(drawn, [TAIL, 1 - TAIL])
    cut = np.clip(drawn, low, high)
    mean, spread = np.nanmean(cut), np.nanstd(cut)
    found: Numbers = (np.clip(values, low, high) - mean) / spread if spread > FLAT else np.zeros_like(values)
    return found


def line(cloud: Cloud, values: Numbers) -> Line:
    """Ridge regression of (N,) values, of which NaN are left out, on the codes of a cloud."""
    known = np.isfinite(values)
    seen = known & (np.arange(len(values)) < cloud.fitted)
    slope, level = ridge(cloud.centred[seen], values[seen], cloud.ridge)
    told = cloud.centred @ slope + level
    score = determination(values[known & ~seen], told[known & ~seen])
    return Line(slope, float(slope @ cloud.mean - level), score)


def ridge(x: Numbers, y: Numbers, strength: Numbers) -> tuple[Numbers, float]:
    """(D,) slope and level of the best line through (N, D) `x` and (N,) `y`; (D, D) `strength` keeps the slope short."""
    if not len(x):
        return np.zeros(x.shape[1]), 0.0
    middle, level = x.mean(axis=0), float(y.mean())
    away = x - middle
    slope = np.linalg.solve(away.T @ away / len(x) + strength, away.T @ (y - level) / len(x))
    return slope, level - float(middle @ slope)


def determination(values: Numbers, told: Numbers) -> float:
    """R2: the share of the variance of `values` that is told; at most 1, 0 for a constant."""
    total = float(((values - values.mean()) ** 2).sum()) if len(values) else 0.0
    return 1 - float(((values - told) ** 2).sum()) / total if total > FLAT else 0.0


@dataclass(frozen=True, eq=False)
class Component:
    """A principal direction of features.

    Args:
        axis: (F,) of length 1.
        share: of the variance.
    """

    axis: Numbers
    share: float


def components(features: ArrayLike, most: int, seed: int = 0) -> list[Component]:
    """The principal directions whose share of the variance beats that of isotropic noise, the largest first.

    Args:
        features: (N, F).
        most: how many at most.
        seed: of the noise.
    """
    whole = np.asarray(features, dtype=np.float64)
    away = whole - whole.mean(axis=0)
    shares, axes = _shares(away)
    least = _noise_shares(whole.shape[0], whole.shape[1], seed)
    beating = np.flatnonzero(shares <= least)
    count = min(most, int(beating[0]) if len(beating) else len(shares))
    return [Component(axes[:, k], float(shares[k])) for k in range(count)]


def _shares(away: Numbers) -> tuple[Numbers, Numbers]:
    """(F,) shares of the variance, falling, and (F, F) axes as columns, of centred features."""
    variances, axes = np.linalg.eigh(away.T @ away / len(away))
    variances = np.maximum(variances[::-1], 0)
    return variances / max(float(variances.sum()), FLAT), axes[:, ::-1]


def _noise_shares(count: int, width: int, seed: int) -> Numbers:
    """(width,) the largest share of each rank among draws of noise of the same size."""
    draws = (
        seeding.numpy_stream(seed, f"isotropic/{k}").standard_normal((count, width), dtype=np.float32)
        for k in range(NOISES)
    )
    shares = [_shares((noise - noise.mean(axis=0)).astype(np.float64))[0] for noise in draws]
    found: Numbers = np.max(shares, axis=0)
    return found


def correlation(a: Numbers, b: Numbers) -> float:
    """Of two rows of numbers, NaN left out; 0 where one is constant."""
    known = np.isfinite(a) & np.isfinite(b)
    a, b = a[known], b[known]
    if len(a) < 2 or a.std() < FLAT or b.std() < FLAT:
        return 0.0
    return float(np.corrcoef(a, b)[0, 1])
