"""What a direction is: a slider with a reading and a step, and the words for it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from genworld.errors import unknown
from genworld.latent.fitting import Numbers
from genworld.measure.attributes import Attribute

ATTRIBUTE, PART, PRINCIPAL = "attribute", "part", "principal"


@dataclass(frozen=True, eq=False)
class Direction:
    """One slider.

    Its position is read off the code, ``readout @ code - offset``, so it is a function of the point alone: undo, kept
    items and points of a map show the right positions. Moving along one direction may change the position of others.

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
        readout: (code_dim,) of the position; one unit is one standard deviation of the attribute, part or component.
        offset: position 0 is the mean of the model's samples.
        step: (code_dim,) change of the code that raises the position by 1.
    """

    id: str
    group: str
    title: str
    less: str
    more: str
    about: str
    score: float
    holds: float
    readout: Numbers
    offset: float
    step: Numbers

    def position(self, code: Numbers) -> float:
        """Where the slider stands for a (code_dim,) code."""
        return float(self.readout @ code) - self.offset


@dataclass(frozen=True)
class Directions:
    """The sliders of a model.

    Args:
        shown: attributes in the order in which they are measured, parts, principal directions by share.
        hidden: title and held-out R2 of attributes and parts that have no slider, for it would not do what it says.
    """

    shown: tuple[Direction, ...]
    hidden: tuple[tuple[str, float], ...]

    def __getitem__(self, key: str) -> Direction:
        """The direction of an id. Raises GenworldError for an id that is not shown."""
        for direction in self.shown:
            if direction.id == key:
                return direction
        raise unknown("direction", str(key), [direction.id for direction in self.shown])

    def chosen(self, keys: Collection[str]) -> list[Direction]:
        """The directions of some ids, in the order in which they are shown. Raises GenworldError as above."""
        wanted = {self[key].id for key in keys}
        return [direction for direction in self.shown if direction.id in wanted]


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
