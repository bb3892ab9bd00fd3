"""The attributes of sprites. A pixel counts by how opaque it is, so that faint ones do not weigh as much as full ones."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from genworld.measure.attribute import Attribute, Measure, Values, ratio
from genworld.measure.pictures import Pictures, premultiplied

LUMA = np.array((0.2126, 0.7152, 0.0722))
"""What red, green and blue contribute to brightness: Rec. 709."""

VISIBLE = 128
"""Alpha from which a pixel is seen as part of a figure."""

STEPS = 8
"""Shades of each channel that count as different colours."""


class Looks:
    """A stack of sprites and what several attributes need of them.

    Args:
        pictures: (N, H, W, 4) uint8 RGBA, straight alpha.
    """

    def __init__(self, pictures: Pictures) -> None:
        self.pictures = pictures

    @cached_property
    def colour(self) -> NDArray[np.float32]:
        """(N, H, W, 4) premultiplied, 0 to 1."""
        return premultiplied(self.pictures)

    @cached_property
    def alpha(self) -> NDArray[np.float32]:
        """(N, H, W), 0 to 1."""
        return self.colour[..., 3]

    @cached_property
    def total(self) -> NDArray[np.float64]:
        """(N, 4) sums over the pixels of premultiplied red, green, blue and of alpha."""
        return np.asarray(self.colour.sum(axis=(1, 2), dtype=np.float64))

    @cached_property
    def visible(self) -> NDArray[np.bool_]:
        """(N, H, W) pixels that are at least half opaque."""
        return self.pictures[..., 3] >= VISIBLE


def brightness(looks: Looks) -> Values:
    """(N,) mean luma, 0 black to 1 white; NaN for an empty picture."""
    return ratio(looks.total[:, :3] @ LUMA, looks.total[:, 3])


def saturation(looks: Looks) -> Values:
    """(N,) 0 grey to 1 pure: HSV saturation, each pixel weighing as its value; NaN for an empty picture."""
    high, low = (_extreme(looks, pick).sum(axis=(1, 2), dtype=np.float64) for pick in (np.maximum, np.minimum))
    grey = np.where(looks.total[:, 3] > 0, 0.0, np.nan)  # black has no colour
    found: Values = np.divide(high - low, high, out=grey, where=high > 0)
    return found


def _extreme(looks: Looks, pick: np.ufunc) -> NDArray[np.float32]:
    red, green, blue = (looks.colour[..., channel] for channel in range(3))
    found: NDArray[np.float32] = pick(pick(red, green), blue)
    return found


def warmth(looks: Looks) -> Values:
    """(N,) mean of red less blue, -1 cold to 1 warm; NaN for an empty picture."""
    return ratio(looks.total[:, 0] - looks.total[:, 2], looks.total[:, 3])


def filled(looks: Looks) -> Values:
    """(N,) share of the picture that is covered: mean alpha."""
    return np.asarray(looks.alpha.mean(axis=(1, 2), dtype=np.float64))


def height(looks: Looks) -> Values:
    """(N,) rows that hold something, each counting as its most opaque pixel."""
    return np.asarray(looks.alpha.max(axis=2).sum(axis=1, dtype=np.float64))


def width(looks: Looks) -> Values:
    """(N,) columns that hold something, each counting as its most opaque pixel."""
    return np.asarray(looks.alpha.max(axis=1).sum(axis=1, dtype=np.float64))


def symmetry(looks: Looks) -> Values:
    """(N,) likeness to the mirror image about the middle of the figure, 0 to 1; NaN for an empty picture.

    One less the sum of differences of premultiplied RGBA over the largest that it can be where either has something.
    """
    mirrored = _mirrored(looks)
    differing = np.abs(looks.colour - mirrored).sum(axis=(1, 2, 3), dtype=np.float64)
    covered = np.maximum(looks.alpha, mirrored[..., 3]).sum(axis=(1, 2), dtype=np.float64)
    return 1 - ratio(differing, 4 * covered)


def _mirrored(looks: Looks) -> NDArray[np.float32]:
    """(N, H, W, 4) each figure mirrored left to right in place; what leaves the picture comes in on the other side."""
    columns = np.arange(looks.alpha.shape[2])
    held = np.asarray(looks.visible.any(axis=1))
    first, last = held.argmax(axis=1), len(columns) - 1 - held[:, ::-1].argmax(axis=1)
    source = ((first + last)[:, None] - columns) % len(columns)
    return np.take_along_axis(looks.colour, source[:, None, :, None], axis=2)


def colours(looks: Looks) -> Values:
    """(N,) colours of the visible pixels that differ when each channel has 8 shades."""
    shades = (looks.pictures[..., :3] // (256 // STEPS)).astype(np.int16)
    codes = np.where(looks.visible, (shades[..., 0] * STEPS + shades[..., 1]) * STEPS + shades[..., 2], -1)
    return _distinct(codes.reshape(len(codes), -1))


def _distinct(codes: NDArray[np.int16]) -> Values:
    """(N,) how many different codes of 0 and more each row holds."""
    seen = np.zeros((len(codes), STEPS**3 + 1), dtype=np.bool_)
    seen[np.arange(len(codes))[:, None], codes] = True  # -1 falls into the last place
    return np.asarray(seen[:, :-1].sum(axis=1).astype(np.float64))


MEASURES: tuple[Measure[Looks], ...] = (
    Measure(
        Attribute(
            "brightness", "Brightness", "darker", "brighter", "share", "Mean luma of the figure, 0 black to 1 white."
        ),
        brightness,
    ),
    Measure(
        Attribute(
            "saturation", "Saturation", "greyer", "more colourful", "share", "How pure the colours are, 0 grey to 1."
        ),
        saturation,
    ),
    Measure(Attribute("warmth", "Warmth", "colder", "warmer", "", "Mean of red less blue, -1 cold to 1 warm."), warmth),
    Measure(
        Attribute("filled", "Filled", "slighter", "fuller", "share", "Share of the picture that is covered."), filled
    ),
    Measure(
        Attribute(
            "height", "Height", "shorter", "taller", "px", "Rows that hold something, a faint one counting less."
        ),
        height,
    ),
    Measure(
        Attribute(
            "width", "Width", "narrower", "wider", "px", "Columns that hold something, a faint one counting less."
        ),
        width,
    ),
    Measure(
        Attribute(
            "symmetry",
            "Symmetry",
            "less symmetric",
            "more symmetric",
            "share",
            "Likeness to the mirror image about the middle of the figure.",
        ),
        symmetry,
    ),
    Measure(
        Attribute(
            "colours",
            "Colours",
            "fewer colours",
            "more colours",
            "colours",
            "Colours that differ when red, green and blue have 8 shades each.",
        ),
        colours,
    ),
)
"""Every attribute of sprites, in the order in which they are told."""
