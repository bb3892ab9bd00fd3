"""Stacks of sprites as numbers that can be compared."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Pictures = NDArray[np.uint8]
"""(N, H, W, 4) RGBA, straight alpha."""


def premultiplied(pictures: Pictures) -> NDArray[np.float32]:
    """(N, H, W, 4) float32 in [0, 1]: colour times alpha, and alpha."""
    scaled: NDArray[np.float32] = pictures.astype(np.float32) / np.float32(255)
    scaled[..., :3] *= scaled[..., 3:]
    return scaled
