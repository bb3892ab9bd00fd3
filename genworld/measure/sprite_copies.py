"""Whether sprites repeat what a model was trained on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from genworld.measure.neighbours import Vectors, squared_distances
from genworld.measure.pictures import Pictures, premultiplied

NEAR = 0.02
"""Root mean square difference, channels from 0 to 1, below which a sprite is a near copy."""

EXACT = 0.001
"""The same, below which it is a copy."""

CANDIDATES = 4
"""Nearest training sprites, found with rounding, whose distance is then computed without."""

STEP = 1024
"""Training sprites held as real numbers at once."""


def nearest_difference(samples: Pictures, training: Pictures) -> NDArray[np.float64]:
    """Root mean square difference of each sample to the nearest training sprite, mirrored ones included.

    Args:
        samples: (N, H, W, 4) uint8 RGBA.
        training: (M, H, W, 4) uint8 RGBA.

    Returns:
        (N,) differences of premultiplied RGBA in [0, 1].
    """
    # A sample against a mirrored training sprite is as far as the mirrored sample against the sprite itself.
    both = np.concatenate([_flat(samples), _flat(samples[:, :, ::-1])])
    nearest = np.full(len(both), np.inf)
    for start in range(0, len(training), STEP):
        np.minimum(nearest, _nearest(both, _flat(training[start : start + STEP])), out=nearest)
    smaller: NDArray[np.float64] = nearest.reshape(2, len(samples)).min(axis=0)
    return smaller


def _flat(pictures: Pictures) -> Vectors:
    return premultiplied(pictures).reshape(len(pictures), -1)


def _nearest(rows: Vectors, others: Vectors) -> NDArray[np.float64]:
    nearest = np.empty(len(rows))
    count = min(CANDIDATES, len(others))
    for part, squared in squared_distances(rows, others):
        candidates = np.argpartition(squared, count - 1, axis=1)[:, :count]
        nearest[part] = np.min([_differences(rows[part], others[pick]) for pick in candidates.T], axis=0)
    return nearest


def _differences(rows: Vectors, others: Vectors) -> NDArray[np.float64]:
    gap = rows - others
    differences: NDArray[np.float64] = np.sqrt(np.einsum("nd,nd->n", gap, gap, dtype=np.float64) / rows.shape[1])
    return differences
