"""Distances to nearest neighbours, in blocks, so that memory stays bounded whatever the counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""(N, D) rows of real numbers."""

BLOCK_CELLS = 2**24
"""Distances held at once: 64 MiB of float32."""

ROUNDING = 1e-6
"""Squared distances below this share of the squared lengths are rounding, and count as zero."""


def squared_distances(rows: Vectors, others: Vectors) -> Iterator[tuple[slice, Vectors]]:
    """Squared Euclidean distances from `rows` to `others`, some rows at a time.

    Args:
        rows: (N, D).
        others: (M, D).

    Yields:
        A slice of the rows and their (B, M) squared distances.
    """
    length = np.einsum("md,md->m", others, others)
    step = max(1, BLOCK_CELLS // max(1, len(others)))
    for start in range(0, len(rows), step):
        part = slice(start, min(start + step, len(rows)))
        yield part, _block(rows[part], others, length)


def _block(rows: Vectors, others: Vectors, length: Vectors) -> Vectors:
    scale = np.einsum("nd,nd->n", rows, rows)[:, None] + length
    squared: Vectors = scale - 2 * (rows @ others.T)
    squared[squared < ROUNDING * scale] = 0
    return squared


@dataclass(frozen=True)
class Within:
    """Neighbours of each row among the other rows of its own set, as squared distances.

    Args:
        nearest: (N,) to the nearest one.
        radius: (N,) to the k-th nearest one.
    """

    nearest: Vectors
    radius: Vectors


def within(rows: Vectors, k: int) -> Within:
    """Distances inside one set of more than `k` rows; a row is no neighbour of itself."""
    nearest = np.empty(len(rows), dtype=np.float32)
    radius = np.empty(len(rows), dtype=np.float32)
    for part, squared in squared_distances(rows, rows):
        squared[np.arange(len(squared)), np.arange(part.start, part.stop)] = np.inf
        ordered = np.partition(squared, k - 1, axis=1)[:, :k]
        nearest[part], radius[part] = ordered.min(axis=1), ordered.max(axis=1)
    return Within(nearest, radius)
