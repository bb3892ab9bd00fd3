"""What colours a picture has and where, as numbers: a feature beside `genworld.measure.features`, which sees edges.

The network of that module was made to see shapes: measured on sprites with coloured noise, its distances hardly grow.
These numbers need no network. They are means of premultiplied RGBA over squares of three sizes, which say which colour
is where, and how much neighbouring pixels differ in lightness and in hue, which says how clean it is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from genworld.measure.neighbours import Vectors
from genworld.measure.pictures import Pictures, premultiplied

FEATURE = "means of premultiplied RGBA and differences of neighbours"
"""Part of the name of every figure that rests on it."""

GRIDS = (8, 4, 2)
"""Squares along a side, of each of the three sizes."""
GRAIN = 4
"""Squares along a side for the differences of neighbours."""


def colours(pictures: Pictures) -> Vectors:
    """(N, D) float32 numbers of (N, H, W, 4) uint8 pictures with straight alpha; every size of square weighs the same."""
    full = premultiplied(pictures)
    parts = [_means(full, grid) for grid in GRIDS] + [_means(_grain(full), GRAIN)]
    width = max(part.shape[1] for part in parts)
    rows: Vectors = np.concatenate([part * np.float32((width / part.shape[1]) ** 0.5) for part in parts], axis=1)
    return rows


def _means(planes: NDArray[np.float32], grid: int) -> Vectors:
    """(N, grid * grid * C) means over squares, or as near to squares as the sides allow."""
    for axis in (1, 2):
        edges = np.linspace(0, planes.shape[axis], min(grid, planes.shape[axis]) + 1).round().astype(int)
        shape = [1, 1, 1, 1]
        shape[axis] = -1
        sums = np.add.reduceat(planes, edges[:-1], axis=axis)
        planes = (sums / np.diff(edges).reshape(shape)).astype(np.float32)
    return planes.reshape(len(planes), -1)


def _grain(full: NDArray[np.float32]) -> NDArray[np.float32]:
    """(N, H, W, 3) how far pixels are from the one to the right and the one below: lightness, red-green, blue-yellow."""
    red, green, blue = full[..., 0], full[..., 1], full[..., 2]
    axes = np.stack([(red + green + blue) / 3, red - green, blue - (red + green) / 2], axis=-1)
    across = np.abs(np.diff(axes, axis=2, append=axes[:, :, -1:]))
    down = np.abs(np.diff(axes, axis=1, append=axes[:, -1:]))
    grain: NDArray[np.float32] = across + down
    return grain
