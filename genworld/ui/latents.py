"""Points of a latent space as the page moves them: each answer has the origin that the next request sends. Importing this loads torch."""

from __future__ import annotations

import base64
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genworld import play, render, sampling
from genworld.content import Example, Level
from genworld.errors import GenworldError, unknown
from genworld.latent import directions
from genworld.latent.interpolation import between
from genworld.limits import real, whole
from genworld.models.base import LatentModel, SampleRequest
from genworld.models.point import Point, points_of
from genworld.provenance import ORIGIN, LatentOrigin, Lineage, Origin, SeedOrigin
from genworld.sampling import LoadedModel, Sampled
from genworld.seeding import entropy
from genworld.ui import dresses, fittings, tiles
from genworld.ui.draw import LONGEST_SECONDS, turn
from genworld.ui.origins import first
from genworld.ui.pictures import data_uri

Move = tuple[str, float]
"""What is moved (a direction's id, ``class:NAME``, ``variety`` or ``z:INDEX``), and to what."""

CLASS, Z, VARIETY = "class:", "z:", "variety"
FARTHEST_Z = 6.0
FARTHEST = 8.0
"""Standard deviations of a slider, at most."""
STEP = 1.2
"""Standard deviations from a picture to its neighbour along a slider."""
WANDER = 0.28
"""Share of the way from a picture to another sample, for neighbours along no slider."""
COMPASS = ("north-west", "north", "north-east", "west", "east", "south-west", "south", "south-east")
MUTED = 150
"""How dark the least answering pixel is laid over the picture, of 255."""


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
    held = _held(place, locked, {name for name, _ in moves})
    point = place.point
    for name, to in moves:
        point = _moved(place, point, name, to, held)
    return place.at(point) if moves else place


def _held(place: Place, locked: Collection[str], moving: Collection[str]) -> dict[str, float]:
    """Locked sliders and where they stand."""
    names = [name for name in locked if name not in moving and not name.startswith((CLASS, Z)) and name != VARIETY]
    return {name: readouts(place.loaded, place.point)[name] for name in names} if names else {}


def _moved(place: Place, point: Point, name: str, to: float, held: dict[str, float]) -> Point:
    if name == VARIETY:
        variety = place.model.variety
        point = replace(point, variety=real(f"The {variety.name}", to, variety.low, variety.high))
    elif name.startswith(CLASS):
        point = replace(point, weights=_weighted(place.model, point.weights, name.removeprefix(CLASS), to))
    elif name.startswith(Z):
        point = replace(point, z=_edited(point.z, name.removeprefix(Z), to))
    else:
        to = real("The position of a slider", to, -FARTHEST, FARTHEST)
        return directions.moved(place.loaded, point, _known(place.loaded, name), to, tuple(held))
    return _back(place.loaded, point, held)


def _back(loaded: LoadedModel, point: Point, held: dict[str, float]) -> Point:
    """The locked sliders brought back to where they stood, after the ground moved beneath them."""
    names = list(held)
    for at, name in enumerate(names):
        point = directions.moved(loaded, point, name, held[name], names[:at])
    return point


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


def _known(loaded: LoadedModel, name: str) -> str:
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
    names = [_known(place.loaded, name) for name in locked if not name.startswith((CLASS, Z)) and name != VARIETY]
    if names:
        return place.at(directions.randomised(place.loaded, place.point, seed, names))
    fresh = points_of(place.model, [SampleRequest(seed, 0)])[0]
    return place.at(replace(fresh, weights=place.point.weights, variety=place.point.variety))


def readouts(loaded: LoadedModel, point: Point) -> dict[str, float]:
    """Where every slider stands: standard deviations, shares of classes, truncation or temperature."""
    found = {} if fittings.there(loaded) is None else directions.positions(loaded, point)
    shares = {f"{CLASS}{name}": share for name, share in zip(loaded.model.spec.classes, point.weights, strict=True)}
    return {name: round(float(to), 4) for name, to in {**found, **shares, VARIETY: point.variety}.items()}


def live(place: Place) -> dict[str, Any]:
    """What is shown while somebody drags: the picture and where the sliders stand."""
    with turn():
        example = sampling.at(place.model, place.point)
    picture = render.picture(dresses.in_art(example, place.art))
    return {
        "picture": data_uri(render.png_bytes(picture, quick=True)),
        "height": int(picture.shape[0]),
        "width": int(picture.shape[1]),
        "positions": readouts(place.loaded, place.point),
        "origin": ORIGIN.dump_json(place.origin).decode(),
    }


def settled(place: Place, *, numbers: bool = False) -> dict[str, Any]:
    """What is shown when a step is done: the tile, where the sliders stand, and whether a level is playable.

    Args:
        place: where.
        numbers: whether the latent itself is told.
    """
    with turn():
        example = sampling.rerender(place.origin, LONGEST_SECONDS)
    checkpoint = place.loaded.checkpoint
    shown = Sampled(dresses.in_art(example, place.art), place.origin)
    return {
        "tile": tiles.of_sample(shown, checkpoint.title, checkpoint.manifest.run.data),
        "positions": readouts(place.loaded, place.point),
        "playable": _verdict(example),
        **({"z": [round(float(number), 3) for number in place.point.z]} if numbers else {}),
    }


def _verdict(example: Example) -> dict[str, Any] | None:
    if not isinstance(example, Level):
        return None
    verdict = play.check(example)
    return {"reachable": verdict.reachable, "why": verdict.why}


def described(loaded: LoadedModel) -> dict[str, Any]:
    """What the page says of a model whose space it shows; ``none`` where it has no latent space, and why."""
    model, checkpoint = loaded.model, loaded.checkpoint
    told = {
        "name": checkpoint.folder.name,
        "title": checkpoint.title,
        "digest": checkpoint.digest,
        "kind": checkpoint.kind,
    }
    if not isinstance(model, LatentModel):
        return {
            **told,
            "none": f"{checkpoint.title} draws cell by cell, so there is no space of sliders behind its levels.",
        }
    variety = model.variety
    return {
        **told,
        "classes": list(model.spec.classes),
        "exclusive": model.spec.exclusive,
        "variety": {"name": variety.name, "low": variety.low, "high": variety.high, "default": variety.default},
        "numbers": model.latent_dim,
    }


def sliders(loaded: LoadedModel) -> dict[str, Any]:
    """The sliders of a model in groups, or how far their fitting is."""
    fitting = fittings.asked(loaded)
    found = fitting.found
    if found is None:
        return {"ready": False, "done": fitting.done, "total": fitting.total}
    hidden = [{"title": title, "score": _score(score)} for title, score in found.hidden]
    return {"ready": True, "sliders": [_slider(one) for one in found.shown], "hidden": hidden}


def _slider(one: directions.Direction) -> dict[str, Any]:
    return {
        "id": one.id,
        "group": one.id.partition(":")[0],
        "title": one.title,
        "less": one.less,
        "more": one.more,
        "about": one.about,
        "score": _score(one.score),
    }


def _score(score: float) -> float | None:
    return round(float(score), 4) if np.isfinite(score) else None


def around(place: Place, sides: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The neighbours of a point on some sides of the compass, each as `settled` tells of it.

    West and east are less and more of the first slider, south and north of the second; the corners, and all sides
    where there are no sliders, lie a step towards other samples. They are the same whenever somebody comes by.
    """
    for side in sides:
        point, title = _neighbour(place, side)
        yield {"side": side, "title": title, **settled(place.at(point))}


def _neighbour(place: Place, side: str) -> tuple[Point, str]:
    found = fittings.there(place.loaded)
    axes = [one for one in found.shown if one.id.startswith("attribute:")][:2] if found else []
    for axis, (less, more) in zip(axes, (("west", "east"), ("south", "north")), strict=False):
        if side in (less, more):
            stands = directions.positions(place.loaded, place.point)[axis.id]
            by = STEP if side == more else -STEP
            return directions.moved(place.loaded, place.point, axis.id, stands + by), axis.more if by > 0 else axis.less
    return _towards_another(place, side), "a variation"


def _towards_another(place: Place, side: str) -> Point:
    """A step towards a sample that depends on the point and the side alone."""
    point = place.point
    here = b"".join(part.tobytes() for part in (point.z, point.weights, point.shift))
    seed = entropy(0, f"{side} of {base64.b64encode(here).decode()}")
    other = points_of(place.model, [SampleRequest(seed, 0)])[0]
    return between(point, replace(other, weights=point.weights, shift=point.shift, variety=point.variety), WANDER)


def answer_of(place: Place, name: str) -> dict[str, Any]:
    """How strongly each pixel or cell answers a slider, as a picture to be laid over the tile."""
    with turn():
        strength = directions.response(place.loaded, place.point, _known(place.loaded, name))
    heat = heated(strength)
    return {"picture": data_uri(render.png_bytes(heat)), "height": int(heat.shape[0]), "width": int(heat.shape[1])}


def heated(strength: NDArray[np.float32]) -> NDArray[np.uint8]:
    """(H, W, 4) a dark veil that glows where (H, W) `strength`, 0 to 1, is high: readable over light and dark pictures."""
    stops = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
    ramp = np.array(
        [(18, 16, 32, MUTED), (88, 24, 96, 190), (206, 58, 70, 215), (248, 150, 40, 230), (255, 240, 170, 240)]
    )
    clipped = np.clip(strength, 0, 1)
    channels = [np.interp(clipped, stops, ramp[:, channel]) for channel in range(4)]
    return np.ascontiguousarray(np.stack(channels, axis=-1).round().astype(np.uint8))
