"""Areas of a level and the longest way through one.

Cells are bits of whole numbers, row by row with one blank column between the rows: one wave of a breadth-first search
is five operations on them, whatever its width.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
"""(H, W), one flag for each cell."""

Waves = list[int]
"""Cells by their distance from where a search began: bits of distance 0, 1, 2 and so on, none of them empty."""


def areas(mask: Mask) -> list[int]:
    """Bits of each 4-connected area of an (H, W) mask, in reading order of their first cells.

    >>> [area.bit_count() for area in areas(np.array([[1, 0, 1], [1, 0, 0], [0, 1, 1]], dtype=bool))]
    [2, 1, 2]
    """
    left, found = _bits(mask), []
    while left:
        found.append(sum(waves(_first(left), left, _step(mask.shape[1]))))
        left ^= found[-1]
    return found


def longest_way(found: Sequence[int], width: int) -> float:
    """Steps of the longest shortest way within the largest of some areas; NaN where there is none.

    That is the diameter of the area, exactly. Of areas of equal size the first counts.

    Args:
        found: as `areas` gives them.
        width: columns of the level.

    >>> longest_way(areas(np.array([[1, 1, 1, 0, 1], [1, 0, 1, 0, 0], [1, 0, 0, 0, 0]], dtype=bool)), 5)
    5.0
    """
    return float(diameter(max(found, key=int.bit_count), _step(width))) if found else float("nan")


def diameter(area: int, step: int) -> int:
    """The largest distance between two cells of a 4-connected area, in steps.

    A search from v says that no cell w has another farther away than ecc(v) + d(v, w): cells for which that is no more
    than what was found already are done (Takes and Kosters 2011). Searches begin at the ends of a long way and in its
    middle, which does with most cells at once; what is left is looked at from the outside in (Crescenzi and others
    2013, iFUB).

    Args:
        area: its cells as bits.
        step: bits from a cell to the one below it.
    """
    search = _Search(area, step)
    centre = search.through(waves(area & -area, area, step)[-1])
    while search.left:
        search.through(_outermost(centre, search.left))
    return search.longest


class _Search:
    """What is known of an area: the longest way so far, and the cells that may begin a longer one."""

    def __init__(self, area: int, step: int) -> None:
        self.area, self.step = area, step
        self.left, self.longest, self.known = area, 0, list[Waves]()

    def through(self, cells: int) -> Waves:
        """Search from the first of some cells, from the cell farthest from it and from between; the last are given."""
        there = self._from(cells)
        back = self._from(there[-1])
        half = len(there) // 2
        return self._from(there[half] & back[len(there) - 1 - half])

    def _from(self, cells: int) -> Waves:
        found = waves(_first(cells), self.area, self.step)
        self.known.append(found)
        # A longer way lets every search that was made say more; else only the new one says something.
        longer = len(found) - 1 > self.longest
        self.longest = max(self.longest, len(found) - 1)
        self._strike(self.known if longer else [found])
        return found

    def _strike(self, searches: Iterable[Waves]) -> None:
        for found in searches:
            for wave in found[: self.longest - len(found) + 2]:
                self.left &= ~wave


def waves(start: int, area: int, step: int) -> Waves:
    """A breadth-first search in an area; see `Waves`.

    Args:
        start: one cell of it, as a bit.
        area: bits.
        step: bits from a cell to the one below it.
    """
    found, edge, left = [start], start, area & ~start
    while edge := (edge << 1 | edge >> 1 | edge << step | edge >> step) & left:
        left ^= edge
        found.append(edge)
    return found


def _outermost(centre: Waves, left: int) -> int:
    return next(wave & left for wave in reversed(centre) if wave & left)


def _first(cells: int) -> int:
    return cells & -cells


def _step(width: int) -> int:
    return width + 1


def _bits(mask: Mask) -> int:
    padded = np.pad(mask, ((0, 0), (0, 1))).ravel()
    return int.from_bytes(np.packbits(padded, bitorder="little").tobytes(), "little")
