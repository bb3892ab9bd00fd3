"""Small things to keep."""

from __future__ import annotations

import numpy as np

from genworld.content import Sprite
from genworld.library import Draft
from genworld.provenance import DataSource, SeedOrigin
from genworld.seeding import numpy_stream

SOURCE = DataSource(name="none", licence="CC0-1.0", sellable=True)


def draft(pixels: np.ndarray, number: int) -> Draft:
    origin = SeedOrigin(checkpoint="a" * 64, model="caves", seed=1, index=number)
    return Draft(Sprite(pixels), origin, "Caves", f"Cave {number}", SOURCE)


def sprite_draft(number: int) -> Draft:
    """A tiny sprite, another for each number."""
    pixels = np.full((4, 4, 4), 255, dtype=np.uint8)
    pixels[0, 0, :3] = [number // 65536, number // 256 % 256, number % 256]
    return draft(pixels, number)


def noise_draft(number: int) -> Draft:
    """A sprite of 64 KiB that does not compress."""
    pixels = numpy_stream(number, "library test").integers(1, 256, (128, 128, 4), dtype=np.uint8)
    return draft(pixels, number)
