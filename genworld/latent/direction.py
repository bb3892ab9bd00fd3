"""What a direction is: a slider with a reading and a step, and the words for it."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from genworld.errors import unknown
from genworld.latent.reading import Reading, Rows
from genworld.measure.attributes import Attribute

ATTRIBUTE, PART, PRINCIPAL = "attribute", "part", "principal"


@dataclass(frozen=True, eq=False)
class Direction:
    """One slider.

    Its position is read off the code, so it is a function of the point alone: undo, kept items and points of a map show
    the right positions. Moving one slider may change the position of others.

    Args:
        id: ``"attribute:brightness"``, ``"part:cloak"``, ``"principal:1"``.
        group: ``"attribute"``, ``"part"`` or ``"principal"``.
        title: what the slider is called.
        less, more: what its ends are.
        about: one sentence for whoever asks what it is.
        score: share of the variance that the reading tells on samples it was not fitted to (held-out R2); of a
            principal direction, its share of the variance of the features.
        holds: share of the samples tried whose measured attribute went as stated when the slider moved by two, up and
            down, without those at the end of the scale; NaN where nothing is measured.
    """

    id: str
    group: str
    title: str
    less: str
    more: str
    about: str
    score: float
    holds: float


class Hidden(NamedTuple):
    """An attribute or part that has no slider, for it would not do what it says; the fields are those of `Direction`."""

    title: str
    score: float
    holds: float = math.nan

    @property
    def why(self) -> str:
        """
        >>> Hidden("Areas", 0.375, 0.8125).why
        'R² 0.38, moves as stated in 81% of samples'
        """
        read = "R² unknown" if math.isnan(self.score) else f"R² {self.score:.2f}"
        return read if math.isnan(self.holds) else f"{read}, moves as stated in {self.holds:.0%} of samples"


@dataclass(frozen=True)
class Directions:
    """The sliders of a model.

    Args:
        shown: attributes in the order in which they are measured, parts, principal directions by share.
        hidden: attributes and parts without a slider.
        reading: where the shown ones stand at a code and what moves them; a row for each. One unit is one standard
            deviation of the attribute, part or component, and 0 the mean of the model's samples.
    """

    shown: tuple[Direction, ...]
    hidden: tuple[Hidden, ...]
    reading: Reading

    def __getitem__(self, key: str) -> Direction:
        """The direction of an id. Raises GenworldError for an id that is not shown."""
        for direction in self.shown:
            if direction.id == key:
                return direction
        raise unknown("direction", str(key), [direction.id for direction in self.shown])

    def rows(self, keys: Collection[str]) -> Rows:
        """Rows of the reading of some ids, in the order in which they are shown. Raises GenworldError as above."""
        wanted = {self[key].id for key in keys}
        return np.array([row for row, each in enumerate(self.shown) if each.id in wanted], dtype=np.intp)


@dataclass(frozen=True)
class Words:
    """What a direction is called; the fields are those of `Direction`."""

    group: str
    title: str
    less: str
    more: str
    about: str


def of_attribute(attribute: Attribute) -> Words:
    """The words of a measured attribute."""
    return Words(ATTRIBUTE, attribute.title, attribute.less, attribute.more, attribute.about)


def of_part(name: str, exclusive: bool) -> Words:
    """The words of a class: where samples have several, it is worn or not."""
    less, more = (f"less {name}", f"more {name}") if exclusive else (f"no {name}", name)
    return Words(PART, name.capitalize(), less, more, f"How much a sample is like those that were labelled {name!r}.")


def of_component(rank: int, hint: str) -> Words:
    """The words of a principal direction: those of the attribute that it goes with, where there is one."""
    title = f"Direction {rank}" + (f", mostly {hint}" if hint else "")
    about = "What varies together most, apart from the directions before." if rank > 1 else "What varies together most."
    return Words(PRINCIPAL, title, "−", "+", about)
