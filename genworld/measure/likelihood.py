"""How much of a surprise an example is to a model: as a whole, for each of its numbers, and where in a level."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genworld.content import Example, Level
from genworld.errors import GenworldError
from genworld.models.base import GenerativeModel, HasDensity, HasSurprise

BRIGHT = 12.0
"""Bits that glow brightest: what a model would put there once in 4,096 times."""


@dataclass(frozen=True, eq=False)
class Surprise:
    """What each cell of a level costs a model.

    Args:
        cells: (H, W) float32 bits, each given the cells that the model reads before it; infinite for what it takes to
            be impossible.
    """

    cells: NDArray[np.float32]

    @property
    def bits_per_tile(self) -> float:
        """The mean over all cells; infinite where one is."""
        return float(self.cells.mean(dtype=np.float64))

    @property
    def impossible(self) -> int:
        """How many cells the model takes to be impossible."""
        return int(np.isinf(self.cells).sum())

    def strongest(self, count: int) -> list[tuple[int, int]]:
        """(row, column) of the most surprising cells, the strongest first."""
        order = np.argsort(-self.cells, axis=None, kind="stable")[:count]
        return [(int(cell) // self.cells.shape[1], int(cell) % self.cells.shape[1]) for cell in order]


def surprise(model: GenerativeModel, level: Level) -> Surprise:
    """Where in a level a model is surprised.

    Args:
        model: whose density falls into cells.
        level: of the model's legend.

    Raises:
        GenworldError: a model that cannot say, or a level that it does not know.
    """
    if not isinstance(model, HasSurprise):
        raise GenworldError(
            f"A {model.title} cannot say how likely each tile of a level is; take a model of the family markov or hmm."
        )
    return Surprise((model.surprise(level) / math.log(2)).astype(np.float32))


def glow(found: Surprise) -> NDArray[np.float32]:
    """(H, W) 0 to 1, on one scale for all levels: the share of `BRIGHT` bits that each cell costs."""
    strength: NDArray[np.float32] = np.clip(found.cells / np.float32(BRIGHT), 0, 1)
    return strength


def bits_per_dimension(model: GenerativeModel, examples: Sequence[Example]) -> NDArray[np.float64]:
    """(N,) bits for each number of an example: for each tile of a level, for each channel of each pixel of a sprite.

    Raises:
        GenworldError: a model without a density.
    """
    if not isinstance(model, HasDensity):
        raise GenworldError(f"A {model.title} cannot say how likely an example is; take a model that has a density.")
    bits: NDArray[np.float64] = -model.log_prob(examples).double().cpu().numpy() / np.log(2) / numbers_of(examples)
    return bits


def numbers_of(examples: Sequence[Example]) -> NDArray[np.int64]:
    """(N,) tiles of levels, or pixels times channels of sprites."""
    return np.array([(each.tiles if isinstance(each, Level) else each.pixels).size for each in examples])
