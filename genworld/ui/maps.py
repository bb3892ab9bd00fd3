"""Maps of what a model makes, for the page: pure functions of model and settings. Importing this loads torch."""

from __future__ import annotations

import base64
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genworld import render, sampling
from genworld.content import Example, Level, Picture
from genworld.datasets.understood import shrunk
from genworld.errors import GenworldError
from genworld.latent import examples, maps, placing, survey, umaps
from genworld.latent.maps import Axis, Made, Map, Method
from genworld.latent.placing import Spot
from genworld.latent.survey import Survey, Wanted
from genworld.latent.umaps import UmapRun
from genworld.library import Item
from genworld.limits import Limits
from genworld.measure.attributes import Attribute, attributes_of
from genworld.mode import Mode
from genworld.models.base import LatentModel, SampleRequest
from genworld.provenance import SeedOrigin
from genworld.recent import Recent
from genworld.sampling import LoadedModel, Sampled
from genworld.ui import shelf, tiles
from genworld.ui.asked import Wish
from genworld.ui.draw import in_time, turn
from genworld.ui.pictures import data_uri

PATIENCE_SECONDS = 0.2
"""One piece of drawing or measuring: the page asks again and again, so that it can show progress and stop."""
SEARCH_SECONDS = (0.25, 2.0)
"""For a place that no sample falls on: a first look, and a thorough one."""
REMEMBERED = 16
"""Maps at hand: a click between their points need not lay them out again."""
PICTURED = 4_096
"""Small pictures at hand, some 3 kB each: most people open the same maps."""
SIDES = (48, 96)
"""Pixels on a side of a small picture, and of one for a map that is seen from near."""


@dataclass(frozen=True)
class Chart:
    """Which map.

    Args:
        survey: whose samples.
        count: how many of them.
        method: how they are laid out.
        axes: names of the two attributes, for measured axes.
    """

    survey: Survey
    count: int
    method: Method
    axes: tuple[str, str] | None = None

    @property
    def loaded(self) -> LoadedModel:
        """The model."""
        return self.survey.loaded

    @property
    def map(self) -> Map:
        """The samples laid out; by measured axes, those that are measured by now: nobody waits here for the rest.

        Raises:
            GenworldError: a UMAP that nobody made yet.
        """
        measured = max(self.survey.measured, maps.LEAST)
        there = min(self.count, measured) if self.method is Method.MEASURED else self.count
        return _laid_out(self.survey, there, self.method, self.axes)


def chart(
    wish: Wish, count: int, method: str = Method.MEASURED, axes: tuple[str, str] | None = None, *, bounds: Limits
) -> Chart:
    """The map of a wish. Raises GenworldError for what the model cannot serve."""
    loaded = shelf.wished(wish)
    if method not in maps.methods(loaded):
        raise GenworldError(_why_measured(loaded))
    found = survey.of(loaded, Wanted(wish.seed, wish.condition, wish.variety, wish.size), bounds)
    measured = method == Method.MEASURED
    return Chart(found, count, Method(method), (axes or maps.default_axes(loaded.model.spec)) if measured else None)


@lru_cache(maxsize=REMEMBERED)
def _laid_out(found: Survey, count: int, method: Method, axes: tuple[str, str] | None) -> Map:
    match method:
        case Method.PCA:
            return maps.pca(found, count)
        case Method.UMAP:
            known = umaps.known(found, count)
            if known is None:
                raise GenworldError("This map is not laid out yet; choose UMAP once more.")
            return maps.umap(found, known)
        case Method.MEASURED:
            return maps.measured(found, count, axes or maps.default_axes(found.loaded.model.spec))


def about(model: str) -> dict[str, Any]:
    """What can be chosen for the map of a model."""
    loaded = shelf.opened(model)
    offered = maps.methods(loaded)
    return {
        "methods": [method.value for method in offered],
        "why": "" if len(offered) > 1 else _why_measured(loaded),
        "attributes": [_attribute(each) for each in attributes_of(loaded.model.spec)],
        "axes": list(maps.default_axes(loaded.model.spec)),
        "labelled": isinstance(loaded.model, LatentModel) and bool(loaded.model.spec.classes),
        "examples": len(examples.of(loaded.checkpoint)),
        "measured": survey.of(loaded).measured,
    }


def _why_measured(loaded: LoadedModel) -> str:
    return f"{loaded.checkpoint.title} draws piece by piece and has no latent space to map, so its samples are laid out by what is measured of them."


def _attribute(each: Attribute) -> dict[str, str]:
    return {name: str(getattr(each, name)) for name in ("name", "title", "less", "more", "unit", "about")}


def grown(wanted: Chart) -> dict[str, Any]:
    """After some more samples were drawn, or measured where the axes are: how many there are."""
    with turn():
        done, total = maps.prepare(wanted.survey, wanted.method, wanted.count, PATIENCE_SECONDS)
    return {"done": done, "total": total}


def measures(wanted: Chart, start: int) -> dict[str, Any]:
    """What is measured of the samples from `start` on, as far as it is; some more are measured first."""
    with turn():
        done, total = maps.prepare(wanted.survey, Method.MEASURED, wanted.count, PATIENCE_SECONDS)
    there = slice(start, done)
    return {
        "done": done,
        "total": total,
        "attributes": packed(wanted.survey.attributes[there].astype("<f4")),
        "playable": packed(wanted.survey.playable[there]),
    }


def places(wanted: Chart) -> dict[str, Any]:
    """Where each sample lies, and what the axes mean."""
    with turn():
        found = wanted.map
    return {
        "xy": packed(found.xy.astype("<f4")),
        "axes": [_axis(axis) for axis in found.axes],
        "spacing": _number(found.spacing),
    }


def _axis(axis: Axis) -> dict[str, Any]:
    return {"name": axis.name, "title": axis.title, "unit": axis.unit, "share": axis.share}


def labels(wanted: Chart) -> dict[str, Any]:
    """The classes of each sample: the number of the one it has, or a bit for each where it may have several."""
    model = wanted.loaded.model
    with turn():
        wanted.survey.draw(wanted.count)
    weights = wanted.survey.weights[: wanted.count]
    if not weights.shape[1] or len(weights) < wanted.count:
        raise GenworldError(f"{wanted.loaded.checkpoint.title} learned without classes; choose another colour.")
    spec = model.spec
    told = weights.argmax(1).astype(np.uint8) if spec.exclusive else np.packbits(weights > 0.5, axis=1)
    return {"labels": packed(told), "exclusive": spec.exclusive}


def umap_begun(wanted: Chart, mode: Mode) -> dict[str, Any]:
    """A UMAP begun, or found: with the token that its state is asked by. Raises GenworldError where too many wait."""
    token, run = umaps.begin(wanted.survey, wanted.count, mode=mode)
    return {"token": token, **_run(run)}


def umap_state(token: str) -> dict[str, Any]:
    """How far it is. Raises GenworldError where it failed, or nobody holds this token."""
    run = umaps.by_token(token)
    if run is None:
        raise GenworldError("Nobody waits for this map any more; choose UMAP once more.")
    return _run(run)


def umap_left(token: str) -> dict[str, Any]:
    """Its holder waits for it no more."""
    umaps.leave(token)
    return {}


def _run(run: UmapRun) -> dict[str, Any]:
    if run.state == "failed":
        raise GenworldError(run.error or "The map could not be made; take PCA or measured axes.")
    return {"state": run.state.value, "step": run.step, "total": run.total, "words": run.words}


def shown(wanted: Chart, indices: Sequence[int]) -> dict[str, Any]:
    """Samples of the map as tiles: each its canonical render, that which is kept."""
    with turn():
        drawn = (sampling.drawn(wanted.loaded, wanted.survey.request(index)) for index in indices)
        return {"tiles": [_tile(wanted.loaded, each) for each in in_time(drawn, len(indices))]}


def pictured(wanted: Chart, indices: Sequence[int], *, large: bool) -> dict[str, Any]:
    """Small pictures of samples of the map, canonical renders. Those that one turn has no time for are left out, but
    never the first: the page asks for the rest again.

    Args:
        wanted: which map.
        indices: of the samples, at least one.
        large: for a map that is seen from near.
    """
    found, end = [], time.monotonic() + PATIENCE_SECONDS
    with turn():
        for index in indices:
            width, height, address = _small(wanted.loaded, wanted.survey.request(index), SIDES[large])
            found.append({"index": index, "picture": address, "width": width, "height": height})
            if time.monotonic() > end:
                break
    return {"pictures": found}


Small = tuple[int, int, str]
"""Width, height and address of a picture."""

_pictures = Recent[tuple[str, SampleRequest, int], Small](PICTURED)
"""By digest of the model, sample and side: a picture at hand should not keep its model in memory."""


def _small(loaded: LoadedModel, request: SampleRequest, side: int) -> Small:
    """A picture that covers about `side` x `side` pixels at most."""
    key = (loaded.checkpoint.digest, request, side)
    known = _pictures.get(key)
    if known is None:
        known = _shrunk(render.picture(sampling.drawn(loaded, request).example), side)
        _pictures.put(key, known)
    return known


def _shrunk(pixels: Picture, side: int) -> Small:
    height, width = pixels.shape[:2]
    by = math.ceil(math.sqrt(height * width) / side)
    pixels = shrunk(pixels, math.ceil(max(height, width) / by))
    return int(pixels.shape[1]), int(pixels.shape[0]), data_uri(render.png_bytes(pixels))


def made(wanted: Chart, x: float, y: float, *, thorough: bool) -> dict[str, Any]:
    """What the model makes at a place where no sample is, or the nearest to it that a short search finds.

    Args:
        wanted: which map.
        x, y: the place, in units of the axes.
        thorough: search for two seconds where the axes are measured; else what is found at once.
    """
    with turn():
        found = wanted.map
    best = _last(found.search(x, y, patience=SEARCH_SECONDS[thorough]))
    tile = _tile(wanted.loaded, best.sampled)
    new = not isinstance(best.sampled.origin, SeedOrigin)
    return {
        # A level made from a sample is not that sample any more.
        "tile": {**tile, "name": wanted.loaded.checkpoint.title} if new else tile,
        "x": _number(best.x),
        "y": _number(best.y),
        "nearest": best.nearest,
        "times": _number(best.times),
        "missed": _number(best.missed),
        "words": best.words,
    }


def _last(rounds: Iterator[Made]) -> Made:
    """The best of a search, a turn for each round: others are not kept waiting for all of it."""
    best: Made | None = None
    while True:
        with turn():
            better = next(rounds, None)
        if better is None:
            break
        best = better
    if best is None:
        raise GenworldError("Nothing was found for this place; click nearer to the samples.")
    return best


def kept(wanted: Chart, items: Sequence[Item]) -> dict[str, Any]:
    """Which samples of the map are kept, and where the other kept items lie."""
    own = {item.id: index for item in items if (index := _index(wanted, item)) is not None}
    others = [item for item in items if item.id not in own]
    with turn():
        spots = placing.place(wanted.map, [Sampled(item.example, item.origin) for item in others])
    placed = [{"id": item.id, **_spot(spot)} for item, spot in zip(others, spots, strict=True) if spot is not None]
    left = len(others) - len(placed)
    return {
        "samples": [{"id": item, "index": index} for item, index in own.items()],
        "others": placed,
        "left": left,
        "why": placing.why_not(wanted.map) if left else "",
    }


def _index(wanted: Chart, item: Item) -> int | None:
    """Which sample of the map a kept item is."""
    origin = item.origin
    if not isinstance(origin, SeedOrigin) or origin.index >= wanted.count:
        return None
    same = sampling.seed_origin(wanted.loaded, wanted.survey.request(origin.index))
    return origin.index if origin.model_copy(update={"model": same.model}) == same else None


def _spot(spot: Spot) -> dict[str, Any]:
    return {"x": spot.x, "y": spot.y, "how": spot.how.value}


def items(some: Sequence[Item]) -> dict[str, Any]:
    """Kept items as tiles."""
    return {"tiles": [tiles.of_item(item) for item in some]}


def training(wanted: Chart) -> dict[str, Any]:
    """Where the examples lie that are kept with the model, or why they cannot be shown."""
    with turn():
        found = placing.place_training(wanted.map)
    spots = [{"index": index, **_spot(spot)} for index, spot in enumerate(found.spots) if spot is not None]
    return {"items": spots, "why": found.words}


def example(model: str, index: int) -> dict[str, Any]:
    """A training example as something to look at: it is no sample, so it is not kept."""
    loaded = shelf.opened(model)
    known = examples.of(loaded.checkpoint)
    if index >= len(known):
        raise GenworldError(f"{loaded.checkpoint.title} keeps {len(known)} training examples; point at one of them.")
    return {"tile": _pictured(loaded, known[index], index)}


def _pictured(loaded: LoadedModel, one: Example, index: int) -> dict[str, Any]:
    picture, source = render.picture(one), loaded.checkpoint.manifest.run.data
    facts = [
        ("From", f"Training example {index}, not made by the model"),
        ("Size", tiles.size_in_words(one)),
        ("Licence", tiles.licence(source)),
        ("Data", source.name),
    ]
    return {
        "name": f"Training example {index}",
        "digest": one.digest,
        "kind": "level" if isinstance(one, Level) else "sprite",
        "picture": data_uri(render.png_bytes(picture)),
        "height": int(picture.shape[0]),
        "width": int(picture.shape[1]),
        "facts": facts,
    }


def _tile(loaded: LoadedModel, sampled: Sampled) -> dict[str, Any]:
    return tiles.of_sample(sampled, loaded.checkpoint.title, loaded.checkpoint.manifest.run.data)


def packed(numbers: NDArray[Any]) -> str:
    """Numbers as base64 of their bytes: 20,000 points in a few milliseconds.

    >>> packed(np.array([1, 2], "<f4"))
    'AACAPwAAAEA='
    """
    return base64.b64encode(np.ascontiguousarray(numbers).tobytes()).decode("ascii")


def _number(value: float) -> float | None:
    """JSON has no NaN."""
    return float(value) if math.isfinite(value) else None
