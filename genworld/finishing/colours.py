"""Colours as an eye sees them, and many of them as few.

References:
    Ottosson 2020, *A perceptual color space for image processing* (OKLab); Ward 1963, *Hierarchical grouping to optimize
    an objective function*.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.cluster import hierarchy

Colours = NDArray[np.uint8]
"""(N, 3) red, green, blue."""
Lab = NDArray[np.float64]
"""(N, 3) lightness, green to red, blue to yellow."""

MOST_GROUPED = 1024
"""Pixels that are grouped as they are: the distances of every pair are looked at. More are thinned to 256 colours first."""
THINNED = 256

_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def oklab(colours: Colours) -> Lab:
    """(N, 3) OKLab of sRGB colours: equal steps look equally far.

    >>> oklab(np.array([[255, 255, 255], [0, 0, 0]], dtype=np.uint8)).round(3).tolist()
    [[1.0, 0.0, 0.0], [0.0, 0.0, 0.0]]
    """
    share = colours.astype(np.float64) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    lab: Lab = np.cbrt(linear @ _TO_CONES.T) @ _TO_LAB.T + 0.0
    return lab


def nearest(colours: Colours, palette: Colours) -> NDArray[np.intp]:
    """(N,) which colour of a palette (P, 3) looks most like each; of equals the first."""
    distinct, inverse = np.unique(colours, axis=0, return_inverse=True)
    apart = ((oklab(distinct)[:, None] - oklab(palette)[None]) ** 2).sum(axis=2)
    found: NDArray[np.intp] = apart.argmin(axis=1)[inverse.reshape(-1)]
    return found


def fewer(colours: Colours, count: int) -> Colours:
    """The same pixels in at most `count` colours: those that look alike become their mean, so that a rare colour that
    stands out, an eye or a gem, stays.

    Args:
        colours: (N, 3) of pixels, repetitions included: what is frequent weighs more.
        count: 1 or more.
    """
    thin = _thinned(colours) if len(colours) > MOST_GROUPED else colours
    distinct, which, sizes = np.unique(thin, axis=0, return_inverse=True, return_counts=True)
    if len(distinct) <= count:
        return thin
    # Grouped are pixels, not colours, so that what is frequent weighs more; thinned ones are too many for that.
    rows, weights = (distinct, sizes) if len(colours) > MOST_GROUPED else (thin, np.ones(len(thin)))
    means = _means(rows, _groups(rows, count), weights.astype(np.float64))
    return means[which.reshape(-1)] if len(colours) > MOST_GROUPED else means


def _groups(colours: Colours, count: int) -> NDArray[np.intp]:
    """(N,) the group of each colour, 0 and on, of `count` at most."""
    tree = hierarchy.linkage(oklab(colours), method="ward")
    return np.asarray(hierarchy.fcluster(tree, count, criterion="maxclust"), dtype=np.intp) - 1


def _means(colours: Colours, groups: NDArray[np.intp], weights: NDArray[np.float64]) -> Colours:
    """Each colour replaced by the mean of its group."""
    total = np.bincount(groups, weights)
    means = np.stack([np.bincount(groups, weights * colours[:, channel]) / total for channel in range(3)], axis=1)
    of_each: Colours = means.round().astype(np.uint8)[groups]
    return of_each


def _thinned(colours: Colours) -> Colours:
    row = Image.fromarray(colours[None])
    few = row.quantize(THINNED, method=Image.Quantize.MEDIANCUT, kmeans=2, dither=Image.Dither.NONE)
    thin: Colours = np.asarray(few.convert("RGB"))[0]
    return thin
