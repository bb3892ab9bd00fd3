"""Curves with no more points than anybody can see: means of equal stretches."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

MOST = 2_000
"""Points of a curve."""

Point = tuple[int, str, float]
"""Step, name of the curve, value."""


@dataclass
class Thinning:
    """Takes in the figures of each step, gives back the points that are worth keeping.

    >>> thinning = Thinning(most=2)
    >>> [thinning.add(step, 4, {"loss": float(step)}) for step in (1, 2, 3, 4)]
    [[], [(2, 'loss', 1.5)], [], [(4, 'loss', 3.5)]]
    """

    most: int = MOST
    _sums: dict[str, tuple[float, int]] = field(default_factory=dict, init=False)
    _step: int = field(default=0, init=False)

    def add(self, step: int, total: int, figures: Mapping[str, float]) -> list[Point]:
        """The points that are complete with this step: none, or one for each curve."""
        self._step = step
        for name, value in figures.items():
            before, count = self._sums.get(name, (0.0, 0))
            self._sums[name] = (before + value, count + 1)
        stretch = math.ceil(total / self.most)
        return self.rest() if step % stretch == 0 or step == total else []

    def rest(self) -> list[Point]:
        """Points of the stretch that has begun."""
        points = [(self._step, name, whole / count) for name, (whole, count) in self._sums.items()]
        self._sums.clear()
        return points
