"""Windows of tiles and the symmetries under which they count as the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genworld import seeding

Grids = NDArray[np.uint8]
"""(N, H, W) tile ids."""

Codes = NDArray[np.uint64]
"""Numbers that stand for windows: equal windows have equal ones."""

Move = tuple[int, bool]
"""Quarter turns, and whether the result is mirrored left to right."""


class Symmetry(Enum):
    """The turns and flips that training used; each set undoes itself."""

    NONE = ((0, False),)
    MIRROR = ((0, False), (0, True))
    FLIPS = ((0, False), (0, True), (2, False), (2, True))
    ALL = ((0, False), (1, False), (2, False), (3, False), (0, True), (1, True), (2, True), (3, True))

    @property
    def moves(self) -> tuple[Move, ...]:
        """Every turn and flip, the untouched level first."""
        moves: tuple[Move, ...] = self.value
        return moves

    @classmethod
    def of_config(cls, config: Mapping[str, Any]) -> Symmetry:
        """What a family's setting ``flips`` amounts to; nothing where it has none."""
        return {"mirror": cls.MIRROR, "turns": cls.ALL}.get(str(config.get("flips")), cls.NONE)


def moved(grids: Grids, move: Move) -> Grids:
    """The (N, H, W) levels turned and mirrored; a quarter turn swaps H and W."""
    turns, mirrored = move
    turned = np.rot90(grids, turns, axes=(1, 2))
    return turned[:, :, ::-1] if mirrored else turned


def versions(grids: Grids, symmetry: Symmetry) -> Iterator[Grids]:
    """The levels in each version of equal shape: quarter turns only of square ones."""
    for move in _fitting(grids, symmetry):
        yield moved(grids, move)


def shuffled(grids: Grids, symmetry: Symmetry, seed: int, name: str) -> Grids:
    """Each level in one random version, as training showed them."""
    moves = _fitting(grids, symmetry)
    chosen = seeding.numpy_stream(seed, f"measure/{name}").integers(len(moves), size=len(grids))
    result = grids.copy()
    for number, move in enumerate(moves):
        result[chosen == number] = moved(grids[chosen == number], move)
    return result


def _fitting(grids: Grids, symmetry: Symmetry) -> list[Move]:
    square = grids.shape[1] == grids.shape[2]
    return [move for move in symmetry.moves if square or move[0] % 2 == 0]


def codes(grids: NDArray[np.uint8], height: int, width: int) -> Codes:
    """A number for each window of `height` x `width` tiles, at every place.

    Windows that differ share a number with a chance below 2 ** -56 (multilinear hashing with fixed random factors).

    Args:
        grids: (..., H, W) tile ids.

    Returns:
        (..., H - height + 1, W - width + 1) uint64; empty where the window is larger than the level.
    """
    down, along = (max(0, side - span + 1) for side, span in zip(grids.shape[-2:], (height, width), strict=True))
    total = np.zeros((*grids.shape[:-2], down, along), dtype=np.uint64)
    factors = _factors(height, width)
    for row, column in np.ndindex(height, width):
        total += grids[..., row : row + down, column : column + along] * factors[row, column]
    return total


def _factors(height: int, width: int) -> NDArray[np.uint64]:
    generator = seeding.numpy_stream(0, f"measure/windows/{height}x{width}")
    return generator.integers(2**64, size=(height, width), dtype=np.uint64)
