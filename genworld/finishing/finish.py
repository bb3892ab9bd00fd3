"""A sprite as its maker would leave it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from genworld.content import Picture, Sprite
from genworld.errors import GenworldError
from genworld.finishing.colours import fewer, nearest
from genworld.finishing.palette import colours_of
from genworld.limits import whole
from genworld.provenance import Finish

OPAQUE = 255
HALF = 128
SOFT = 0.02
"""Share of the visible pixels of real sprites that are see-through, from which on that is meant: shadows, glass, ghosts."""
AROUND = np.ones((3, 3), dtype=np.bool_)
MOST_COLOURS = 256


def finished(sprite: Sprite, finish: Finish) -> Sprite:
    """A sprite with clean edges, without stray pixels, in few colours.

    Args:
        sprite: as a model made it.
        finish: what is wanted.

    Raises:
        GenworldError: a number of colours out of range, or a palette that is none.
    """
    pixels = sprite.pixels.copy()
    if finish.hard:
        pixels[..., 3] = np.where(pixels[..., 3] >= HALF, OPAQUE, 0)
    if finish.strays:
        pixels[_stray(pixels[..., 3] > 0), 3] = 0
    seen = pixels[..., 3] > 0
    if seen.any():
        pixels[seen, :3] = _recoloured(pixels[seen, :3], finish)
    return Sprite(pixels)


def _stray(seen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Pixels that touch no other, not even with a corner, of a figure that is more than that."""
    areas, count = ndimage.label(seen, structure=AROUND)
    sizes = np.bincount(areas.ravel(), minlength=count + 1)
    alone = sizes == 1
    alone[0] = False
    return alone[areas] if sizes[1:].max(initial=0) > 1 else np.zeros_like(seen)


def _recoloured(colours: NDArray[np.uint8], finish: Finish) -> NDArray[np.uint8]:
    if finish.palette:
        known = colours_of(finish.palette)
        return known[nearest(colours, known)]
    if finish.colours is None:
        return colours
    return fewer(colours, whole("The number of colours", finish.colours, 1, MOST_COLOURS))


def suited(real: Sequence[Sprite]) -> Finish:
    """The finish that suits what real sprites look like: their usual number of colours, hard edges if theirs are.

    Args:
        real: examples of the data, some dozens or more.

    Raises:
        GenworldError: there are none.
    """
    pictures = [each.pixels for each in real if each.pixels[..., 3].any()]
    if not pictures:
        raise GenworldError("A finish is chosen by real sprites, but there are none; say how many colours you want.")
    count = int(np.median([_count(each) for each in pictures]))
    soft = np.mean([_soft(each) for each in pictures])
    return Finish(colours=min(max(count, 1), MOST_COLOURS), hard=bool(soft < SOFT), strays=True)


def _count(pixels: Picture) -> int:
    """Colours of what is visible."""
    return len(np.unique(pixels[pixels[..., 3] > 0][:, :3], axis=0))


def _soft(pixels: Picture) -> float:
    alpha = pixels[..., 3][pixels[..., 3] > 0]
    return float((alpha < OPAQUE).mean())
