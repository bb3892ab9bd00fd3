"""From a model and its data to a report: draws samples in bulk and measures them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from genworld.content import Example, Level, LevelSpec
from genworld.datasets.dataset import Dataset
from genworld.errors import GenworldError
from genworld.measure.density import density_figures
from genworld.measure.levels import level_report
from genworld.measure.report import Report, Told, untold
from genworld.measure.sprites import sprite_report
from genworld.measure.windows import Symmetry
from genworld.models.base import GenerativeModel, SampleRequest
from genworld.provenance import DataSource
from genworld.seeding import numpy_stream

BATCH = 100
WORLD = 48
"""Side in tiles of the levels that a model of any size is asked for, before they are cut into windows."""
WORLDS = 20
"""Of them at once."""
DISTINCT = 10_000
"""Samples of levels among which the distinct ones are counted."""
SYMMETRIES = {"none": Symmetry.NONE, "mirror": Symmetry.MIRROR, "turns": Symmetry.ALL}


def appraise(
    model: GenerativeModel,
    training: Dataset,
    held_out: Dataset | None,
    *,
    window: int = 16,
    least_open: float = 0.0,
    count: int = 2000,
    distinct: int | None = None,
    seed: int = 1,
    told: Told = untold,
) -> Report:
    """Every figure of a model, on samples drawn in batches (bulk work: single pixels may differ from the canonical render).

    Args:
        model: trained.
        training: what it saw, in the size that it saw.
        held_out: real examples that it did not see; None where there are none, and then nothing has a ceiling.
        window, least_open: how levels of many sizes are cut, samples and real ones alike; see `Dataset.windows`.
        count: samples at most; as many as there are real examples on the smaller side are measured.
        distinct: samples of levels among which the distinct ones are counted; `DISTINCT` when None.
        seed: of the samples.
        told: hears how far it is.

    Raises:
        GenworldError: too few examples to measure.
    """
    many = DISTINCT if distinct is None else distinct
    report = _compared(model, training, held_out, window, least_open, count, many, seed, told)
    density = density_figures(model, training, held_out, seed, told)
    return report.model_copy(update={"figures": (*report.figures, *density)})


def _compared(
    model: GenerativeModel,
    training: Dataset,
    held_out: Dataset | None,
    window: int,
    least_open: float,
    count: int,
    distinct: int,
    seed: int,
    told: Told,
) -> Report:
    spec = training.spec
    if not isinstance(spec, LevelSpec):
        samples = drawn(model, min(count, len(training if held_out is None else held_out)), seed, told=told)
        unseen = None if held_out is None else held_out.array()
        return sprite_report(samples, training.array(), unseen, seed=seed, told=told)
    cut = Cut.suiting(spec, window, least_open)
    maps = [level.tiles for level in training.levels] if cut is not None else []
    if cut is not None:
        training, held_out = cut.of(training), None if held_out is None else cut.of(held_out)
    count = min(count, len(training if held_out is None else held_out))
    samples = drawn(model, max(count, distinct), seed, cut, told)
    real = None if held_out is None else held_out.array()
    unseen = None if real is None else real[numpy_stream(seed, "held out").permutation(len(real))[:count]]
    return level_report(
        samples[:count],
        training.array(),
        unseen,
        legend=spec.legend,
        maps=maps,
        many=samples,
        symmetry=Symmetry.of_config(model.config.model_dump()),
        seed=seed,
        told=told,
    )


@dataclass(frozen=True)
class Cut:
    """How levels of many sizes are cut, samples and real ones alike.

    Args:
        side: of the windows, in tiles.
        least_open: share of their cells that are neither solid nor void.
        width: of the windows, where they are no squares.
    """

    side: int
    least_open: float = 0.0
    width: int | None = None

    @classmethod
    def suiting(cls, spec: LevelSpec, side: int, least_open: float = 0.0) -> Cut | None:
        """For levels of a spec: no larger than a side that all have in common; None where all are of one size."""
        if spec.height is not None and spec.width is not None:
            return None
        return cls(min(side, spec.height or side), least_open, min(side, spec.width or side))

    def of(self, data: Dataset, overlap: int = 4) -> Dataset:
        """Its windows, 1 / `overlap` of their longer side apart."""
        width = self.width or self.side
        return data.windows(self.side, width, max(1, max(self.side, width) // overlap), self.least_open)


def drawn(
    model: GenerativeModel, count: int, seed: int, cut: Cut | None = None, told: Told = untold
) -> NDArray[np.uint8]:
    """(count, H, W) levels or (count, H, W, 4) sprites, drawn in batches.

    Args:
        model: trained.
        count: samples, or windows of samples.
        seed: of the samples.
        cut: how samples of a model of any size are cut; None takes them as they come.
        told: hears how many are there.
    """
    if cut is not None:
        return _windows(model, cut, count, seed, told)
    found: list[Example] = []
    for example in _draw(model, count, seed):
        if len(found) % BATCH == 0:
            told("samples drawn", len(found), count)
        found.append(example)
    return _stacked(found)


def _draw(
    model: GenerativeModel, count: int, seed: int, size: tuple[int, int] | None = None, start: int = 0
) -> Iterator[Example]:
    with torch.no_grad():
        for first in range(start, start + count, BATCH):
            last = min(first + BATCH, start + count)
            yield from model.sample([SampleRequest(seed, index, size=size) for index in range(first, last)])


def _stacked(examples: Sequence[Example]) -> NDArray[np.uint8]:
    return np.stack([each.tiles if isinstance(each, Level) else each.pixels for each in examples])


def _windows(model: GenerativeModel, cut: Cut, count: int, seed: int, told: Told) -> NDArray[np.uint8]:
    """(count, rows, columns) windows of large samples, each level cut without overlap."""
    found: list[Example] = []
    size = model.nearest_size((max(WORLD, cut.side), max(WORLD, cut.width or cut.side)))
    for start in range(0, 100 * BATCH, WORLDS):
        told("samples drawn", len(found), count)
        levels = tuple(each for each in _draw(model, WORLDS, seed, size, start) if isinstance(each, Level))
        found += _cut(model, levels, cut)
        if len(found) >= count:
            return _stacked(found[:count])
    raise GenworldError(
        f"{count} windows of which {cut.least_open:.0%} are open were wanted, but the model made {len(found)}; ask for less."
    )


def _cut(model: GenerativeModel, levels: tuple[Level, ...], cut: Cut) -> tuple[Example, ...]:
    spec = LevelSpec(levels[0].legend)
    empty = np.zeros((len(levels), 0), dtype=np.uint8)
    data = Dataset(model.family, spec, levels, empty, ("",) * len(levels), DataSource(name=model.family, licence=""))
    try:
        return cut.of(data, overlap=1).examples
    except GenworldError:
        return ()
