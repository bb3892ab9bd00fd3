"""How much samples differ from each other and from the data: what a small map must be learned loosely enough for."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from genworld.content import Level, TileGrid
from genworld.datasets.dataset import Dataset
from genworld.models.base import GenerativeModel, SampleRequest

TRIALS = 6
"""Samples that are compared."""
VARIED = 0.1
"""Share of cells in which a sample differs, on average, from the nearest other one and from the nearest map."""


def first_varied(orders: tuple[int, ...], data: Dataset, learned: Callable[[int], GenerativeModel]) -> int:
    """The first of `orders` whose samples are not all alike and not the data again; the last one where none is.

    Args:
        orders: lengths of contexts, longest first.
        data: levels.
        learned: a model with contexts of a length, that has learned from them.
    """
    return next((order for order in orders[:-1] if difference(learned(order), data) >= VARIED), orders[-1])


def difference(model: GenerativeModel, data: Dataset) -> float:
    """Mean share of cells in which a sample differs from the nearest other sample or map of its size, 0 to 1."""
    size = data.levels[0].height, data.levels[0].width
    drawn = model.sample([SampleRequest(0, index, size=size) for index in range(TRIALS)])
    samples = [level.tiles for level in drawn if isinstance(level, Level)]
    maps = [level.tiles for level in data.levels if level.tiles.shape == size]
    return float(np.mean([_nearest(one, [*samples[:k], *samples[k + 1 :], *maps]) for k, one in enumerate(samples)]))


def _nearest(grid: TileGrid, others: list[TileGrid]) -> float:
    return min(float((grid != other).mean()) for other in others)
