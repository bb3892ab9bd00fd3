"""Measuring a model that is there: against the data that it learned from, against others, or without any."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from genworld import shaping
from genworld.content import Example, Level, LevelSpec, Spec, Sprite
from genworld.latent import learned
from genworld.latent.maps import default_axes
from genworld.measure import Report, appraise, measured
from genworld.measure.alone import alone_report
from genworld.measure.appraisal import DISTINCT, Cut, drawn
from genworld.measure.attributes import Numbers
from genworld.measure.description import ExpressiveRanges, attribute_report, expressive_ranges
from genworld.measure.draws import subset
from genworld.measure.report import Told, untold
from genworld.models import family
from genworld.provenance import Record
from genworld.sampling import LoadedModel
from genworld.training.lessons import WINDOW
from genworld.training.yardstick import Yardstick

DESCRIBED = 500
"""Samples and real examples whose attributes are measured, at most."""

WITHOUT = (
    "Without data only what needs none is measured: how samples differ, whether they can be played, how new they are by "
    "fingerprints; give --data for quality and ceilings."
)


class Evaluation(Record):
    """All that was measured of a model.

    Args:
        model, digest: which one.
        against: in words, what it was measured against.
        report: the figures.
        attributes: mean of each attribute of the samples; the ceiling is that of the real examples.
        range: the expressive range; None where too little is defined.
    """

    model: str
    digest: str
    against: str
    report: Report
    attributes: Report
    range: ExpressiveRanges | None


def evaluate(
    loaded: LoadedModel,
    against: Yardstick | None = None,
    *,
    count: int = 2000,
    distinct: int = DISTINCT,
    seed: int = 1,
    told: Told = untold,
) -> Evaluation:
    """Measure a model.

    Args:
        loaded: the model.
        against: the data; None measures what needs none.
        count: samples at most.
        distinct: samples of levels among which the distinct ones are counted.
        seed: of the samples and of every choice.
        told: hears what is done, how much of it, and how much there is; what it raises ends the work.

    Raises:
        GenworldError: too few examples to measure.
    """
    checkpoint, run = loaded.checkpoint, loaded.checkpoint.manifest.run
    cut = _cut(against.training.spec, run.least_open) if against else None
    if against is None:
        cut = _own_cut(loaded)
        report = _alone(loaded, cut, count, distinct, seed, told)
    else:
        report = appraise(
            loaded.model,
            against.training,
            against.held_out,
            window=WINDOW,
            least_open=run.least_open,
            count=count,
            distinct=distinct,
            seed=seed,
            told=told,
        )
    spec = checkpoint.spec
    made = _attributes(drawn(loaded.model, min(count, DESCRIBED), seed, cut, told), spec)
    told("attributes measured", 0, 0)
    real = None if against is None else _of_real(against, cut, spec, seed)
    return Evaluation(
        model=checkpoint.name,
        digest=checkpoint.digest,
        against=WITHOUT if against is None else against.words,
        report=report,
        attributes=attribute_report(spec, made, real, seed),
        range=expressive_ranges(spec, made, real, default_axes(spec)),
    )


def _cut(spec: Spec, least_open: float) -> Cut | None:
    return Cut.suiting(spec, WINDOW, least_open) if isinstance(spec, LevelSpec) else None


def _own_cut(loaded: LoadedModel) -> Cut | None:
    """Windows of the size of the fingerprints, where a model makes levels of any size."""
    if not family(loaded.checkpoint.family).resizable:
        return None
    prints, least_open = learned.of(loaded.checkpoint), loaded.checkpoint.manifest.run.least_open
    return Cut(prints.height, least_open, prints.width) if prints else Cut(WINDOW, least_open)


def _alone(loaded: LoadedModel, cut: Cut | None, count: int, distinct: int, seed: int, told: Told) -> Report:
    checkpoint, spec = loaded.checkpoint, loaded.checkpoint.spec
    levels = isinstance(spec, LevelSpec)
    samples = drawn(loaded.model, max(count, distinct if levels else 0), seed, cut, told)
    return alone_report(
        samples[:count],
        samples,
        legend=spec.legend if isinstance(spec, LevelSpec) else None,
        patterns=shaping.patterns_of(loaded) if levels else None,
        prints=learned.of(checkpoint),
        symmetry=learned.symmetry_of(checkpoint),
        seed=seed,
        told=told,
    )


def _attributes(stack: NDArray[np.uint8], spec: Spec) -> Numbers:
    examples: list[Example] = [
        Level(array, spec.legend) if isinstance(spec, LevelSpec) else Sprite(array) for array in stack
    ]
    return measured(examples, spec)


def _of_real(against: Yardstick, cut: Cut | None, spec: Spec, seed: int) -> Numbers:
    data = against.training if against.held_out is None else against.held_out
    data = data if cut is None else cut.of(data)
    return _attributes(data.take(subset(len(data), min(DESCRIBED, len(data)), seed, "described")).array(), spec)
