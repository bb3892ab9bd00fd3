"""Sketches: sums with random signs, a few numbers for each picture or level from which distances can be told.

The mean square difference of two sketches is, on average over the signs, the distance of what they were made of; with K
sums it is off by a share of ``sqrt(2 / K)`` (one standard deviation). All sums are of whole numbers that 32-bit floats hold
without rounding (of sprites up to 128 x 128 pixels), so that a sketch is the same on every machine.

Reference:
    Achlioptas 2003, *Database-friendly random projections: Johnson-Lindenstrauss with binary coins*.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from genworld import seeding
from genworld.measure.pictures import Pictures
from genworld.measure.windows import Grids

OPAQUE = 255
STEP = 256
"""Pictures turned into real numbers at once: few enough for the processor's own memory."""

Sums = NDArray[np.float32]
"""(N, K) whole numbers."""


def of_sprites(pictures: Pictures, count: int) -> Sums:
    """Sketches of sprites. The mean square difference of two is ``cells * (255 * difference) ** 2``.

    Cells are pixels times channels, the difference is the root mean square one of premultiplied RGBA in [0, 1].

    Args:
        pictures: (N, H, W, 4) as `premultiplied` gave them.
        count: K, sums of each.
    """
    signs = _sprite_signs(pictures.shape[1], pictures.shape[2], count)
    flat = pictures.reshape(len(pictures), -1)
    return np.concatenate([flat[start : start + STEP] @ signs for start in range(0, len(flat), STEP)])


def premultiplied(pictures: Pictures) -> Pictures:
    """(N, H, W, 4) uint8: colour times alpha, rounded, and alpha, of straight RGBA."""
    made = pictures.copy()
    for start in range(0, len(made), STEP):
        part = made[start : start + STEP]
        product = part[..., :3].astype(np.uint16) * part[..., 3:] + np.uint16(128)
        part[..., :3] = (product + (product >> 8)) >> 8  # a division by 255, rounded
    return made


def _sprite_signs(height: int, width: int, count: int) -> Sums:
    """(height * width * 4, count) signs."""
    generator = seeding.numpy_stream(0, f"measure/sketches/sprite/{height}x{width}/{count}")
    return _signs(generator, height * width * 4, count).astype(np.float32)


def of_levels(grids: Grids, count: int) -> Sums:
    """Sketches of levels. The mean square difference of two is twice the number of cells that differ.

    Args:
        grids: (N, H, W) tile ids.
        count: K, sums of each, a multiple of 8.
    """
    flat = grids.reshape(len(grids), -1)
    total = np.zeros((len(grids), count), np.int32)
    for cell in range(flat.shape[1]):
        total += _tile_signs(grids.shape[1], grids.shape[2], cell, count)[flat[:, cell]]
    return total.astype(np.float32)


def _tile_signs(height: int, width: int, cell: int, count: int) -> NDArray[np.int8]:
    """(256, count) signs of every tile in a cell."""
    return _signs(seeding.numpy_stream(0, f"measure/sketches/level/{height}x{width}/{count}/{cell}"), 256, count)


def _signs(generator: np.random.Generator, rows: int, count: int) -> NDArray[np.int8]:
    bits = np.unpackbits(generator.integers(256, size=(rows, count // 8), dtype=np.uint8), axis=1)
    signs: NDArray[np.int8] = 2 * bits.astype(np.int8) - 1
    return signs
