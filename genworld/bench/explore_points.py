"""What holds for the points themselves: ends of ways, searches, sliders that do what they say."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from genworld import sampling
from genworld.bench.explore_served import MODELS
from genworld.bench.rows import Share
from genworld.content import Example, Level, Sprite
from genworld.latent import directions, interpolation, inversion, moves
from genworld.latent.interpolation import Way
from genworld.measure.attributes import attributes_of, measured
from genworld.measure.pictures import premultiplied
from genworld.models.base import LatentModel, SampleRequest
from genworld.models.gan import Gan
from genworld.models.point import Point, decode, points_of
from genworld.sampling import LoadedModel, latent_model

SEED = 77
"""Of samples that nothing was fitted to."""
PAIRS = 32
SEARCHED = 32
MOVED = 200
COMPARED = 200
"""Samples whose mean distance is the measure of a search."""
BY = 2.0
"""Standard deviations that a slider is moved by, up for one sample and down for the next."""
WITHIN, MOST_SECONDS = 0.1, 10.0
AT_ONCE = 32


def run() -> Iterator[object]:
    """Ends of ways, searches and sliders of each bundled model with a latent space."""
    for name in MODELS:
        loaded = sampling.open_model(name)
        yield ends(loaded)
        if isinstance(latent_model(loaded), Gan):
            yield from searches(loaded)
        yield from sliders(loaded)


def ends(loaded: LoadedModel) -> Share:
    """Ways between samples, spherical and linear: both ends are the samples to the byte."""
    model = latent_model(loaded)
    points = points_of(model, [SampleRequest(SEED, index) for index in range(2 * PAIRS)])
    samples = [_bytes(sampling.render(model, SampleRequest(SEED, index))) for index in range(2 * PAIRS)]
    same = []
    for way in Way:
        for first in range(0, 2 * PAIRS, 2):
            strip = interpolation.strip(points[first], points[first + 1], 3, way)
            found = [_bytes(sampling.at(model, point)) for point in (strip[0], strip[-1])]
            same += [one == other for one, other in zip(found, samples[first : first + 2], strict=True)]
    return Share(f"{loaded.checkpoint.name}, ends of ways that are the samples to the byte", sum(same), len(same))


def _bytes(example: Example) -> bytes:
    return example.tiles.tobytes() if isinstance(example, Level) else example.pixels.tobytes()


@dataclass(frozen=True)
class Searched:
    """Searches for samples that the model made itself.

    Args:
        model: its name.
        shares: difference left of each, over the mean difference of two random samples.
        seconds: that each took.
    """

    model: str
    shares: tuple[float, ...]
    seconds: tuple[float, ...]

    @property
    def held(self) -> bool:
        """Whether each came near enough, in time."""
        return max(self.shares) < WITHIN and max(self.seconds) <= MOST_SECONDS

    def __str__(self) -> str:
        """
        >>> str(Searched("m", (0.01, 0.2), (3.0, 4.0)))
        'm, search for its own samples: 1 of 2 within 10% of the distance between two samples (aim: all), median 10.5%, worst 20.0%; median 3.5 s, worst 4.0 s (aim: at most 10 s)'
        """
        good = sum(share < WITHIN for share in self.shares)
        return (
            f"{self.model}, search for its own samples: {good} of {len(self.shares)} within {WITHIN:.0%} of the distance "
            f"between two samples (aim: all), median {np.median(self.shares):.1%}, worst {max(self.shares):.1%}; median "
            f"{np.median(self.seconds):.1f} s, worst {max(self.seconds):.1f} s (aim: at most {MOST_SECONDS:g} s)"
        )


def searches(loaded: LoadedModel) -> Iterator[Searched]:
    """Samples of the model looked for as if a person had brought them."""
    model = latent_model(loaded)
    apart = mean_difference(decoded(model, points_of(model, [SampleRequest(SEED, k) for k in range(COMPARED)])))
    shares, seconds = [], []
    for index in range(SEARCHED):
        wanted = sampling.render(model, SampleRequest(SEED, index))
        began = time.perf_counter()
        *_, last = inversion.search(loaded, wanted, seed=index)
        seconds.append(time.perf_counter() - began)
        shares.append(difference(sampling.at(model, last.point), wanted) / apart)
    yield Searched(loaded.checkpoint.name, tuple(shares), tuple(seconds))


def difference(one: Example, other: Example) -> float:
    """How far two examples of one size are apart: share of cells that differ, or the root mean square of premultiplied RGBA."""
    if isinstance(one, Level) and isinstance(other, Level):
        return float((one.tiles != other.tiles).mean())
    return float(np.sqrt(np.mean((_colour(one) - _colour(other)) ** 2)))


def _colour(example: Example) -> NDArray[np.float32]:
    assert isinstance(example, Sprite)  # noqa: S101  levels were told apart before
    return premultiplied(example.pixels[None])


def mean_difference(examples: Sequence[Example]) -> float:
    """The mean `difference` of consecutive examples."""
    return float(np.mean([difference(one, other) for one, other in pairwise(examples)]))


def sliders(loaded: LoadedModel) -> Iterator[Share]:
    """Each attribute's slider moved up or down on samples: whether what it is named after is measured to follow."""
    model = latent_model(loaded)
    points = points_of(model, [SampleRequest(SEED, index) for index in range(MOVED)])
    names = [attribute.name for attribute in attributes_of(model.spec)]
    before = measured(decoded(model, points), model.spec)
    for one in directions.directions_of(loaded).shown:
        group, _, name = one.id.partition(":")
        if group == "attribute":
            column = names.index(name)
            after = measured(decoded(model, moved(loaded, points, one.id)), model.spec)
            what = f"{loaded.checkpoint.name}, {one.more} by {BY:g} sd"
            yield followed(what, before[:, column], after[:, column], f"R2 {one.score:.2f}")


def followed(what: str, before: NDArray[np.float32], after: NDArray[np.float32], note: str) -> Share:
    """How many of (N,) measured values went as asked: up, down, up and so on.

    Values that none of the others exceeds cannot be known to go further: they count as they are, and the note has the
    share without them.

    >>> followed("taller", np.array([1.0, 0.0, 3.0]), np.array([2.0, 0.0, 2.0]), "R2 0.5").note
    'R2 0.5; 100.0% of the 1 not at the end of the scale already'
    """
    sign = signs(len(before))
    right = (after - before) * sign > 0
    could = before * sign < np.where(sign > 0, before.max(), -before.min())
    free = f"{right[could].mean():.1%} of the {could.sum()} not at the end of the scale already" if could.any() else ""
    return Share(what, int(right.sum()), len(right), 0.9, f"{note}; {free}")


def moved(loaded: LoadedModel, points: Sequence[Point], slider: str) -> list[Point]:
    """The points after a slider was moved, up for one and down for the next."""
    found = []
    for point, sign in zip(points, signs(len(points)), strict=True):
        to = moves.positions(loaded, point)[slider] + BY * float(sign)
        found.append(moves.moved(loaded, point, slider, float(np.clip(to, -moves.FARTHEST, moves.FARTHEST))))
    return found


def signs(count: int) -> NDArray[np.float64]:
    """(count,) 1 and -1 in turn.

    >>> signs(3).tolist()
    [1.0, -1.0, 1.0]
    """
    return np.where(np.arange(count) % 2, -1.0, 1.0)


def decoded(model: LatentModel, points: Sequence[Point]) -> list[Example]:
    """The examples of points, in batches: for measuring."""
    found: list[Example] = []
    for start in range(0, len(points), AT_ONCE):
        with sampling.bulk():
            found += decode(model, points[start : start + AT_ONCE])
    return found
