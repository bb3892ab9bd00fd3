"""More like this: children of samples.

With a latent space, a child is a crossover of its parents' points, moved towards a fresh draw of the prior. Models
without one, that fill, make parts of a parent anew; of two parents, a part of one is put into the other.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from genworld import limits, sampling, shaping
from genworld.content import Level
from genworld.errors import GenworldError
from genworld.latent.interpolation import between
from genworld.models.base import CanFill, LatentModel, SampleRequest
from genworld.models.point import Point, points_of
from genworld.provenance import EditOrigin, FillOrigin, ImportOrigin, LatentOrigin, Lineage, Origin, SeedOrigin
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
LEAST, MOST = 0.06, 0.75
"""Share of the cells that are made anew, at `far` 0 and 1."""
BOXES = 3
"""Boxes whose cells are made anew, at most, unless they are too few to hold them."""
SEAM = 1
"""Cells on either side of a seam that are made anew."""
PART = (0.35, 0.75)
"""Share of a level's rows and of its columns that are taken from the other parent."""
PARTS = 6
"""Boxes among which the part is chosen."""

Random = np.random.Generator
Mask = NDArray[np.bool_]
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
        return partial(_refilled, loaded, levels)
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
    digests = {root.checkpoint for root in map(_root, parents) if not isinstance(root, ImportOrigin)}
    if digests - {loaded.checkpoint.digest}:
        raise GenworldError(
            f"Children come from one model, but not all of these samples are from {loaded.checkpoint.title}; choose "
            "samples of one model, or blend levels by hand."
        )


def _root(sampled: Sampled) -> SeedOrigin | LatentOrigin | ImportOrigin:
    """What stands at the beginning of an origin."""
    return _links(sampled.origin)[-1]  # type: ignore[return-value]


def _links(origin: Origin) -> list[Origin]:
    """An origin, its parent, and so on to the first."""
    links = [origin]
    while isinstance(links[-1], EditOrigin | FillOrigin):
        links.append(links[-1].parent)
    return links


# With a latent space


def _has_point(origin: Origin) -> bool:
    """Whether it is known where a sample lies; one that was nudged was chosen among several."""
    root = _links(origin)[-1]
    return isinstance(root, LatentOrigin) or (isinstance(root, SeedOrigin) and not root.nudges)


def _point(parent: Sampled) -> Point:
    root = _root(parent)
    assert not isinstance(root, ImportOrigin)  # noqa: S101  `_has_point` has looked
    return sampling.point_of(root)[1]


def _lineage(parents: Sequence[Sampled]) -> Lineage:
    """The longest lineage of the parents, and they themselves as the last generation."""
    before = max((root.lineage for root in map(_root, parents) if isinstance(root, LatentOrigin)), key=len, default=())
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
    first, second = (points[k] for k in random.choice(len(points), 2, replace=False))
    middle = between(first, second, float(random.uniform(*CROSSING)))
    own = random.random(1 if exclusive else len(first.weights)) < 0.5
    return replace(middle, weights=np.where(own, first.weights, second.weights))


def _fresh(model: LatentModel, like: Point, random: Random) -> Point:
    """A draw of the prior, of the same class weights and variety."""
    fresh = points_of(model, [SampleRequest(_seed(random), 0)])[0]
    return Point(fresh.z, like.weights, fresh.shift, like.variety)


def _seed(random: Random) -> int:
    return int(random.integers(limits.MAX_SEED))


# Without


def _refilled(loaded: LoadedModel, levels: Sequence[Sampled], random: Random, far: float) -> Sampled:
    """A parent with boxes of it made anew, and a part of another one put in where there is one that fits."""
    parent = levels[int(random.integers(len(levels)))]
    level = shaping.level_of(parent)
    mask = _boxes(level, LEAST + (MOST - LEAST) * far, random)
    mates = [each for each in levels if each is not parent and _fits(shaping.level_of(each), level)]
    if mates:
        mate = shaping.level_of(mates[int(random.integers(len(mates)))])
        part = _part(level, mate, random)
        parent = shaping.changed(parent, np.where(part, mate.tiles, level.tiles))
        mask |= _seam(part)
    warmth, nudges = _mood(parent.origin)
    return shaping.redo(parent, mask, loaded=loaded, seed=_seed(random), temperature=warmth, nudges=nudges)


def _fits(mate: Level, level: Level) -> bool:
    return mate.tiles.shape == level.tiles.shape and mate.legend.digest == level.legend.digest


def _part(level: Level, mate: Level, random: Random) -> Mask:
    """(H, W) a box that holds about half of what tells two levels apart, so that a child has something of both."""
    differs = level.tiles != mate.tiles
    boxes = [_box(level, random.uniform(*PART, 2), random) for _ in range(PARTS)]
    return min(boxes, key=lambda box: abs(int(differs[box].sum()) - int(differs[~box].sum())))


def _mood(origin: Origin) -> tuple[float | None, tuple[tuple[str, float], ...]]:
    """The temperature and the nudges with which a level was drawn last."""
    for link in _links(origin):
        if isinstance(link, FillOrigin | SeedOrigin):
            return link.temperature, link.nudges
    return None, ()


def _boxes(level: Level, share: float, random: Random) -> Mask:
    """(H, W) a few boxes that cover about a share of the cells."""
    mask: Mask = np.zeros(level.tiles.shape, np.bool_)
    boxes = int(random.integers(1, BOXES + 1))
    while mask.mean() < share:
        side = min(1.0, (share / boxes) ** 0.5)
        mask |= _box(level, np.clip(side * np.exp(random.uniform(-0.3, 0.3) * np.array([1, -1])), 0, 1), random)
    return mask


def _box(level: Level, shares: NDArray[np.float64], random: Random) -> Mask:
    """(H, W) a box of a share of the rows and of the columns, anywhere."""
    mask: Mask = np.zeros(level.tiles.shape, np.bool_)
    sides = [max(1, round(length * share)) for length, share in zip(mask.shape, shares, strict=True)]
    top, left = (int(random.integers(length - side + 1)) for length, side in zip(mask.shape, sides, strict=True))
    mask[top : top + sides[0], left : left + sides[1]] = True
    return mask


def _seam(part: Mask) -> Mask:
    """(H, W) the cells within `SEAM` of the border between a part and the rest."""
    return _grown(part, SEAM) & _grown(~part, SEAM)


def _grown(mask: Mask, by: int) -> Mask:
    height, width = mask.shape
    padded = np.pad(mask, by)
    steps = range(2 * by + 1)
    return np.asarray(np.logical_or.reduce([padded[r : r + height, c : c + width] for r in steps for c in steps]))
