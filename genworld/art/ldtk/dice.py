"""The choices that LDtk makes by chance: the same for the same seed and cell, here as in the editor."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

_X, _Y, _MIX = 374761393, 668265263, 1274126177


def roll(seed: int, x: Ints, y: Ints, sides: int) -> Ints:
    """A number above ``-sides`` and below `sides` for each cell.

    LDtk runs as JavaScript: the product below is rounded to 53 bits, words have 32 bits, and a remainder has the sign
    of what was divided. An exact product, or a remainder that is never negative, would choose other tiles than the
    editor does.

    Args:
        seed: of layer and rule together.
        x, y: (n,) columns and rows.
        sides: at least 1.
    """
    word = _word(seed + x * _X + y * _Y)
    product = (word ^ (word >> 13)).astype(np.float64) * float(_MIX)
    word = _word(product.astype(np.int64))
    rolled: Ints = np.fmod(word ^ (word >> 16), sides)
    return rolled


def _word(numbers: Ints) -> Ints:
    """The low 32 bits, as a number with a sign."""
    return numbers.astype(np.uint64).astype(np.uint32).astype(np.int32).astype(np.int64)
