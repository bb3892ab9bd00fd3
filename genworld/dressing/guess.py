"""How a picture that comes alone is cut into tiles, as far as can be told."""

from __future__ import annotations

from genworld.art.sheet import TILE_SIDE, Cut
from genworld.content import Picture
from genworld.datasets.grid import guess_grid

USUAL = 16
"""Side of a tile where nothing can be seen, in pixels."""


def guessed_cut(picture: Picture, size: tuple[int, int] | None = None) -> Cut:
    """The cut that fits a picture best.

    Args:
        picture: (H, W, 4).
        size: (height, width) of a tile, where it is known.
    """
    found = guess_grid(picture, size)
    low, high = TILE_SIDE
    if found is None or not all(low <= side <= high for side in (found.height, found.width)):
        side = size or (min(USUAL, picture.shape[0]), min(USUAL, picture.shape[1]))
        return Cut(*side)
    return Cut(found.height, found.width, found.margin, found.spacing)
