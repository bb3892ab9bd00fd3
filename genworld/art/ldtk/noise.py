"""Gradient noise for rules that fill patches of a level.

The hash of the corners is the one that LDtk uses; its table of 256 directions is not public domain, so that ours are
spread by the golden angle. Patches have the size and share that the editor's have, at other places.

Source: Ken Perlin, An Image Synthesizer, SIGGRAPH 1985, with the smoother curve of Improving Noise, SIGGRAPH 2002.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.floating[Any]]

REPEAT = 50
OCTAVES = 8
"""At most so many are added: a ninth would change no cell."""

_ANGLES = np.arange(256) * (np.pi * (3 - np.sqrt(5)))
_DIRECTIONS = np.stack([np.cos(_ANGLES), np.sin(_ANGLES)])


def noise(seed: int, x: Reals, y: Reals, octaves: int) -> Reals:
    """Noise at each place, about 0 on average: octaves of twice the frequency and half the height.

    Args:
        seed: any.
        x, y: (...) places, of one shape.
        octaves: 1 and up.
    """
    octaves = min(max(octaves, 0), OCTAVES)
    return sum((_octave(seed + i, x * 2**i, y * 2**i) / 2**i for i in range(octaves)), np.zeros_like(x))


def _octave(seed: int, x: Reals, y: Reals) -> Reals:
    left, top = np.trunc(x), np.trunc(y)
    across, down = _curve(x - left), _curve(y - top)
    corners = [[_slope(seed, x, y, left + i, top + j) for i in (0, 1)] for j in (0, 1)]
    upper, lower = (row[0] + across * (row[1] - row[0]) for row in corners)
    return upper + down * (lower - upper)


def _slope(seed: int, x: Reals, y: Reals, column: Reals, row: Reals) -> Reals:
    places = (
        seed * 1013 + np.fmod(column, REPEAT).astype(np.int64) * 1619 + np.fmod(row, REPEAT).astype(np.int64) * 31337
    )
    words = places & 0xFFFFFFFF
    direction = _DIRECTIONS[:, (words ^ (words >> 8)) & 0xFF]
    slope: Reals = direction[0] * (x - column) + direction[1] * (y - row)
    return slope


def _curve(t: Reals) -> Reals:
    return t**3 * (6 * t**2 - 15 * t + 10)
