"""Parts of levels, chosen by chance: masks of cells to be made anew, or to be taken from elsewhere."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from genworld.content import Level

Mask = NDArray[np.bool_]
"""(H, W), True in the part."""

BOXES = 3
"""Boxes whose cells are made anew, at most, unless they are too few to hold them."""
SEAM = 1
"""Cells on either side of a seam that are made anew."""


def boxes(level: Level, share: float, random: np.random.Generator) -> Mask:
    """(H, W) a few boxes that cover about a share of the cells."""
    mask: Mask = np.zeros(level.tiles.shape, np.bool_)
    count = int(random.integers(1, BOXES + 1))
    while mask.mean() < share:
        side = min(1.0, (share / count) ** 0.5)
        mask |= box(level, np.clip(side * np.exp(random.uniform(-0.3, 0.3) * np.array([1, -1])), 0, 1), random)
    return mask


def box(level: Level, shares: NDArray[np.float64], random: np.random.Generator) -> Mask:
    """(H, W) a box of a share of the rows and of the columns, anywhere."""
    mask: Mask = np.zeros(level.tiles.shape, np.bool_)
    sides = [max(1, round(length * share)) for length, share in zip(mask.shape, shares, strict=True)]
    top, left = (int(random.integers(length - side + 1)) for length, side in zip(mask.shape, sides, strict=True))
    mask[top : top + sides[0], left : left + sides[1]] = True
    return mask


def seam(part: Mask) -> Mask:
    """(H, W) the cells within `SEAM` of the border between a part and the rest."""
    return _grown(part, SEAM) & _grown(~part, SEAM)


def _grown(mask: Mask, by: int) -> Mask:
    height, width = mask.shape
    padded = np.pad(mask, by)
    steps = range(2 * by + 1)
    return np.asarray(np.logical_or.reduce([padded[r : r + height, c : c + width] for r in steps for c in steps]))
