"""Figures with their counts, their seed and their ceiling, and the report that gathers them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from genworld.measure.draws import Estimate, Range
from genworld.provenance import Record

Told = Callable[[str, int, int], None]
"""Called with what is being measured, how much of it is done, and how much there is."""


def untold(what: str, done: int, total: int) -> None:
    """Where nobody listens."""


class Figure(Record):
    """One measured number.

    Args:
        name: what was measured, with the feature where one was used.
        value: the number; the mean over the draws where few samples came.
        low, high: 95% interval; None with many samples, where one measurement is enough.
        ceiling: the same figure for held-out real data against the training data: what a perfect model would get.
        n: samples measured.
        real: training examples they were compared with; 0 where there was no comparison.
        held_out: real examples that the ceiling was measured on; 0 without a ceiling.
        seed: of every random choice.
        note: how to read it, in a few words.
    """

    name: str
    value: float
    low: float | None = None
    high: float | None = None
    ceiling: float | None = None
    n: int
    real: int = 0
    held_out: int = 0
    seed: int
    note: str = ""

    @property
    def counts(self) -> str:
        """Samples, training examples and held-out examples, separated by slashes."""
        return f"{self.n} / {self.real or '-'} / {self.held_out or '-'}"

    @property
    def cells(self) -> tuple[str, ...]:
        """The figure as cells of a row: name, value, interval, ceiling, counts, seed, note."""
        interval = "" if self.low is None or self.high is None else f"{_number(self.low)} to {_number(self.high)}"
        ceiling = "" if self.ceiling is None else _number(self.ceiling)
        return (self.name, _number(self.value), interval, ceiling, self.counts, str(self.seed), self.note)

    def row(self) -> str:
        """The figure as a line of a Markdown table."""
        return f"| {' | '.join(self.cells)} |"


class Report(Record):
    """All figures of one model.

    Args:
        title: what was measured.
        figures: in the order in which they are read.
    """

    title: str
    figures: tuple[Figure, ...]

    def __getitem__(self, name: str) -> Figure:
        """The first figure whose name begins with `name`; KeyError when there is none."""
        for figure in self.figures:
            if figure.name.startswith(name):
                return figure
        raise KeyError(name)

    def table(self) -> str:
        """A Markdown table for the model card."""
        columns = (
            "figure",
            "value",
            "95% interval",
            "ceiling",
            "samples / training / held-out",
            "seed",
            "how to read it",
        )
        lines = [f"| {' | '.join(columns)} |", f"|{' --- |' * len(columns)}"]
        return "\n".join([*lines, *(figure.row() for figure in self.figures)]) + "\n"

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON for a manifest; ``Report.model_validate`` reads it back."""
        return self.model_dump(mode="json", exclude_none=True)


@dataclass(frozen=True)
class Comparison:
    """How a measured number is shown.

    Args:
        key: its name among the measured numbers; its ceiling is under ``"ceiling <key>"``, if it has one.
        range: values that are possible; intervals are cut to it.
        note: how to read it.
        shown: its name on the page; the key where empty.
        alone: whether it looks at the samples only, and training examples play no part.
    """

    key: str
    range: Range
    note: str
    shown: str = ""
    alone: bool = False

    @property
    def label(self) -> str:
        """Its name on the page."""
        return self.shown or self.key


def compare(
    comparisons: Sequence[Comparison], found: Mapping[str, Estimate], counts: tuple[int, int, int], seed: int
) -> list[Figure]:
    """Figures from measured numbers.

    Args:
        comparisons: which, in order; those that were not measured are left out.
        found: the numbers and, under ``"ceiling <key>"``, their ceilings.
        counts: samples, training and held-out examples.
        seed: of the measurement.
    """
    wanted = [comparison for comparison in comparisons if comparison.key in found]
    return [_figure(comparison, found, counts, seed) for comparison in wanted]


def _figure(comparison: Comparison, found: Mapping[str, Estimate], counts: tuple[int, int, int], seed: int) -> Figure:
    estimate, ceiling = found[comparison.key], found.get(f"ceiling {comparison.key}")
    return Figure(
        name=comparison.label,
        value=estimate.value,
        low=_cut(estimate.low, comparison.range),
        high=_cut(estimate.high, comparison.range),
        ceiling=None if ceiling is None else ceiling.value,
        n=counts[0],
        real=0 if comparison.alone else counts[1],
        held_out=0 if ceiling is None else counts[2],
        seed=seed,
        note=comparison.note,
    )


def _cut(value: float | None, allowed: Range) -> float | None:
    return None if value is None else min(max(value, allowed[0]), allowed[1])


def _number(value: float) -> str:
    """Three decimals, or two significant digits for what would vanish.

    >>> _number(0.98765), _number(0.000123), _number(0.0)
    ('0.988', '0.00012', '0')
    """
    if value == 0:
        return "0"
    return f"{value:.3f}" if abs(value) >= 0.0095 else f"{value:.2g}"
