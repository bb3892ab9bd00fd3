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


def coarser(points: Sequence[Point], most: int = POINTS) -> list[Point]:
    """At most about `most` points, for curves that grow on: made coarser again and again they stay even.

    The first and the last stay as they are; between them stand the means of stretches of a power of two steps, so a
    longer stretch is always made of whole shorter ones.
    """
    first, *between, last = points
    stretch = 1
    while len({point.step // stretch for point in between}) > most:
        stretch *= 2
    stretches: dict[int, list[Point]] = {}
    for point in between:
        stretches.setdefault(point.step // stretch, []).append(point)
    return [first, *(_mean(part) for part in stretches.values()), last]


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
    kept = [(step, _felt(step, total)) for step in steps]
    while len(kept) > most:
        gaps = [kept[k + 1][1] - kept[k - 1][1] for k in range(1, len(kept) - 1)]
        del kept[1 + gaps.index(min(gaps))]
    return [step for step, _ in kept]


def _felt(step: int, total: int) -> float:
    return math.log1p(step * EARLY / max(1, total))
