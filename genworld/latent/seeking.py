"""The search for an example whose attributes are those of a place on a measured map: the nearest by now, bred on.

An evolution strategy with a few parents (Rechenberg 1973): whatever a family can vary is varied, whatever comes nearer
stays.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray

from genworld import sampling, shaping
from genworld.content import LevelSpec
from genworld.latent.map import Places
from genworld.latent.parts import box
from genworld.limits import MAX_SEED
from genworld.models.base import CanFill, LatentModel, SampleRequest
from genworld.models.point import Point, codes_of
from genworld.provenance import FillOrigin, Nudges, chain
from genworld.sampling import Sampled
from genworld.seeding import entropy, numpy_stream

if TYPE_CHECKING:
    from genworld.latent.measured_map import MeasuredMap

Candidate = TypeVar("Candidate")

PARENTS = 6
"""The nearest by now, of which the next round is bred."""
DRAWN_PARENTS = 3
"""The same where each must be drawn first, cell by cell."""
AT_ONCE = 16
BOLDNESS = (0.05, 0.7)
"""Of one mutation: standard deviations of the codes, evenly between."""
GENERATIONS = 8
"""Parts made anew one after the other, at most: to make the level again, all of them are."""
PART = (0.3, 0.8)
"""Of the height and of the width of a level that are made anew at once."""
NUDGE = 1.5
"""How much more or less of something is tried: standard deviation of what is added to the log-chance of its tiles."""
MOST_NUDGE = 5.0


class Search(ABC, Generic[Candidate]):
    """The nearest to a wanted place by now, bred round by round.

    Args:
        shown: the map.
        wanted: place on it.
        seed: of what is drawn.
    """

    parents = PARENTS

    def __init__(self, shown: MeasuredMap, wanted: tuple[float, float], seed: int) -> None:
        self.shown, self.loaded, self.wanted, self.seed = shown, shown.loaded, wanted, seed
        near = shown.neighbours(*wanted, self.parents)
        self._best = list(zip(self._far(shown.xy[near]), self.known(near), strict=True))

    @property
    def distance(self) -> float:
        """Between the nearest by now and the wanted place, in the map's units; infinite where nothing has a place."""
        return self._best[0][0]

    @property
    def nearest(self) -> Sampled:
        """The canonical render of the nearest by now."""
        return self.sampled(self._best[0][1])

    @property
    def candidates(self) -> list[Candidate]:
        """The nearest few, the nearest first."""
        return [each for _, each in self._best]

    def take(self, candidates: Sequence[Candidate], places: Places) -> None:
        """Keep the nearest of those that are known by now and of these."""
        every = [*self._best, *zip(self._far(places), candidates, strict=True)]
        self._best = sorted(every, key=lambda each: each[0])[: self.parents]

    def _far(self, places: Places) -> list[float]:
        """Distances to the wanted place; what has no place is infinitely far."""
        far: list[float] = np.nan_to_num(self.shown.distances(*self.wanted, places), nan=np.inf).tolist()
        return far

    def round(self, number: int) -> None:
        """Make some more and keep what is nearer; the same for the same number and seed."""
        self.breed(numpy_stream(self.seed, f"map search/{number}"))

    @abstractmethod
    def known(self, indices: NDArray[np.intp]) -> list[Candidate]:
        """Samples of the survey as candidates."""

    @abstractmethod
    def breed(self, random: np.random.Generator) -> None:
        """Make and take some more."""

    @abstractmethod
    def sampled(self, candidate: Candidate) -> Sampled:
        """The canonical render of a candidate."""


def search(shown: MeasuredMap, wanted: tuple[float, float], seed: int) -> Search[Point] | Search[Sampled]:
    """The search that suits a map's model."""
    model = shown.loaded.model
    if isinstance(model, LatentModel):
        return Mutations(shown, model, wanted, seed)
    return Refills(shown, wanted, seed) if isinstance(model, CanFill) else Draws(shown, wanted, seed)


class Mutations(Search[Point]):
    """Codes of the nearest, crossed and shaken."""

    def __init__(self, shown: MeasuredMap, model: LatentModel, wanted: tuple[float, float], seed: int) -> None:
        shown.survey.draw(shown.count)
        self._model, self._spread = model, shown.survey.codes.std(axis=0)
        super().__init__(shown, wanted, seed)

    def known(self, indices: NDArray[np.intp]) -> list[Point]:
        return [self.shown.survey.point(int(index)) for index in indices]

    def breed(self, random: np.random.Generator) -> None:
        points = self.candidates
        codes, weights = codes_of(self._model, points)
        mothers, fathers = random.integers(len(points), size=(2, AT_ONCE))
        moves = self._moves(codes.numpy(), mothers, fathers, random)
        with sampling.bulk():
            examples = self._model.decode_code(codes[mothers] + torch.from_numpy(moves), weights[mothers])
        children = [points[mother].moved(move) for mother, move in zip(mothers, moves, strict=True)]
        self.take(children, self.shown.places(examples))

    def _moves(
        self,
        codes: NDArray[np.float32],
        mothers: NDArray[np.int64],
        fathers: NDArray[np.int64],
        random: np.random.Generator,
    ) -> NDArray[np.float32]:
        """(AT_ONCE, code_dim) some of the way from mother to father, and a mutation."""
        share, boldness = random.uniform(0, 0.5, (AT_ONCE, 1)), random.uniform(*BOLDNESS, (AT_ONCE, 1))
        mutation = self._spread * random.standard_normal((AT_ONCE, codes.shape[1]))
        moves: NDArray[np.float32] = share * (codes[fathers] - codes[mothers]) + boldness * mutation
        return moves.astype(np.float32)

    def sampled(self, candidate: Point) -> Sampled:
        return Sampled(sampling.at(self._model, candidate), sampling.latent_origin(self.loaded, candidate))


class _Drawn(Search[Sampled]):
    """Candidates that are whole samples."""

    parents = DRAWN_PARENTS

    def known(self, indices: NDArray[np.intp]) -> list[Sampled]:
        survey = self.shown.survey
        return [sampling.drawn(self.loaded, survey.request(int(index))) for index in indices]

    def sampled(self, candidate: Sampled) -> Sampled:
        return candidate

    def measure(self, candidates: Sequence[Sampled]) -> None:
        """Measure and take them."""
        self.take(candidates, self.shown.places([each.example for each in candidates]))


class Refills(_Drawn):
    """The nearest levels with parts made anew, with more or less of something: what helped is tried again."""

    def breed(self, random: np.random.Generator) -> None:
        self.measure([self._child(random)])

    def _child(self, random: np.random.Generator) -> Sampled:
        parent = self.candidates[int(random.integers(len(self.candidates)))]
        nudges = self._nudges(parent, random)
        if generation(parent) >= GENERATIONS:
            parent = self.known(random.integers(self.shown.count, size=1))[0]
        mask = box(shaping.level_of(parent), random.uniform(*PART, 2), random)
        return shaping.redo(
            parent,
            mask,
            loaded=self.loaded,
            seed=int(random.integers(MAX_SEED)),
            temperature=self._warmth,
            nudges=nudges,
        )

    @property
    def _warmth(self) -> float | None:
        return self.shown.survey.wanted.variety

    def _nudges(self, parent: Sampled, random: np.random.Generator) -> Nudges:
        """Those by which the parent came to be, one of them changed."""
        before = dict(parent.origin.nudges) if isinstance(parent.origin, FillOrigin) else {}
        tags = self._tags()
        tag = tags[int(random.integers(len(tags)))]
        changed = before | {tag: before.get(tag, 0.0) + NUDGE * float(random.standard_normal())}
        return tuple((name, float(np.clip(changed[name], -MOST_NUDGE, MOST_NUDGE))) for name in sorted(changed))

    def _tags(self) -> list[str]:
        spec = self.loaded.checkpoint.spec
        return (
            sorted({tag.value for tile in spec.legend.tiles for tag in tile.tags})
            if isinstance(spec, LevelSpec)
            else []
        )


class Draws(_Drawn):
    """Samples of other seeds."""

    def breed(self, random: np.random.Generator) -> None:
        plain = self.shown.survey.request(0)
        seed = entropy(int(random.integers(MAX_SEED)), "map search") % MAX_SEED
        self.measure([sampling.drawn(self.loaded, SampleRequest(seed, 0, plain.condition, plain.variety, plain.size))])


def generation(sampled: Sampled) -> int:
    """How many times a part of something was made anew."""
    return sum(isinstance(link, FillOrigin) for link in chain(sampled.origin))
