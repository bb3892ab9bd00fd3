"""How well a cloud of samples matches a cloud of real examples: figures from nearest neighbours and a kernel.

All take feature vectors, (N, D) float32. Counts change these figures, so compare equal numbers of both kinds.

References:
    Kynkaanniemi et al. 2019, *Improved precision and recall metric*; Naeem et al. 2020, *Reliable fidelity and
    diversity metrics for generative models*, equations 3 and 4; Lopez-Paz and Oquab 2017, *Revisiting classifier
    two-sample tests*; Binkowski et al. 2018, *Demystifying MMD GANs* (the kernel and its unbiased estimate).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genworld.errors import GenworldError
from genworld.measure.neighbours import Vectors, Within, squared_distances, within

K = 5


@dataclass(frozen=True)
class Quality:
    """The figures of one comparison.

    Args:
        precision: share of samples within the k-NN radius of some real example.
        recall: share of real examples within the k-NN radius of some sample.
        density: how many real radii a sample lies in, divided by k; may exceed 1.
        coverage: share of real examples with a sample within their k-NN radius.
        nearest_neighbour: leave-one-out accuracy of telling the two apart by the nearest neighbour; 0.5 is best,
            below 0.5 the samples repeat the real ones.
        mmd: squared maximum mean discrepancy, unbiased, so it may be slightly below 0.
    """

    precision: float
    recall: float
    density: float
    coverage: float
    nearest_neighbour: float
    mmd: float


def quality(real: Vectors, samples: Vectors, k: int = K) -> Quality:
    """All figures of `samples` (M, D) against `real` (N, D).

    Raises:
        GenworldError: one of the two has no more than `k` rows.
    """
    if min(len(real), len(samples)) <= k:
        raise GenworldError(
            f"At least {k + 1} real examples and as many samples are needed to compare them, but {len(real)} and "
            f"{len(samples)} came; bring more."
        )
    of_real, of_samples = within(real, k), within(samples, k)
    cross = _across(real, samples, of_real, of_samples)
    accuracy = _two_sample_accuracy(cross, of_real, of_samples)
    return Quality(
        precision=float((cross.balls > 0).mean()),
        recall=float(cross.reached.mean()),
        density=float(cross.balls.mean() / k),
        coverage=float(cross.covered.mean()),
        nearest_neighbour=accuracy,
        mmd=polynomial_mmd(real, samples),
    )


@dataclass(frozen=True)
class _Across:
    """What the distances between N real rows and M samples say, gathered block by block."""

    balls: NDArray[np.int64]  # (M,) real balls that hold the sample
    reached: NDArray[np.bool_]  # (N,) in the ball of some sample
    covered: NDArray[np.bool_]  # (N,) some sample in its own ball
    from_real: Vectors  # (N,) squared distance to the nearest sample
    from_samples: Vectors  # (M,) squared distance to the nearest real row


def _across(real: Vectors, samples: Vectors, of_real: Within, of_samples: Within) -> _Across:
    balls = np.zeros(len(samples), dtype=np.int64)
    reached, covered = np.zeros(len(real), dtype=np.bool_), np.zeros(len(real), dtype=np.bool_)
    from_real = np.empty(len(real), dtype=np.float32)
    from_samples = np.full(len(samples), np.inf, dtype=np.float32)
    for part, squared in squared_distances(real, samples):
        inside = squared <= of_real.radius[part, None]
        balls += inside.sum(axis=0)
        covered[part] = inside.any(axis=1)
        reached[part] = (squared <= of_samples.radius).any(axis=1)
        from_real[part] = squared.min(axis=1)
        np.minimum(from_samples, squared.min(axis=0), out=from_samples)
    return _Across(balls, reached, covered, from_real, from_samples)


def _two_sample_accuracy(cross: _Across, of_real: Within, of_samples: Within) -> float:
    same = np.concatenate([of_real.nearest, of_samples.nearest])
    other = np.concatenate([cross.from_real, cross.from_samples])
    # A tie says nothing about the side, so it counts as a thrown coin.
    return float(np.mean((same < other) + 0.5 * (same == other)))


def polynomial_mmd(real: Vectors, samples: Vectors) -> float:
    """Unbiased squared MMD with kernel ``(x . y / D + 1) ** 3`` (Binkowski et al. 2018, equation 4)."""
    n, m = len(real), len(samples)
    among_real = _kernel_sum(real, real) - _kernel_diagonal(real)
    among_samples = _kernel_sum(samples, samples) - _kernel_diagonal(samples)
    between = _kernel_sum(real, samples)
    return among_real / (n * (n - 1)) + among_samples / (m * (m - 1)) - 2 * between / (n * m)


def _kernel_sum(rows: Vectors, others: Vectors, step: int = 1024) -> float:
    right = others.astype(np.float64).T / others.shape[1]
    return sum(
        float(((rows[start : start + step].astype(np.float64) @ right + 1) ** 3).sum())
        for start in range(0, len(rows), step)
    )


def _kernel_diagonal(rows: Vectors) -> float:
    squared = np.einsum("nd,nd->n", rows, rows, dtype=np.float64) / rows.shape[1]
    return float(((squared + 1) ** 3).sum())
