"""Maps whose axes are measured: for every family."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from itertools import count as counted

import numpy as np
from numpy.typing import NDArray

from genworld.content import Example
from genworld.errors import unknown
from genworld.latent import seeking
from genworld.latent.map import PATIENCE, Axis, Made, Map, Method, Places
from genworld.latent.survey import Survey
from genworld.measure.attributes import Attribute, measured
from genworld.sampling import Sampled


class MeasuredMap(Map):
    """Any two attributes: an expressive range map (Smith and Whitehead 2010).

    Args:
        survey: measured as far as it is shown.
        count: how many samples are shown.
        names: two attributes.

    Raises:
        GenworldError: a name that is no attribute of this content.
    """

    method = Method.MEASURED

    def __init__(self, survey: Survey, count: int, names: tuple[str, str]) -> None:
        self.columns = [column(survey.described, name) for name in names]
        values, _ = survey.measure(count)
        x, y = (_axis(survey.described[index]) for index in self.columns)
        super().__init__(survey, values[:, self.columns], (x, y))

    def places(self, examples: Sequence[Example]) -> Places:
        """(N, 2) where examples lie; NaN where an attribute is undefined."""
        found: Places = measured(examples, self.loaded.checkpoint.spec)[:, self.columns]
        return found

    def search(self, x: float, y: float, *, seed: int = 0, patience: float = PATIENCE) -> Iterator[Made]:
        wanted, end = (x, y), time.monotonic() + patience
        search = seeking.search(self, wanted, seed)
        yield self._shown(search.nearest, wanted)
        told = search.distance
        for number in counted():
            if told == 0 or time.monotonic() > end:
                return
            search.round(number)
            if search.distance < told:
                told = search.distance
                yield self._shown(search.nearest, wanted)

    def _shown(self, sampled: Sampled, wanted: tuple[float, float]) -> Made:
        """Measured on the canonical render, which may differ by a hair from what was searched in bulk."""
        x, y = self.places([sampled.example])[0]
        return self._made(sampled, (float(x), float(y)), wanted)

    def _scale(self) -> NDArray[np.float64]:
        """One standard deviation of each attribute, so that neither rules what is near."""
        known = self.xy[np.isfinite(self.xy).all(axis=1)].astype(np.float64)
        spread = known.std(axis=0) if len(known) else np.ones(2)
        return np.where(spread > 0, spread, 1.0)


def column(described: Sequence[Attribute], name: str) -> int:
    """Position of an attribute. Raises GenworldError for a name that is none."""
    names = [each.name for each in described]
    if name not in names:
        raise unknown("attribute", name, names)
    return names.index(name)


def _axis(each: Attribute) -> Axis:
    return Axis(each.name, each.title, each.less, each.more, each.unit, each.about)
