"""The figures of samples beside real levels, with the equal counts that they need."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from genworld import play, training
from genworld.content import Legend, Level
from genworld.datasets import Dataset
from genworld.measure.level_copies import near_copies
from genworld.measure.patterns import tpkl
from genworld.measure.playable import connected
from genworld.measure.windows import Grids, Symmetry
from genworld.models.base import GenerativeModel
from genworld.seeding import numpy_stream

DRAWS = 30
"""Equal draws that a mean is over."""
COPIED = 1000
"""Samples in which near copies and connected areas are looked for."""
PLAYED = 200
"""Levels that are played."""


def learned(data: Dataset, family: str, settings: dict[str, object]) -> GenerativeModel:
    """A model that has learned, in memory alone: nothing of it is saved."""
    run = training.begin(data, family, settings, seed=0, device="cpu")
    for _ in run:
        pass
    return run.model.eval()


def mean_tpkl(real: Grids, others: Grids) -> float:
    """TPKL(real || others) at the equal counts that both allow, the mean over up to `DRAWS` draws.

    Args:
        real: (N, H, W) tile ids; a part by chance where the others are fewer.
        others: (M, H, W); parts in turn where they are more.
    """
    count = min(len(real), len(others))
    draws = min(DRAWS, max(len(real), len(others)) // count)
    return float(np.mean([tpkl(_part(real, count, draw), _part(others, count, draw)) for draw in range(draws)]))


def _part(grids: Grids, count: int, draw: int) -> Grids:
    order = numpy_stream(0, "bench/quality").permutation(len(grids)) if len(grids) > count else np.arange(count)
    return grids[order[draw * count :][:count]] if len(grids) >= (draw + 1) * count else grids[order[:count]]


def near_share(grids: Grids, training_grids: Grids, symmetry: Symmetry = Symmetry.NONE) -> float:
    """Share of near copies among the first `COPIED`."""
    return float(near_copies(grids[:COPIED], training_grids, symmetry).mean())


def connected_share(grids: Grids, legend: Legend) -> float:
    """Share of connected levels among the first `COPIED`."""
    return _share(grids[:COPIED], lambda grid: connected(grid.tiles, legend), legend)


def played_share(grids: Grids, legend: Legend) -> float:
    """Share of the first `PLAYED` levels whose goal can be reached from the start, without repair."""
    return _share(grids[:PLAYED], lambda level: play.check(level).reachable is True, legend)


def _share(grids: Grids, test: Callable[[Level], bool], legend: Legend) -> float:
    return float(np.mean([test(Level(grid, legend)) for grid in grids]))
