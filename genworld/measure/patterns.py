"""TPKL: how far the small patterns of generated levels are from those of real ones.

It punishes patterns never seen and rewards copying, so it is never shown without the copying figures.

Reference:
    Lucas and Volz 2019, *Tile pattern KL-divergence for analysing and evolving game levels*, section 3.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from genworld.errors import GenworldError
from genworld.measure.windows import Codes, Grids, codes

SIZES = (4, 3, 2)
"""Window sides in tiles."""

EPSILON = 1e-7


def tpkl(real: Grids, generated: Grids) -> float:
    """Mean over the window sizes of KL(real || generated), in nats.

    Args:
        real: (N, H, W) tile ids.
        generated: the same shape: the figure depends on the number of cells.

    Raises:
        GenworldError: the shapes differ, or are smaller than the largest window.
    """
    if real.shape != generated.shape or min(real.shape[1:]) < max(SIZES):
        raise GenworldError(
            f"TPKL compares equal numbers of levels of one size, at least {max(SIZES)} x {max(SIZES)} tiles, but "
            f"arrays of shape {real.shape} and {generated.shape} came; crop them alike."
        )
    return float(np.mean([divergence(codes(real, size, size), codes(generated, size, size)) for size in SIZES]))


def divergence(real: Codes, generated: Codes) -> float:
    """KL(real || generated) over the patterns that occur in `real`, in nats.

    Args:
        real, generated: pattern codes of any shape.
    """
    patterns, count = np.unique(real, return_counts=True)
    p = _probability(count, real.size)
    q = _probability(_counts(generated, patterns), generated.size)
    return float(np.sum(p * np.log(p / q)))


def _probability(count: NDArray[np.intp], total: int) -> NDArray[np.float64]:
    """``(c + e) / ((n + e)(1 + e))``."""
    smoothed: NDArray[np.float64] = (count.astype(np.float64) + EPSILON) / ((total + EPSILON) * (1 + EPSILON))
    return smoothed


def _counts(found: Codes, patterns: Codes) -> NDArray[np.intp]:
    """How often each of the sorted `patterns` is in `found`."""
    ordered = np.sort(found, axis=None)
    return np.searchsorted(ordered, patterns, side="right") - np.searchsorted(ordered, patterns, side="left")
