"""Where chains stand on the sets that our own models learn from; nobody else was measured there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from genworld.bench.quality_figures import connected_share, learned, mean_tpkl, near_share
from genworld.bench.quality_rows import Beside
from genworld.content import Legend, LevelSpec, Tag
from genworld.datasets import Dataset, open_dataset
from genworld.errors import GenworldError
from genworld.measure.windows import Grids
from genworld.models.base import GenerativeModel
from genworld.models.bulk import grids
from genworld.seeding import numpy_stream

FAMILY = "markov"
HELD_OUT = 0.25
LEARNED = 2000
"""Levels of a set that are learned from at most, chosen by chance."""
SAMPLES = 400
WORLD = 3
"""Windows along a side of the levels that a chain is asked for."""


@dataclass(frozen=True)
class Cut:
    """How a set is measured.

    Args:
        side: of the windows, in tiles; None where levels all have one size.
        least_open: share of cells neither solid nor void in a window that counts.
    """

    side: int | None
    least_open: float = 0.0


SETS = {
    "freedoom": Cut(16, 0.25),
    "boxoban": Cut(None),
    "overworld_etopo": Cut(16),
    "replica_island": Cut(12, 0.25),
}


def run(folder: Path, name: str) -> Iterator[Beside]:
    """Rows about a chain of one set: TPKL to held-out windows, excess copies, connected."""
    cut, data = SETS[name], open_dataset(str(folder))
    training, held_out = data.split(HELD_OUT, seed=0)
    training = _some(training)
    model = learned(training, FAMILY, {})
    assert isinstance(data.spec, LevelSpec)  # noqa: S101  levels
    real, unseen = (windows(each, cut)[:SAMPLES] for each in (training, held_out))
    known = windows(training, cut, overlapping=True)
    samples = _drawn(model, data.spec.legend, cut, min(SAMPLES, len(unseen)))
    note = f"{FAMILY}, {min(len(samples), len(unseen))} windows each"
    yield Beside(
        f"{name}, TPKL to held-out windows", mean_tpkl(unseen, samples), real=mean_tpkl(unseen, real), note=note
    )
    copies = near_share(samples, known) - near_share(unseen, known)
    yield Beside(f"{name}, excess copies", copies, "points")
    yield Beside(
        f"{name}, connected",
        connected_share(samples, data.spec.legend),
        "share",
        more=True,
        real=connected_share(unseen, data.spec.legend),
    )


def _some(data: Dataset) -> Dataset:
    return data.take(np.sort(numpy_stream(0, "bench/clean").permutation(len(data))[:LEARNED]))


def windows(data: Dataset, cut: Cut, *, overlapping: bool = False) -> Grids:
    """(N, H, W) real windows in an order of chance; the levels themselves where they have one size."""
    if cut.side is not None:
        data = data.windows(cut.side, cut.side, cut.side // 4 if overlapping else cut.side, cut.least_open)
    array = data.array()
    return array[numpy_stream(0, "bench/windows").permutation(len(array))]


def _drawn(model: GenerativeModel, legend: Legend, cut: Cut, count: int) -> Grids:
    """(count, H, W) samples, cut from larger ones and chosen as the real ones were."""
    if cut.side is None:
        return grids(model, 1, count)
    found: list[Grids] = []
    for start in range(0, count, 16):
        large = grids(model, 1, 16, start=start, size=(WORLD * cut.side, WORLD * cut.side))
        found.append(opened(apart(large, cut.side), legend, cut.least_open))
        if sum(map(len, found)) >= count:
            return np.concatenate(found)[:count]
    raise GenworldError(f"The chain made too few windows that are open in {cut.least_open:.0%} of their cells.")


def apart(large: Grids, side: int) -> Grids:
    """(N * K * K, side, side) windows of (N, K * side, K * side) levels, without overlap."""
    n, k = len(large), large.shape[1] // side
    return large.reshape(n, k, side, k, side).transpose(0, 1, 3, 2, 4).reshape(-1, side, side)


def opened(cut: Grids, legend: Legend, least: float) -> Grids:
    """Those that are neither solid nor void in that share of their cells."""
    kept: Grids = cut[1 - legend.has(cut, Tag.SOLID, Tag.VOID).mean(axis=(1, 2)) >= least]
    return kept
