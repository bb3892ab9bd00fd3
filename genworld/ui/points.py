"""Points of a latent space that somebody looks at, and how sliders move them. Importing this loads torch."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from genworld import sampling
from genworld.errors import GenworldError, unknown
from genworld.latent import moves as steering
from genworld.limits import real, whole
from genworld.models.base import LatentModel, SampleRequest
from genworld.models.point import Point, points_of
from genworld.provenance import LatentOrigin, Lineage, Origin, SeedOrigin, first
from genworld.sampling import LoadedModel
from genworld.ui import fittings
from genworld.ui.draw import turn

Move = tuple[str, float]
"""What is moved (a direction's id, ``class:NAME``, ``variety`` or ``z:INDEX``), and to what."""

CLASS, Z, VARIETY = "class:", "z:", "variety"
FARTHEST_Z = 6.0


@dataclass(frozen=True)
class Place:
    """A point that somebody looks at.

    Args:
        loaded: its model.
        point: where it lies.
        origin: makes its example again.
        art: digest of the art that draws its level.
    """

    loaded: LoadedModel
    point: Point
    origin: SeedOrigin | LatentOrigin
    art: str | None = None

    @property
    def model(self) -> LatentModel:
        """The model itself."""
        assert isinstance(self.loaded.model, LatentModel)  # noqa: S101  places are made of latent models only
        return self.loaded.model

    @property
    def lineage(self) -> Lineage:
        """What it was bred from."""
        return self.origin.lineage if isinstance(self.origin, LatentOrigin) else ()

    def at(self, point: Point) -> Place:
        """Another point of the same model."""
        return replace(self, point=point, origin=sampling.latent_origin(self.loaded, point, self.lineage))


def sample(loaded: LoadedModel, seed: int, art: str | None = None) -> Place:
    """Where the first sample of a seed lies. Raises GenworldError for a model without a latent space."""
    request = sampling.requests(loaded, seed=seed, count=1)[0]
    return of_origin(sampling.seed_origin(loaded, request), art)


def of_origin(origin: Origin, art: str | None = None) -> Place:
    """Where an example lies, or what it was made from before it was painted or made anew in part.

    Raises:
        GenworldError: it began with no point of a latent space that is here.
    """
    root = first(origin)
    if not isinstance(root, SeedOrigin | LatentOrigin):
        raise GenworldError(
            "This was brought as a file and lies in no latent space yet; bring the file here, and the nearest point is looked for."
        )
    loaded, point = sampling.point_of(root)
    return Place(loaded, point, root, art)


def moved(place: Place, moves: Sequence[Move], locked: Collection[str] = ()) -> Place:
    """After some sliders were moved, one after the other; the readouts of locked ones stay.

    Raises:
        GenworldError: a slider that the model has not, or a value out of its range.
    """
    if not moves:
        return place
    point = place.point
    with turn():  # a request may bring a thousand
        held = _held(place, locked, {name for name, _ in moves})
        for name, to in moves:
            point = _moved(place, point, name, to, held)
    return place.at(point)


def _held(place: Place, locked: Collection[str], moving: Collection[str]) -> dict[str, float]:
    """Locked sliders and where they stand."""
    names = _directed(place.loaded, [name for name in locked if name not in moving])
    stands = steering.positions(place.loaded, place.point) if names else {}
    return {name: stands[name] for name in names}


def _directed(loaded: LoadedModel, names: Collection[str]) -> list[str]:
    """Those of the names that are directions: locked classes and numbers stay by themselves."""
    return [known(loaded, name) for name in names if not name.startswith((CLASS, Z)) and name != VARIETY]


def _moved(place: Place, point: Point, name: str, to: float, held: dict[str, float]) -> Point:
    if name == VARIETY:
        variety = place.model.variety
        point = replace(point, variety=real(f"The {variety.name}", to, variety.low, variety.high))
    elif name.startswith(CLASS):
        point = replace(point, weights=_weighted(place.model, point.weights, name.removeprefix(CLASS), to))
    elif name.startswith(Z):
        point = replace(point, z=_edited(point.z, name.removeprefix(Z), to))
    else:
        return steering.moved(place.loaded, point, known(place.loaded, name), to, tuple(held))
    return steering.held(place.loaded, point, held)  # the ground moved beneath the locked ones


def _weighted(model: LatentModel, weights: NDArray[np.float32], name: str, to: float) -> NDArray[np.float32]:
    """Class weights with another share of one; where classes exclude each other, the rest shrinks or grows with it."""
    if name not in model.spec.classes:
        raise unknown("class", name, model.spec.classes)
    index = model.spec.classes.index(name)
    share = real("The share of a class", to, 0, 1)
    after = np.array(weights)
    if model.spec.exclusive:
        after[index] = 0
        rest = after.sum()
        after = after * ((1 - share) / rest) if rest > 0 else np.full_like(after, (1 - share) / max(1, len(after) - 1))
    after[index] = share
    return after


def _edited(z: NDArray[np.float32], name: str, to: float) -> NDArray[np.float32]:
    index = whole("The number of a latent", int(name) if name.isdecimal() and len(name) < 6 else None, 0, len(z) - 1)
    after = np.array(z)
    after[index] = real("A number of the latent", to, -FARTHEST_Z, FARTHEST_Z)
    return after


def known(loaded: LoadedModel, name: str) -> str:
    """The id of a slider. Raises GenworldError where there is none, or not yet."""
    found = fittings.there(loaded)
    if found is None:
        raise GenworldError("The sliders of this model are still being fitted; the ones under Advanced work meanwhile.")
    names = [one.id for one in found.shown]
    if name not in names:
        raise unknown("slider", name, names)
    return name


def randomised(place: Place, seed: int, locked: Collection[str] = ()) -> Place:
    """Another draw of the same classes; the readouts of locked sliders stay."""
    names = _directed(place.loaded, locked)
    if names:
        return place.at(steering.randomised(place.loaded, place.point, seed, names))
    fresh = points_of(place.model, [SampleRequest(seed, 0)])[0]
    return place.at(replace(fresh, weights=place.point.weights, variety=place.point.variety))


def readouts(loaded: LoadedModel, point: Point) -> dict[str, float]:
    """Where every slider stands: standard deviations, shares of classes, truncation or temperature."""
    found = {} if fittings.there(loaded) is None else steering.positions(loaded, point)
    shares = {f"{CLASS}{name}": share for name, share in zip(loaded.model.spec.classes, point.weights, strict=True)}
    return {name: round(float(to), 4) for name, to in {**found, **shares, VARIETY: point.variety}.items()}
