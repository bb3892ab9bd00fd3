"""A map: samples of a survey placed in two dimensions, and what can be made where none is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from genworld.latent.survey import Survey
from genworld.measure.attributes import ExpressiveRange, expressive_range
from genworld.sampling import Sampled

Places = NDArray[np.float32]
"""(N, 2) places on a map; NaN where something has none."""

PATIENCE = 2.0
"""Seconds of a search for what a measured map shows nowhere."""
SPACED = 1_000
"""Places of which the distance to the nearest other is taken, at most: their median is the map's spacing."""
BLOCK = 100


class Method(StrEnum):
    """How samples are placed."""

    PCA = "pca"
    UMAP = "umap"
    MEASURED = "measured"


@dataclass(frozen=True)
class Axis:
    """One axis of a map.

    Args:
        name: of the attribute, or ``"1"``, ``"2"``.
        title: what a person reads.
        less, more: what lies at its ends, where that has a name.
        unit: of its numbers, where they have one.
        about: one sentence.
        share: of the variance of what the decoder sees, for principal axes.
    """

    name: str
    title: str
    less: str = ""
    more: str = ""
    unit: str = ""
    about: str = ""
    share: float | None = None


@dataclass(frozen=True)
class Made:
    """What was made at a place of a map.

    Args:
        sampled: the canonical render, and where it comes from.
        x, y: where it lies.
        nearest: index of the nearest known sample.
        distance: from there, in the map's units.
        times: the same as a multiple of the map's spacing.
        missed: distance between where it lies and where it was wanted, as a multiple of the spacing.
    """

    sampled: Sampled
    x: float
    y: float
    nearest: int
    distance: float
    times: float
    missed: float = 0.0

    @property
    def words(self) -> str:
        """How new it is, and how well it meets what was wanted, in a sentence or two."""
        if self.distance == 0:
            new = "A known sample."
        elif self.times < 1:
            new = "Among known samples."
        else:
            new = f"{_times(self.times)} as far from the nearest known sample as samples are from each other."
        if self.missed < 1:
            return new
        return f"Nothing was found here: the best lies {_times(self.missed)} as far away as samples are from each other. {new}"


def _times(value: float) -> str:
    return f"{value:.0f} times" if value >= 10 else f"{value:.1f} times"


class Map(ABC):
    """Samples in two dimensions.

    Args:
        survey: whose first N samples are placed.
        xy: (N, 2) their places, NaN where one has none.
        axes: what the two dimensions mean.
    """

    method: ClassVar[Method]

    def __init__(self, survey: Survey, xy: Places, axes: tuple[Axis, Axis]) -> None:
        self.survey, self.loaded, self.xy, self.axes = survey, survey.loaded, xy, axes
        self.scale = self._scale()
        self.spacing = spacing(xy / self.scale)

    @property
    def count(self) -> int:
        """How many samples it shows, those without a place included."""
        return len(self.xy)

    def nearest(self, x: float, y: float) -> tuple[int, float]:
        """Index of the sample nearest to a place, and its distance in the map's units."""
        index = int(self.neighbours(x, y, 1)[0])
        return index, float(self.distances(x, y, self.xy[index : index + 1])[0])

    def neighbours(self, x: float, y: float, count: int) -> NDArray[np.intp]:
        """Indices of the samples nearest to a place, the nearest first."""
        far = np.nan_to_num(self.distances(x, y, self.xy), nan=np.inf)
        return np.argsort(far, kind="stable")[:count]

    def distances(self, x: float, y: float, places: NDArray[np.floating]) -> NDArray[np.float64]:
        """(N,) distances from a place to (N, 2) places, in the map's units."""
        apart = (places.astype(np.float64) - (x, y)) / self.scale
        return np.hypot(apart[:, 0], apart[:, 1])

    def range(self, bins: int = 32) -> ExpressiveRange:
        """The map as a histogram: where samples are, and where there is none (Smith and Whitehead 2010)."""
        return expressive_range(self.xy[:, 0], self.xy[:, 1], bins)

    def at(self, x: float, y: float, *, seed: int = 0) -> Made:
        """What lies at a place, made new where no sample is: at once, or the best that `search` finds."""
        *_, last = self.search(x, y, seed=seed)
        return last

    @abstractmethod
    def search(self, x: float, y: float, *, seed: int = 0, patience: float = PATIENCE) -> Iterator[Made]:
        """Ever better answers to what lies at a place; the last one counts.

        Args:
            x, y: where, in the numbers of the axes.
            seed: of the search, where there is one.
            patience: seconds after which no further round is begun.
        """

    def _scale(self) -> NDArray[np.float64]:
        """(2,) what one unit of the map is on each axis."""
        return np.ones(2)

    def _made(self, sampled: Sampled, place: tuple[float, float], wanted: tuple[float, float]) -> Made:
        index, distance = self.nearest(*place)
        missed = float(self.distances(*wanted, np.array([place]))[0])
        return Made(sampled, *place, index, distance, distance / self.spacing, missed / self.spacing)


def spacing(places: NDArray[np.float64]) -> float:
    """How far places lie from each other: the median distance to the nearest other one; 1 where there is one place."""
    known = np.unique(places[np.isfinite(places).all(axis=1)].astype(np.float64), axis=0)
    if len(known) < 2:
        return 1.0
    some = known[np.unique(np.linspace(0, len(known) - 1, SPACED).astype(int))]
    nearest = [_to_others(some[start : start + BLOCK], known) for start in range(0, len(some), BLOCK)]
    return float(np.median(np.concatenate(nearest)))


def _to_others(some: NDArray[np.float64], known: NDArray[np.float64]) -> NDArray[np.float64]:
    """(K,) distances to the nearest place that is another one."""
    squared = sum((some[:, None, axis] - known[None, :, axis]) ** 2 for axis in (0, 1))
    squared = np.asarray(squared)
    squared[squared == 0] = np.inf
    nearest: NDArray[np.float64] = np.sqrt(squared.min(axis=1))
    return nearest
