"""More like this: children of samples.

With a latent space, a child is a crossover of its parents' points, moved towards a fresh draw of the prior. Models
without one, that fill, make parts of a parent anew; of two parents, a part of one is put into the other.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from genworld import limits, sampling, shaping
from genworld.errors import GenworldError
from genworld.latent.interpolation import between
from genworld.latent.refilling import refilled
from genworld.models.base import CanFill, LatentModel, SampleRequest
from genworld.models.point import Point, points_of
from genworld.provenance import ImportOrigin, LatentOrigin, Lineage, Origin, SeedOrigin, first
from genworld.sampling import LoadedModel, Sampled
from genworld.seeding import numpy_stream

MOST_PARENTS = 64
"""As many as one generation of an origin's lineage can tell of."""
MOST_CHILDREN = 64
GENERATIONS = 256
"""Generations that an origin's lineage can tell of; the oldest are forgotten first."""
ATTEMPTS = 8
"""Draws of one child, until it differs from its parents and from the others."""
NEAREST, FARTHEST = 0.1, 0.92
"""Share of the way to a fresh draw, at `far` 0 and 1."""
CROSSING = (0.15, 0.85)
"""Share of the way from one parent to the other."""

Random = np.random.Generator
Draw = Callable[[Random, float], Sampled]
"""A child by chance, as far from its parents as a number from 0 to 1 says."""


def children(
    parents: Sequence[Sampled],
    *,
    loaded: LoadedModel,
    far: float,
    seed: int,
    count: int = 16,
    start: int = 0,
    known: Collection[str] = (),
) -> Iterator[Sampled]:
    """Samples like these: canonical renders whose origins make them again.

    No child is the same as a parent or as another child. Where a model has hardly anything else near by, fewer come.

    With a latent space: of a parent that was painted or made anew in part, what counts is the sample that it began
    with. Each class weight is that of a parent; what sliders moved is kept as far as the child is near. The origin's
    lineage tells which examples each generation came from.

    Without one: a child's origin goes on from that of the parent whose cells it keeps.

    Args:
        parents: samples of one model, 1 to `MOST_PARENTS`.
        loaded: the model.
        far: 0 for nearly the same, 1 for nearly new samples.
        seed: of the chance; another gives other children.
        count: 1 to `MOST_CHILDREN`.
        start: index of the first, where those before it are there already: children may be made a few at a time.
        known: digests of those before it.

    Raises:
        GenworldError: at once, for parents of several models, or of one that neither has a latent space nor fills.
    """
    far = limits.real("How far children are from their parents", far, 0, 1)
    seed = limits.whole("The seed", seed, 0, limits.MAX_SEED)
    count = limits.whole("The number of children", count, 1, MOST_CHILDREN)
    limits.whole("The number of parents", len(parents), 1, MOST_PARENTS)
    _require_one_model(parents, loaded)
    seen = {*known, *(parent.example.digest for parent in parents)}
    return _differing(_drawing(parents, loaded), seen, far, seed, range(start, start + count))


def _drawing(parents: Sequence[Sampled], loaded: LoadedModel) -> Draw:
    """How this model makes children."""
    if isinstance(loaded.model, LatentModel) and all(_has_point(parent.origin) for parent in parents):
        points = [_point(parent) for parent in parents]
        return partial(_bred, loaded, loaded.model, points, _lineage(parents))
    if isinstance(loaded.model, CanFill):
        levels = [replace(parent, example=shaping.level_of(parent)) for parent in parents]
        return partial(refilled, loaded, levels)
    raise GenworldError(
        f"{loaded.checkpoint.title} finds no more like these: it cannot make parts anew, and they are no points of its "
        "latent space; choose samples of it, or search for them in the Latent tab first."
    )


def _differing(draw: Draw, seen: set[str], far: float, seed: int, indices: range) -> Iterator[Sampled]:
    for index in indices:
        for attempt in range(ATTEMPTS):
            # what does not come out different near by does so farther away
            child = draw(numpy_stream(seed, f"child/{index}/{attempt}"), far + (1 - far) * attempt / ATTEMPTS)
            if child.example.digest not in seen:
                seen.add(child.example.digest)
                yield child
                break


def _require_one_model(parents: Sequence[Sampled], loaded: LoadedModel) -> None:
    roots = (first(parent.origin) for parent in parents)
    digests = {root.checkpoint for root in roots if not isinstance(root, ImportOrigin)}
    if digests - {loaded.checkpoint.digest}:
        raise GenworldError(
            f"Children come from one model, but not all of these samples are from {loaded.checkpoint.title}; choose "
            "samples of one model, or blend levels by hand."
        )


def _has_point(origin: Origin) -> bool:
    """Whether it is known where a sample lies; one that was nudged was chosen among several."""
    root = first(origin)
    return isinstance(root, LatentOrigin) or (isinstance(root, SeedOrigin) and not root.nudges)


def _point(parent: Sampled) -> Point:
    root = first(parent.origin)
    assert not isinstance(root, ImportOrigin)  # noqa: S101  `_has_point` has looked
    return sampling.point_of(root)[1]


def _lineage(parents: Sequence[Sampled]) -> Lineage:
    """The longest lineage of the parents, and they themselves as the last generation."""
    roots = (first(parent.origin) for parent in parents)
    before = max((root.lineage for root in roots if isinstance(root, LatentOrigin)), key=len, default=())
    here = tuple(dict.fromkeys(parent.example.digest for parent in parents))
    return (*before, here)[-GENERATIONS:]


def _bred(
    loaded: LoadedModel, model: LatentModel, points: Sequence[Point], lineage: Lineage, random: Random, far: float
) -> Sampled:
    """A crossover of two of the points, moved towards a fresh draw."""
    start = _crossed(points, model.spec.exclusive, random)
    point = between(start, _fresh(model, start, random), NEAREST + (FARTHEST - NEAREST) * far)
    return Sampled(sampling.at(model, point), sampling.latent_origin(loaded, point, lineage))


def _crossed(points: Sequence[Point], exclusive: bool, random: Random) -> Point:
    """Between two different points, with classes of either; the only point of one.

    Latents along the arc look like both parents. Those that take each coordinate from either look like neither: what
    a coordinate does depends on the others.
    """
    if len(points) == 1:
        return points[0]
    one, other = (points[k] for k in random.choice(len(points), 2, replace=False))
    middle = between(one, other, float(random.uniform(*CROSSING)))
    own = random.random(1 if exclusive else len(one.weights)) < 0.5
    return replace(middle, weights=np.where(own, one.weights, other.weights))


def _fresh(model: LatentModel, like: Point, random: Random) -> Point:
    """A draw of the prior, of the same class weights and variety."""
    fresh = points_of(model, [SampleRequest(int(random.integers(limits.MAX_SEED)), 0)])[0]
    return Point(fresh.z, like.weights, fresh.shift, like.variety)
