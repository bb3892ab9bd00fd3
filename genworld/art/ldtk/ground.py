"""What patterns ask of an IntGrid, for all cells at once."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from genworld.art.ldtk.definitions import ANYTHING, GROUP
from genworld.art.ldtk.dice import Ints

Mask = NDArray[np.bool_]

AREA = 10
"""LDtk looks for a value in areas of this side before it tries a rule that needs it."""


class Ground:
    """An IntGrid and the masks that patterns ask of it, each made once."""

    def __init__(self, grid: Ints, groups: Mapping[int, int]) -> None:
        self.grid = grid
        places = np.indices(grid.shape, dtype=np.int64)
        self.rows: Ints = places[0]
        self.columns: Ints = places[1]
        self._groups = groups
        self._masks: dict[tuple[int, int | None, int], Mask] = {}
        self._near: dict[tuple[int, int, bool], Mask] = {}

    def mask(self, wanted: int, outside: int | None, reach: int) -> Mask:
        """(H + 2 * reach, W + 2 * reach) cells that satisfy an entry of a pattern."""
        key = (wanted, outside, reach)
        if key not in self._masks:
            # A rule that says nothing of what is outside matches nothing there.
            edge = outside is not None and bool(self._satisfy(np.array([outside]), wanted)[0])
            self._masks[key] = np.pad(self._satisfy(self.grid, wanted), reach, constant_values=edge)
        return self._masks[key]

    def _satisfy(self, values: Ints, wanted: int) -> Mask:
        found: Mask = self._holds(values, abs(wanted)) == (wanted > 0)
        return found

    def _holds(self, values: Ints, wanted: int) -> Mask:
        members = [wanted]
        if wanted >= GROUP:
            members = [value for value, group in self._groups.items() if group == wanted // GROUP - 1]
        found: Mask = values != 0 if wanted == ANYTHING else np.isin(values, members)
        return found

    def near(self, wanted: int, reach: int, single: bool) -> Mask:
        """(H, W) cells about whose corners, `reach` away, an area holds a value at all."""
        key = (wanted, reach, single)
        if key not in self._near:
            self._near[key] = self._areas(
                wanted, [(0, 0)] if single else [(i, j) for i in (-reach, reach) for j in (-reach, reach)]
            )
        return self._near[key]

    def _areas(self, wanted: int, corners: list[tuple[int, int]]) -> Mask:
        height, width = self.grid.shape
        areas = np.zeros((height // AREA + 2, width // AREA + 2), np.bool_)
        held = self._holds(self.grid, wanted)
        areas[self.rows[held] // AREA, self.columns[held] // AREA] = True
        found = np.zeros(self.grid.shape, np.bool_)
        for down, across in corners:
            # Toward zero, as LDtk rounds: the first area reaches beyond the edge.
            found |= areas[np.maximum(self.rows + down, 0) // AREA, np.maximum(self.columns + across, 0) // AREA]
        return found
