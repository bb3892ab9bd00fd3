"""Attributes: what is measured on single levels and sprites, in words that a designer uses. Without torch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genworld import limits, play
from genworld.content import Example, Level, LevelSpec, Spec, Sprite
from genworld.errors import GenworldError
from genworld.measure import level_attributes, sprite_attributes
from genworld.measure.attribute import Attribute, Measure, Values
from genworld.measure.level_attributes import Ground
from genworld.measure.sprite_attributes import Looks

Numbers = NDArray[np.float32]

MOST_BINS = 512
"""Along each axis of an expressive range."""

VERDICTS = {True: 1, False: 0, None: -1}


def attributes_of(spec: Spec) -> tuple[Attribute, ...]:
    """What is measured on examples of a spec, in the order of the columns of `measured`."""
    if isinstance(spec, LevelSpec):
        return tuple(measure.attribute for measure in level_attributes.measures(spec.legend))
    return tuple(measure.attribute for measure in sprite_attributes.MEASURES)


def measured(examples: Sequence[Example], spec: Spec) -> Numbers:
    """The attributes of examples.

    Args:
        examples: levels of the spec's legend, or sprites; of any sizes.
        spec: what they are.

    Returns:
        (N, A) float32, columns as in `attributes_of`; NaN where an attribute is undefined.

    Raises:
        GenworldError: sprites for a spec of levels or the other way round, or levels of another legend.
    """
    found = np.full((len(examples), len(attributes_of(spec))), np.nan, dtype=np.float32)
    for rows in _alike(examples, spec):
        found[rows] = _stack([examples[row] for row in rows], spec)
    return found


def _alike(examples: Sequence[Example], spec: Spec) -> list[list[int]]:
    """The positions of the examples of each size."""
    groups: dict[tuple[int, int], list[int]] = {}
    for row, example in enumerate(examples):
        _require_fitting(example, spec)
        groups.setdefault((example.height, example.width), []).append(row)
    return list(groups.values())


def _require_fitting(example: Example, spec: Spec) -> None:
    came = "level" if isinstance(example, Level) else "sprite"
    if came != spec.kind:
        raise GenworldError(f"Attributes of {spec.kind}s were asked for, but a {came} came; give its own model's spec.")
    if isinstance(example, Level) and isinstance(spec, LevelSpec) and example.legend != spec.legend:
        raise GenworldError(
            f"Levels of legend {spec.legend.name!r} were expected, but one of {example.legend.name!r} came; "
            "take the model that it was made with."
        )


def _stack(examples: Sequence[Example], spec: Spec) -> Numbers:
    """(N, A) of examples of one size."""
    if isinstance(spec, LevelSpec):
        grids = np.stack([example.tiles for example in examples if isinstance(example, Level)])
        ground = Ground(grids, spec.legend)
        columns = [measure.of(ground) for measure in level_attributes.measures(spec.legend)]
    else:
        looks = Looks(np.stack([example.pixels for example in examples if isinstance(example, Sprite)]))
        columns = [measure.of(looks) for measure in sprite_attributes.MEASURES]
    return np.stack(columns, axis=1).astype(np.float32)


def playable(examples: Sequence[Example]) -> NDArray[np.int8]:
    """(N,) whether the goal of each level can be reached: 1 yes, 0 no, -1 unknown; -1 for sprites."""
    found = [VERDICTS[play.check(each).reachable] if isinstance(each, Level) else -1 for each in examples]
    return np.array(found, dtype=np.int8)


@dataclass(frozen=True)
class ExpressiveRange:
    """An expressive range: how often each combination of two attributes occurs.

    Args:
        counts: (bins, bins) examples; first index along x, second along y.
        x_edges, y_edges: (bins + 1,) where the bins begin and end, in the attributes' units.
    """

    counts: NDArray[np.int64]
    x_edges: NDArray[np.float64]
    y_edges: NDArray[np.float64]


Span = tuple[float, float]


def expressive_range(
    x: NDArray[np.floating], y: NDArray[np.floating], bins: int = 32, within: tuple[Span, Span] | None = None
) -> ExpressiveRange:
    """The two-dimensional histogram of two attributes (Smith and Whitehead 2010).

    Args:
        x, y: (N,) values; examples in which either is NaN are left out.
        bins: along each axis; 1 to 512.
        within: smallest and largest value of each attribute that is counted; those that occur when None.

    Raises:
        GenworldError: not as many values of one attribute as of the other, or no such number of bins.

    >>> expressive_range(np.array([0, 1, 1, np.nan]), np.array([0, 1, 1, 0]), bins=2).counts.tolist()
    [[1, 0], [0, 2]]
    """
    if np.shape(x) != np.shape(y):
        raise GenworldError(
            f"An expressive range needs as many values of one attribute as of the other, but {len(x)} and {len(y)} came."
        )
    bins = limits.whole("The number of bins", bins, 1, MOST_BINS)
    known = np.isfinite(x) & np.isfinite(y)
    counts, x_edges, y_edges = np.histogram2d(x[known], y[known], bins=bins, range=within)
    return ExpressiveRange(counts.astype(np.int64), x_edges, y_edges)


__all__ = [
    "Attribute",
    "ExpressiveRange",
    "Measure",
    "Values",
    "attributes_of",
    "expressive_range",
    "measured",
    "playable",
]
