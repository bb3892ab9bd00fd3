"""What the Latent tab shows: each answer has the origin that the next request sends. Importing this loads torch."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from genworld import play, render, sampling
from genworld.content import Example, Level
from genworld.latent import moves
from genworld.latent.direction import Direction
from genworld.latent.interpolation import between
from genworld.latent.response import response
from genworld.models.base import LatentModel, SampleRequest
from genworld.models.point import Point, points_of
from genworld.provenance import ORIGIN
from genworld.render.heat import heated
from genworld.sampling import LoadedModel, Sampled
from genworld.seeding import entropy
from genworld.ui import dresses, fittings, pictures, tiles
from genworld.ui.draw import LONGEST_SECONDS, turn
from genworld.ui.pictures import data_uri
from genworld.ui.points import Place, known, readouts

STEP = 1.2
"""Standard deviations from a picture to its neighbour along a slider."""
WANDER = 0.28
"""Share of the way from a picture to another sample, for neighbours along no slider."""
COMPASS = ("north-west", "north", "north-east", "west", "east", "south-west", "south", "south-east")


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
        numbers: whether the latent itself is told, as far as it has sliders.
    """
    with turn():
        example = sampling.rerender(place.origin, LONGEST_SECONDS)
    checkpoint = place.loaded.checkpoint
    shown = Sampled(dresses.in_art(example, place.art), place.origin)
    return {
        "tile": tiles.of_sample(shown, checkpoint.title, checkpoint.manifest.run.data),
        "positions": readouts(place.loaded, place.point),
        "playable": _verdict(example),
        **({"z": [round(float(z), 3) for z in place.point.z[: _numbers(place.model)]]} if numbers else {}),
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
            "none": f"{checkpoint.title} draws piece by piece, so there is no space of sliders behind its levels.",
        }
    variety = model.variety
    return {
        **told,
        "classes": list(model.spec.classes),
        "exclusive": model.spec.exclusive,
        "variety": {"name": variety.name, "low": variety.low, "high": variety.high, "default": variety.default},
        "numbers": _numbers(model),
        "all": model.latent_dim,
    }


def _numbers(model: LatentModel) -> int:
    """How many numbers of the latent have a slider of their own: those that stand for the whole."""
    return min(model.latent_dim, model.leading)


def sliders(loaded: LoadedModel) -> dict[str, Any]:
    """The sliders of a model in groups, or how far their fitting is."""
    fitting = fittings.asked(loaded)
    found = fitting.found
    if found is None:
        return {"ready": False, "done": fitting.done, "total": fitting.total}
    hidden = [{"title": each.title, "why": each.why} for each in found.hidden]
    return {"ready": True, "sliders": [_slider(one) for one in found.shown], "hidden": hidden}


def _slider(one: Direction) -> dict[str, Any]:
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
            stands = moves.positions(place.loaded, place.point)[axis.id]
            by = STEP if side == more else -STEP
            return moves.moved(place.loaded, place.point, axis.id, stands + by), axis.more if by > 0 else axis.less
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
        strength = response(place.loaded, place.point, known(place.loaded, name))
    heat = heated(strength)
    return pictures.shown(heat)
