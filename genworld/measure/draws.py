"""Intervals when few samples came: the same measurement on several random halves.

A bootstrap that draws with replacement would set copies of an example beside it, at distance zero, and spoil every
figure that rests on nearest neighbours or on counts of distinct examples. Halves drawn without replacement vary as
much as whole sets do (the delete-half jackknife: Shao and Wu 1989, *A general theory for jackknife variance
estimation*), so their spread gives the interval.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genworld import seeding

Chosen = NDArray[np.intp]
"""Positions of the examples that a draw measures."""

FEW = 500
"""With fewer samples than this a figure comes with an interval."""

DRAWS = 5

STUDENT = 2.776
"""97.5% quantile of Student's t with ``DRAWS - 1`` degrees of freedom."""

Range = tuple[float, float]
SHARE: Range = (0.0, 1.0)


@dataclass(frozen=True)
class Estimate:
    """A number, with its 95% interval where few samples came."""

    value: float
    low: float | None = None
    high: float | None = None


Measure = Callable[..., Mapping[str, float]]
"""Named numbers for the positions chosen from each set."""


def estimates(measure: Measure, sizes: Sequence[int], seed: int, name: str) -> dict[str, Estimate]:
    """What `measure` gives, with intervals when the first set is small.

    Args:
        measure: called with one array of positions for each set.
        sizes: examples in each set, samples first.
        seed, name: of the random halves.
    """
    if sizes[0] >= FEW:
        whole = measure(*(np.arange(size) for size in sizes))
        return {key: Estimate(value) for key, value in whole.items()}
    trials = [measure(*_halves(sizes, seed, f"{name}/{draw}")) for draw in range(DRAWS)]
    return {key: _interval([trial[key] for trial in trials]) for key in trials[0]}


def subset(size: int, count: int, seed: int, name: str) -> Chosen:
    """`count` of `size` positions without replacement, in rising order; all of them when `count` is `size`."""
    return np.sort(seeding.numpy_stream(seed, f"measure/{name}").permutation(size)[:count])


def _halves(sizes: Sequence[int], seed: int, name: str) -> list[Chosen]:
    return [subset(size, (size + 1) // 2, seed, f"{name}/{index}") for index, size in enumerate(sizes)]


def _interval(values: Sequence[float]) -> Estimate:
    mean = math.fsum(values) / len(values)
    spread = STUDENT * float(np.std(values, ddof=1))
    return Estimate(mean, mean - spread, mean + spread)
