"""What a look at a training sees: samples beside examples that the model learned from, and examples that it did not."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genworld.datasets import Dataset
from genworld.measure.appraisal import SYMMETRIES
from genworld.measure.colours import colours
from genworld.measure.features import features
from genworld.measure.level_copies import NEAR as NEAR_LEVEL
from genworld.measure.level_copies import near_copies
from genworld.measure.neighbours import Vectors
from genworld.measure.patterns import SIZES, divergence
from genworld.measure.pictures import premultiplied
from genworld.measure.quality import polynomial_mmd
from genworld.measure.sprite_copies import NEAR as NEAR_SPRITE
from genworld.measure.sprite_copies import nearest_difference
from genworld.measure.variety import pairwise_hamming
from genworld.measure.windows import codes
from genworld.seeding import numpy_stream

Stack = NDArray[np.uint8]
"""(N, H, W) tile ids or (N, H, W, 4) RGBA."""

COMPARED = 64
"""Real examples of a side that a distance is measured to, at most."""
SEARCHED = 2048
"""Training examples that copies are looked for among, at most."""
LEAST = 2
"""Held-out examples that a distance needs."""
FEATURES = (features, colours)
"""What sprites are compared in."""
CHANCE = 0.003
"""Distances below this are nothing: two sets of real sprites are as far apart, by chance."""


class Sight(ABC):
    """Figures of samples, always against the same real examples, so that they can be compared over a training.

    Args:
        training: what the model learns from, as it learns it.
        held_out: what it does not see; None where nothing was held out.
        seed: of which examples are compared, where there are many.
    """

    distances: tuple[str, ...]
    """Names of the figures that say how far samples are from real examples; `figure_to` adds which."""

    def __init__(self, training: Dataset, held_out: Dataset | None, seed: int) -> None:
        self.training = _drawn(training, SEARCHED, seed, "training")
        self.held_out = None if held_out is None else _drawn(held_out, COMPARED, seed, "held out")

    def figures(self, samples: Stack) -> dict[str, float]:
        """What is measured, by name; distances to held-out examples only where there are enough of them.

        Args:
            samples: (N, ...) of the shape of the examples, N at least 2.
        """
        found = {"near copies": float(self.copies(samples).mean()), "look-alikes": float(self.alike(samples).mean())}
        found["variety"] = self.spread(samples) / max(self._real_spread, 1e-9)
        found |= _named(self.apart(samples, "training"), "training")
        if self.held_out is not None and len(self.held_out) >= LEAST:
            found |= _named(self.apart(samples, "held-out"), "held-out")
        return found

    @cached_property
    def expected(self) -> dict[str, float]:
        """Shares of held-out examples that are near copies, and of real ones that look alike: what is to be expected."""
        copies = 0.0 if self.held_out is None else float(self.copies(self.held_out).mean())
        return {"near copies": copies, "look-alikes": float(self.alike(self.compared).mean())}

    @property
    def compared(self) -> Stack:
        """The training examples that a distance is measured to: as many as there are held-out ones."""
        return self.training[: COMPARED if self.held_out is None else max(LEAST, len(self.held_out))]

    @cached_property
    def _real_spread(self) -> float:
        return self.spread(self.training[:COMPARED])

    @abstractmethod
    def apart(self, samples: Stack, to: str) -> dict[str, float]:
        """How far samples are from the examples that `to` names, ``"training"`` or ``"held-out"``, by each of the
        `distances`; less is nearer."""

    @abstractmethod
    def copies(self, samples: Stack) -> NDArray[np.bool_]:
        """(N,) which are near copies of training examples, by the definition of `genworld.measure`."""

    @abstractmethod
    def alike(self, samples: Stack) -> NDArray[np.bool_]:
        """(N,) which look the same as another of them: no further apart than a near copy."""

    @abstractmethod
    def spread(self, samples: Stack) -> float:
        """How much they differ from each other on average."""


class SpriteSight(Sight):
    """Of sprites: MMD in two features, for neither sees all.

    Their names in full are `genworld.measure.features.FEATURE` and `genworld.measure.colours.FEATURE`. Measured on real
    sprites with coloured noise of 40 levels of 255, the first stays below 0.001, as far as other real sprites are, and
    the second grows from 0.003 to 0.06; blur takes the first to 0.33 and the second to 0.02 only.
    """

    distances = ("shape MMD", "colour MMD")

    def apart(self, samples: Stack, to: str) -> dict[str, float]:
        return {
            name: polynomial_mmd(real, seen(samples))
            for name, seen, real in zip(self.distances, FEATURES, self._real[to], strict=True)
        }

    @cached_property
    def _real(self) -> dict[str, list[Vectors]]:
        sides = {"training": self.compared, "held-out": self.held_out}
        return {name: [seen(stack) for seen in FEATURES] for name, stack in sides.items() if stack is not None}

    def copies(self, samples: Stack) -> NDArray[np.bool_]:
        near: NDArray[np.bool_] = nearest_difference(samples, self.training) < NEAR_SPRITE
        return near

    def alike(self, samples: Stack) -> NDArray[np.bool_]:
        rows = premultiplied(samples).reshape(len(samples), -1)
        return _has_near(rows, lambda row: np.sqrt(np.square(rows - row).mean(axis=1)), NEAR_SPRITE)

    def spread(self, samples: Stack) -> float:
        return float(premultiplied(samples).std(axis=0, dtype=np.float64).mean())


class LevelSight(Sight):
    """Of levels of one size.

    The distance is the divergence of TPKL, but held-out windows are few and samples many, so the numbers of cells are
    not equal: it tells one step of a training from another and no more.

    Args:
        flips: of the model's config: copies are looked for among what training showed.
    """

    distances = ("pattern distance",)

    def __init__(self, training: Dataset, held_out: Dataset | None, seed: int, flips: str = "none") -> None:
        super().__init__(training, held_out, seed)
        self._symmetry = SYMMETRIES[flips]

    def apart(self, samples: Stack, to: str) -> dict[str, float]:
        real = self.compared if to == "training" or self.held_out is None else self.held_out
        found = np.mean([divergence(codes(real, size, size), codes(samples, size, size)) for size in SIZES])
        return {self.distances[0]: float(found)}

    def copies(self, samples: Stack) -> NDArray[np.bool_]:
        return near_copies(samples, self.training, self._symmetry)

    def alike(self, samples: Stack) -> NDArray[np.bool_]:
        rows = samples.reshape(len(samples), -1)
        allowed = int(NEAR_LEVEL * rows.shape[1] + 1e-9) / rows.shape[1]
        return _has_near(rows, lambda row: (rows != row).mean(axis=1), allowed + 1e-9)

    def spread(self, samples: Stack) -> float:
        return pairwise_hamming(samples)


def sight(training: Dataset, held_out: Dataset | None, seed: int, flips: str = "none") -> Sight:
    """The sight for these data; arguments as of `LevelSight`."""
    if training.spec.kind == "level":
        return LevelSight(training, held_out, seed, flips)
    return SpriteSight(training, held_out, seed)


def figure_to(distance: str, to: str) -> str:
    """
    >>> figure_to("shape MMD", "held-out")
    'shape MMD to held-out'
    """
    return f"{distance} to {to}"


def _named(apart: Mapping[str, float], to: str) -> dict[str, float]:
    return {figure_to(name, to): value for name, value in apart.items()}


def nearness(figures: Mapping[str, float]) -> float | None:
    """What decides which step is best: the geometric mean of the distances to what was held out; None without any.

    So a fall of a tenth counts the same in each distance, however large it is, and no distance can be bought with a
    much worse other one.

    >>> nearness({"shape MMD to held-out": 0.01, "colour MMD to held-out": 0.04, "variety": 1.0})
    0.02
    """
    found = [value for name, value in figures.items() if name.endswith(figure_to("", "held-out"))]
    if not found:
        return None
    return math.prod(max(value, CHANCE) for value in found) ** (1 / len(found))


def _drawn(data: Dataset, most: int, seed: int, name: str) -> Stack:
    """At most this many of the examples, in an order of their own."""
    chosen = numpy_stream(seed, f"watch/{name}").permutation(len(data))[:most]
    return data.take(chosen).array()


def _has_near(rows: NDArray[Any], apart: Callable[[NDArray[Any]], NDArray[Any]], reach: float) -> NDArray[np.bool_]:
    """(N,) whether another row is nearer than `reach`."""
    near = [int((apart(row) < reach).sum()) > 1 for row in rows]
    return np.array(near, dtype=np.bool_)
