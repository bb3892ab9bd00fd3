"""A person's own items, and training examples, on a map."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray

from genworld import sampling
from genworld.content import Example, Level, LevelSpec, Spec
from genworld.errors import GenworldError
from genworld.latent import examples as training
from genworld.latent import kept
from genworld.latent.latent_map import LatentMap
from genworld.latent.map import Map, Places
from genworld.latent.measured_map import MeasuredMap
from genworld.models.base import HasEncoder
from genworld.models.point import Point, codes_of
from genworld.provenance import LatentOrigin, SeedOrigin, first
from genworld.sampling import Sampled, latent_model

CODES_KEY = "training-codes"
"""Under which codes that come nearest to training examples are kept; see `genworld.latent.preparing`."""
CODES, WEIGHTS = "codes", "weights"
AT_ONCE = 32
"""Examples that are encoded while renders wait."""

T = TypeVar("T")


class How(StrEnum):
    """How a place was found."""

    MEASURED = "measured"
    EXACT = "exact"
    NEAR = "near"
    """Where the sample lies that it was changed from, or where an encoder or a search puts it."""


@dataclass(frozen=True)
class Spot:
    """Where something lies on a map, and how that was found."""

    x: float
    y: float
    how: How


Spots = list[Spot | None]


@dataclass(frozen=True)
class Overlay:
    """Examples over a map.

    Args:
        examples: N.
        spots: N, None for one that has no place.
        words: why none or not all are shown; empty where there is nothing to say.
    """

    examples: tuple[Example, ...]
    spots: tuple[Spot | None, ...]
    words: str = ""


def place(shown: Map, things: Sequence[Sampled]) -> Spots:
    """Where things lie on a map; None for one of other content, or that this map knows no place for.

    Args:
        shown: any map.
        things: what a person made or brought, each with its origin.
    """
    spec = shown.loaded.checkpoint.spec
    placed = _by_measures if isinstance(shown, MeasuredMap) else _by_codes
    return _some(things, [alike(thing.example, spec) for thing in things], partial(placed, shown))


def _some(things: Sequence[T], chosen: Sequence[bool], placed: Callable[[list[T]], Spots]) -> Spots:
    """Spots of the chosen ones, which are placed together; None for the others."""
    found = iter(placed([thing for thing, wanted in zip(things, chosen, strict=True) if wanted]) if any(chosen) else ())
    return [next(found) if wanted else None for wanted in chosen]


def alike(example: Example, spec: Spec) -> bool:
    """Whether an example is of the content that a spec describes, of whatever size."""
    if isinstance(spec, LevelSpec):
        return isinstance(example, Level) and example.legend.digest == spec.legend.digest
    return not isinstance(example, Level)


def _by_measures(shown: Map, things: Sequence[Sampled]) -> Spots:
    assert isinstance(shown, MeasuredMap)  # noqa: S101  `place` has looked
    return [_told(each, How.MEASURED) for each in shown.places([thing.example for thing in things])]


def _by_codes(shown: Map, things: Sequence[Sampled]) -> Spots:
    """Where their points lie; those that have none, where the encoder puts them if there is one."""
    assert isinstance(shown, LatentMap)  # noqa: S101  there are two kinds of maps
    points = [_point(shown, thing) for thing in things]
    pairs = list(zip(things, points, strict=True))
    told = _some(pairs, [point is not None for point in points], partial(_by_points, shown))
    rest = [point is None and _encodable(shown, thing.example) for thing, point in pairs]
    near = _some(things, rest, partial(_by_encoder, shown))
    return [one or other for one, other in zip(told, near, strict=True)]


def _by_points(shown: LatentMap, pairs: Sequence[tuple[Sampled, Point | None]]) -> Spots:
    places = of_points(shown, [point for _, point in pairs if point is not None])
    hows = (How.EXACT if isinstance(each.origin, SeedOrigin | LatentOrigin) else How.NEAR for each, _ in pairs)
    return [_told(place, how) for place, how in zip(places, hows, strict=True)]


def _by_encoder(shown: LatentMap, things: Sequence[Sampled]) -> Spots:
    places = encoded(shown, [thing.example for thing in things])
    return [None if places is None else _told(places[index], How.NEAR) for index in range(len(things))]


def _point(shown: Map, thing: Sampled) -> Point | None:
    """The point of the map's own model that something began with; None where there is none."""
    root = first(thing.origin)
    if not isinstance(root, SeedOrigin | LatentOrigin) or root.checkpoint != shown.loaded.checkpoint.digest:
        return None
    try:
        return sampling.point_of(root)[1]
    except GenworldError:  # nudged: chosen among several, so no one point
        return None


def of_points(shown: LatentMap, points: Sequence[Point]) -> Places:
    """(N, 2) where points lie. Raises GenworldError for points of another model."""
    codes, weights = codes_of(latent_model(shown.loaded), points)
    return shown.placed(codes.numpy(), weights.numpy())


def encoded(shown: LatentMap, examples: Sequence[Example], labels: NDArray[np.uint8] | None = None) -> Places | None:
    """(N, 2) where the model's encoder puts examples; None where it has none, or they are of another size.

    Args:
        shown: the map.
        examples: N.
        labels: (N, K) their classes; what the model's samples have on average where that is not known.
    """
    model = shown.loaded.model
    if not isinstance(model, HasEncoder) or not all(_encodable(shown, each) for each in examples):
        return None
    usual = shown.survey.weights.mean(axis=0, keepdims=True).repeat(len(examples), axis=0)
    weights = torch.from_numpy(usual if labels is None or len(labels) != len(examples) else labels.astype(np.float32))
    codes = []
    for start in range(0, len(examples), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        with sampling.canonical():
            codes.append(model.encode(examples[part], weights[part]).numpy())
    return shown.placed(np.concatenate(codes), weights.numpy())


def _encodable(shown: LatentMap, example: Example) -> bool:
    spec = shown.loaded.checkpoint.spec
    return isinstance(shown.loaded.model, HasEncoder) and (example.height, example.width) == (spec.height, spec.width)


def place_training(shown: Map) -> Overlay:
    """The training examples that were kept with a map's model, over that map."""
    checkpoint = shown.loaded.checkpoint
    found = training.of(checkpoint)
    if not found:
        return Overlay((), (), "No training examples were kept with this model; train it anew to see them here.")
    if isinstance(shown, MeasuredMap):
        return Overlay(found, tuple(_told(each, How.MEASURED) for each in shown.places(found)))
    assert isinstance(shown, LatentMap)  # noqa: S101
    places = encoded(shown, found, training.labels_of(checkpoint))
    if places is None:
        places = _searched(shown)
    if places is None:
        words = "Where training examples lie was not searched for with this model; they are shown on measured axes."
        return Overlay(found, (None,) * len(found), words)
    spots = tuple(_told(each, How.NEAR) for each in places)
    missing = len(found) - len(spots)
    words = f"The first {len(spots)} of {len(found)} training examples are shown." if missing else ""
    return Overlay(found, spots + (None,) * missing, words)


def _searched(shown: LatentMap) -> Places | None:
    """(M, 2) where the first training examples lie, by codes that were searched for once and kept."""
    found = kept.get(shown.loaded.checkpoint, CODES_KEY) or {}
    codes, weights = found.get(CODES), found.get(WEIGHTS)
    model = latent_model(shown.loaded)
    if codes is None or weights is None or codes.ndim != 2 or codes.shape[1] != model.code_dim:
        return None
    if weights.shape != (len(codes), len(model.spec.classes)):
        return None
    return shown.placed(codes.astype(np.float32), weights.astype(np.float32))


def why_not(shown: Map) -> str:
    """Why some things have no place on a map, for the person."""
    if isinstance(shown, MeasuredMap):
        return "What is of other content, or has no way to measure, has no place on these axes."
    if isinstance(shown.loaded.model, HasEncoder):
        return "What is of other content or of another size has no place on this map."
    return "Only what came from this model has a place on this map; measured axes show the rest."


def _told(place: NDArray[np.float32], how: How) -> Spot | None:
    x, y = map(float, place)
    return Spot(x, y, how) if np.isfinite([x, y]).all() else None
