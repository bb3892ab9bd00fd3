"""Samples beside real examples in the words of designers: the mean of each attribute, and how two of them go together."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from genworld.content import Spec
from genworld.measure.attributes import Numbers, Span, attributes_of, expressive_range
from genworld.measure.draws import Chosen, Range, estimates
from genworld.measure.report import Comparison, Report, compare
from genworld.provenance import Record

BINS = 32
ANY: Range = (float("-inf"), float("inf"))


class ExpressiveRanges(Record):
    """How often each combination of two attributes occurs, in samples and in real examples.

    Args:
        x, y: names of the attributes.
        x_edges, y_edges: (BINS + 1,) where the bins begin and end, in the attributes' units.
        samples, real: (BINS, BINS) counts, first index along x; `real` is empty without data.
    """

    x: str
    y: str
    x_edges: tuple[float, ...]
    y_edges: tuple[float, ...]
    samples: tuple[tuple[int, ...], ...]
    real: tuple[tuple[int, ...], ...] = ()

    @property
    def words(self) -> str:
        """How many of the cells are filled, a sentence."""
        cells = [sum(count > 0 for row in counts for count in row) for counts in (self.samples, self.real)]
        beside = f", real examples {cells[1]}" if self.real else ""
        return f"Expressive range of {self.x} and {self.y}: samples fill {cells[0]} of {BINS * BINS:,} cells{beside}."


def attribute_report(spec: Spec, made: Numbers, real: Numbers | None, seed: int) -> Report:
    """The mean of each attribute; the ceiling is that of the real examples.

    Args:
        spec: of the examples.
        made, real: (N, A) attributes of samples and of real examples, as `measured` gives them.
        seed: of the halves.
    """
    unseen = made[:0] if real is None else real
    columns = [
        (each, index)
        for index, each in enumerate(attributes_of(spec))
        if np.isfinite(made[:, index]).sum() > 1 and (real is None or np.isfinite(unseen[:, index]).sum() > 1)
    ]

    def measure(chosen: Chosen, ceiling: Chosen) -> Mapping[str, float]:
        found = {each.name: _mean(made[chosen, index]) for each, index in columns}
        best = {f"ceiling {each.name}": _mean(unseen[ceiling, index]) for each, index in columns if len(unseen)}
        return found | best

    wanted = [Comparison(each.name, ANY, each.about, f"mean {each.title.lower()}", alone=True) for each, _ in columns]
    found = estimates(measure, (len(made), len(unseen)), seed, "attributes")
    return Report(title="attributes", figures=tuple(compare(wanted, found, (len(made), 0, len(unseen)), seed)))


def _mean(values: Numbers) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if known.size else 0.0


def expressive_ranges(
    spec: Spec, made: Numbers, real: Numbers | None, names: tuple[str, str]
) -> ExpressiveRanges | None:
    """Those of two attributes, in the same bins; None where one of them is never defined.

    Args:
        spec: of the examples.
        made, real: (N, A) attributes of samples and of real examples.
        names: of the attributes.
    """
    known = [each.name for each in attributes_of(spec)]
    columns = [known.index(name) for name in names]
    both = made[:, columns] if real is None else np.concatenate([made[:, columns], real[:, columns]])
    both = both[np.isfinite(both).all(axis=1)]
    if not len(both):
        return None
    spans = _span(both[:, 0]), _span(both[:, 1])
    x, y = columns
    of_samples = expressive_range(made[:, x], made[:, y], BINS, spans)
    counts = None if real is None else expressive_range(real[:, x], real[:, y], BINS, spans).counts
    return ExpressiveRanges(
        x=names[0],
        y=names[1],
        x_edges=tuple(of_samples.x_edges.tolist()),
        y_edges=tuple(of_samples.y_edges.tolist()),
        samples=tuple(map(tuple, of_samples.counts.tolist())),
        real=() if counts is None else tuple(map(tuple, counts.tolist())),
    )


def _span(values: Numbers) -> Span:
    low, high = float(values.min()), float(values.max())
    return (low, high) if high > low else (low - 0.5, high + 0.5)
