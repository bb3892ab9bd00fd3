"""Fewer points that tell the same: curves by means of equal stretches, frames evenly over the time as it is felt."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

POINTS = 500
"""Points of a curve, at most."""
FRAMES = 32
"""Frames of a training, at most."""
EARLY = 50
"""The first of so many equal parts of a training counts as steps do; later ones count by their logarithm."""


@dataclass(frozen=True)
class Point:
    """The mean of one or more values of a curve.

    Args:
        step: the middle of the steps that it stands for, rounded down.
        value: their mean.
        count: how many they are.
    """

    step: int
    value: float
    count: int = 1


def thinned(points: Sequence[Point], most: int = POINTS) -> list[Point]:
    """At most `most` points: the first and the last as they are, between them the means of equal stretches of steps.

    Args:
        points: with rising steps.
        most: at least 3.
    """
    if len(points) <= most:
        return list(points)
    first, *between, last = points
    stretches: dict[int, list[Point]] = {}
    for point in between:
        part = (point.step - first.step) * (most - 2) // (last.step - first.step)
        stretches.setdefault(part, []).append(point)
    return [first, *(_mean(stretch) for stretch in stretches.values()), last]


def halved(points: Sequence[Point]) -> list[Point]:
    """About half the points: pairs of neighbours become one, the first and the last stay as they are."""
    first, *between, last = points
    return [first, *(_mean(between[k : k + 2]) for k in range(0, len(between), 2)), last]


def _mean(points: Sequence[Point]) -> Point:
    count = sum(point.count for point in points)
    step = sum(point.step * point.count for point in points) // count
    return Point(step, sum(point.value * point.count for point in points) / count, count)


def spread(steps: Sequence[int], total: int, most: int = FRAMES) -> list[int]:
    """At most `most` of the steps, always the first and the last: early ones closer together, as more changes there.

    Args:
        steps: rising.
        total: steps of the whole training.
        most: at least 2.
    """
    kept = list(steps)
    while len(kept) > most:
        gaps = [_felt(kept[k + 1], total) - _felt(kept[k - 1], total) for k in range(1, len(kept) - 1)]
        del kept[1 + gaps.index(min(gaps))]
    return kept


def _felt(step: int, total: int) -> float:
    return math.log1p(step * EARLY / max(1, total))
