"""How much the samples of a model differ from each other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from genworld.measure.windows import Grids


def unique_share(examples: NDArray[np.uint8]) -> float:
    """Share of examples that are distinct, from (N, ...) arrays of bytes.

    >>> unique_share(np.array([[1, 2], [1, 2], [3, 4], [5, 6]], dtype=np.uint8))
    0.75
    """
    return len({example.tobytes() for example in examples}) / len(examples)


def pairwise_hamming(grids: Grids) -> float:
    """Mean share of cells in which two levels differ, over all pairs.

    All pairs at once: in a cell, a pair agrees when both show the same tile, and tiles are counted.

    Args:
        grids: (N, H, W) tile ids, N at least 2.

    >>> round(pairwise_hamming(np.array([[[0, 0]], [[0, 1]], [[0, 1]]], dtype=np.uint8)), 3)
    0.333
    """
    count = len(grids)
    shown = [(grids == tile).sum(axis=0, dtype=np.int64) for tile in np.unique(grids)]
    agreeing = np.sum([tally * (tally - 1) for tally in shown], axis=0) / (count * (count - 1))
    return float(1 - agreeing.mean())
