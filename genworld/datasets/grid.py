"""The grid of a tilesheet, guessed from its pixels.

What is drawn in one tile seldom goes on in the next: where tiles meet, few rows have two similar opaque pixels side by
side. A grid is good when its borders gather such breaks far better than chance does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from genworld import limits
from genworld.content import Picture

SMALLEST = 4
"""Pixels: no tile is smaller."""
WIDEST = 8
"""Pixels: no margin or spacing that is guessed is wider."""
SURE = 3.0
"""Score below which a grid is a mere assumption."""
_SIMILAR = 24
_SAMPLE = 2**20
_SPACED, _LEFT_OVER, _SQUARE = 0.7, 0.5, 1.15
_USUAL = {16: 1.25, 32: 1.25, 24: 1.1, 48: 1.1, 64: 1.1, 8: 0.9}


@dataclass(frozen=True)
class Grid:
    """Where the tiles of a sheet are, in pixels.

    Args:
        height, width: of a tile.
        margin: left of the first and above the first tile.
        spacing: between two tiles.
        score: standard errors by which the borders are better than chance; below `SURE` it was assumed.
    """

    height: int
    width: int
    margin: int = 0
    spacing: int = 0
    score: float = 0.0

    def cells(self, height: int, width: int) -> Iterator[tuple[int, int]]:
        """Top and left of every whole tile of a sheet of this size, row by row."""
        for top in range(self.margin, height - self.height + 1, self.height + self.spacing):
            for left in range(self.margin, width - self.width + 1, self.width + self.spacing):
                yield top, left


@dataclass(frozen=True)
class _Axis:
    """One direction of a sheet.

    Args:
        going_on: share of the lines across where the picture goes on from pixel x - 1 to x; 0 where x is 0.
        flat: whether all pixels across x are alike.
    """

    going_on: NDArray[np.float64]
    flat: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.flat)

    def score(self, side: int, margin: int, spacing: int) -> float:
        """How much better than chance tiles of `side` fit, in standard errors; 0 where they cannot."""
        period = side + spacing
        starts = np.arange(margin, len(self) - side + 1, period)
        left_over = len(self) - margin + spacing - len(starts) * period
        if len(starts) == 0 or (left_over not in (0, margin) and (margin or spacing)):
            return 0.0
        if (spacing or margin) and not self._is_clear(starts, side, margin):
            return 0.0
        borders = np.union1d(starts[1:], (starts + side)[:-1])
        weight = (_SPACED if spacing or margin else 1) * (_LEFT_OVER if left_over and not margin else 1)
        return weight * self._better_than_chance(borders) * _USUAL.get(side, 0.5 if side % 8 else 0.75)

    def _is_clear(self, starts: NDArray[np.int_], side: int, margin: int) -> bool:
        """Whether nothing is drawn outside the tiles, though something is in them."""
        inside = np.zeros(len(self), np.bool_)
        for start in starts:
            inside[start : start + side] = True
        outside = self.flat[~inside]
        return bool(outside.all()) and not self.flat[inside].all() and (margin > 0 or len(starts) > 1)

    def _better_than_chance(self, borders: NDArray[np.int_]) -> float:
        if len(borders) == 0:
            return 0.0
        spread = float(self.going_on[1:].std())
        gain = float(self.going_on[1:].mean() - self.going_on[borders].mean())
        return gain / spread * float(np.sqrt(len(borders))) if spread > 0 else 0.0


def guess_grid(
    sheet: Picture, size: tuple[int, int] | None = None, margin: int | None = None, spacing: int | None = None
) -> Grid:
    """The grid that fits a sheet best; of one that shows none a usual one is assumed.

    Args:
        sheet: (H, W, 4).
        size: (rows, columns) of a tile, where a person knows them.
        margin, spacing: likewise.
    """
    rows, columns = _axis(sheet.swapaxes(0, 1)), _axis(sheet)
    around = [
        (margin,) if margin is not None else range(WIDEST + 1),
        (spacing,) if spacing is not None else range(WIDEST + 1),
    ]
    found = [_best(rows, columns, size, *each) for each in product(*around)]
    best = max((each for each in found if each), key=lambda each: each.score, default=None)
    if best is None or best.score < SURE:
        height, width = size or _usual(*sheet.shape[:2])
        return Grid(height, width, margin or 0, spacing or 0)
    return best


def _usual(height: int, width: int) -> tuple[int, int]:
    """The first usual side that divides a sheet, else the sheet itself or as much of it as is a sprite."""
    for side in _USUAL:
        if height % side == 0 == width % side and max(height, width) > side:
            return side, side
    return min(height, limits.SPRITE_SIDE), min(width, limits.SPRITE_SIDE)


def _best(rows: _Axis, columns: _Axis, size: tuple[int, int] | None, margin: int, spacing: int) -> Grid | None:
    """The best grid of this margin and spacing: square tiles, unless others are far better."""
    heights, widths = ([size[0]], [size[1]]) if size else (_sides(rows), _sides(columns))
    down = {side: rows.score(side, margin, spacing) for side in heights}
    across = {side: columns.score(side, margin, spacing) for side in widths}
    tall, wide = max(down, key=lambda side: down[side]), max(across, key=lambda side: across[side])
    pairs = {(tall, wide), *((side, side) for side in down.keys() & across.keys())}
    grids = [
        Grid(*pair, margin, spacing, (down[pair[0]] + across[pair[1]]) * (_SQUARE if pair[0] == pair[1] else 1))
        for pair in pairs
    ]
    best = max(grids, key=lambda grid: (grid.score, grid.height, grid.width))
    return best if best.score > 0 else None


def _sides(axis: _Axis) -> Sequence[int]:
    return range(min(SMALLEST, len(axis)), min(limits.SPRITE_SIDE, len(axis)) + 1)


def _axis(sheet: Picture) -> _Axis:
    """The columns of a sheet; of a large one a part of its rows serves."""
    lines = sheet[:: max(1, sheet.shape[0] * sheet.shape[1] // _SAMPLE)].astype(np.int16)
    opaque = lines[..., 3] > 0
    alike = (np.abs(np.diff(lines, axis=1)) <= _SIMILAR).all(axis=2)
    going_on = (alike & opaque[:, 1:] & opaque[:, :-1]).mean(axis=0)
    flat = (lines == lines[:1]).all(axis=(0, 2)) | ~opaque.any(axis=0)
    return _Axis(np.concatenate([[0.0], going_on]), flat)
