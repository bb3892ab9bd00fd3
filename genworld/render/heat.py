"""How strong something is in each cell or pixel, laid over a picture as a dark veil that glows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from genworld.content import Level, Picture
from genworld.render.picture import picture

MUTED = 150
"""How dark the faintest pixel is laid over the picture, of 255."""


def heated(strength: NDArray[np.float32]) -> NDArray[np.uint8]:
    """(H, W, 4) a dark veil that glows where (H, W) `strength`, 0 to 1, is high: readable over light and dark pictures."""
    stops = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
    ramp = np.array(
        [(18, 16, 32, MUTED), (88, 24, 96, 190), (206, 58, 70, 215), (248, 150, 40, 230), (255, 240, 170, 240)]
    )
    clipped = np.sqrt(np.clip(strength, 0, 1))  # a few pixels answer most, and the rest should be seen too
    channels = [np.interp(clipped, stops, ramp[:, channel]) for channel in range(4)]
    return np.ascontiguousarray(np.stack(channels, axis=-1).round().astype(np.uint8))


def with_heat(level: Level, strength: NDArray[np.float32]) -> Picture:
    """The picture of a level under the veil of its (H, W) cells."""
    drawn = picture(level)
    height, width = drawn.shape[0] // level.height, drawn.shape[1] // level.width
    image = Image.fromarray(drawn.copy())
    veil = heated(strength).repeat(height, axis=0).repeat(width, axis=1)
    image.alpha_composite(Image.fromarray(veil))
    return np.asarray(image)
