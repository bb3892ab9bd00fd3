"""From a model and its data to a report: draws samples in bulk and measures them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from genworld.content import Example, Level, LevelSpec
from genworld.datasets.dataset import Dataset
from genworld.errors import GenworldError
from genworld.measure.levels import level_report
from genworld.measure.report import Report
from genworld.measure.sprites import sprite_report
from genworld.measure.windows import Symmetry
from genworld.models.base import GenerativeModel, SampleRequest
from genworld.provenance import DataSource
from genworld.seeding import numpy_stream

BATCH = 100
WORLD = 48
"""Side in tiles of the levels that a model of any size is asked for, before they are cut into windows."""
SYMMETRIES = {"none": Symmetry.NONE, "mirror": Symmetry.MIRROR, "turns": Symmetry.ALL}


def appraise(
    model: GenerativeModel,
    training: Dataset,
    held_out: Dataset,
    *,
    window: int = 16,
    least_open: float = 0.0,
    count: int = 2000,
    seed: int = 1,
) -> Report:
    """Every figure of a model, on samples drawn in batches (bulk work: single pixels may differ from the canonical render).

    Args:
        model: trained.
        training: what it saw, in the size that it saw.
        held_out: real examples that it did not see.
        window, least_open: how levels of many sizes are cut, samples and real ones alike; see `Dataset.windows`.
        count: samples at most; as many as there are held-out examples are measured.
        seed: of the samples.

    Raises:
        GenworldError: too few examples to measure.
    """
    spec = training.spec
    if not isinstance(spec, LevelSpec):
        samples = _stacked(_draw(model, min(count, len(held_out)), seed))
        return sprite_report(samples, training.array(), held_out.array(), seed=seed)
    many = None in (spec.height, spec.width)
    maps = [level.tiles for level in training.levels] if many else []
    if many:
        size = min(window, spec.height or window), min(window, spec.width or window)
        training, held_out = (data.windows(*size, window // 4, least_open) for data in (training, held_out))
        samples = _windows(model, size, least_open, min(count, len(held_out)), seed)
    else:
        samples = _stacked(_draw(model, min(count, len(held_out)), seed))
    unseen = held_out.array()[numpy_stream(seed, "held out").permutation(len(held_out))[: len(samples)]]
    flips = getattr(model.config, "flips", "none")
    return level_report(
        samples,
        training.array(),
        unseen,
        legend=spec.legend,
        maps=maps,
        symmetry=SYMMETRIES[flips],
        seed=seed,
    )


def _draw(
    model: GenerativeModel, count: int, seed: int, size: tuple[int, int] | None = None, start: int = 0
) -> Iterator[Example]:
    with torch.no_grad():
        for first in range(start, start + count, BATCH):
            last = min(first + BATCH, start + count)
            yield from model.sample([SampleRequest(seed, index, size=size) for index in range(first, last)])


def _stacked(examples: Iterator[Example] | Sequence[Example]) -> NDArray[np.uint8]:
    return np.stack([each.tiles if isinstance(each, Level) else each.pixels for each in examples])


def _windows(
    model: GenerativeModel, size: tuple[int, int], least_open: float, count: int, seed: int
) -> NDArray[np.uint8]:
    """(count, rows, columns) windows of large samples, each level cut without overlap."""
    found: list[Example] = []
    world = model.nearest_size((WORLD, WORLD))
    for start in range(0, 100 * BATCH, 20):
        levels = tuple(each for each in _draw(model, 20, seed, world, start) if isinstance(each, Level))
        found += _cut(model, levels, size, least_open)
        if len(found) >= count:
            return _stacked(found[:count])
    raise GenworldError(
        f"{count} windows of which {least_open:.0%} are open were wanted, but the model made {len(found)}; ask for less."
    )


def _cut(
    model: GenerativeModel, levels: tuple[Level, ...], size: tuple[int, int], least_open: float
) -> tuple[Example, ...]:
    spec = LevelSpec(levels[0].legend)
    empty = np.zeros((len(levels), 0), dtype=np.uint8)
    data = Dataset(model.family, spec, levels, empty, ("",) * len(levels), DataSource(name=model.family, licence=""))
    try:
        return data.windows(*size, max(size), least_open).examples
    except GenworldError:
        return ()
