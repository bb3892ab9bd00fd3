"""Moves along directions: one slider to where it is wanted, the locked ones staying; and fresh points within locks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from genworld import limits, sampling
from genworld.errors import GenworldError
from genworld.latent.direction import Directions
from genworld.latent.directions import directions_of
from genworld.latent.fitting import Numbers
from genworld.latent.reading import EXACT, Reading, Rows
from genworld.models.base import SampleRequest
from genworld.models.point import Point, codes_of
from genworld.sampling import LoadedModel, latent_model

FARTHEST = 6.0
"""Positions of a slider, at most, either way."""
LEFT = 0.05
"""Share of what moves a slider that the locked ones must leave."""


def positions(loaded: LoadedModel, point: Point) -> dict[str, float]:
    """Where each slider stands at a point, in standard deviations from the mean of the model's samples, by id."""
    known = directions_of(loaded)
    stands = known.reading.positions(_code(loaded, point)[None])[0].tolist()
    return {direction.id: stand for direction, stand in zip(known.shown, stands, strict=True)}


def moved(loaded: LoadedModel, point: Point, key: str, to: float, locked: Collection[str] = ()) -> Point:
    """The point from which one slider is read off at `to`, while the locked ones stay where they are.

    It is the nearest, by how the model's samples lie; a few steps of Newton's lead there. Where `to` lies beyond the end
    of the slider's scale, or farther than the model knows anything, the slider comes as near to it as is sensible.

    Args:
        loaded: the model.
        point: where from.
        key: id of a direction.
        to: position, -6 to 6.
        locked: ids of directions that must stay; `key` itself may be among them.

    Returns:
        The point; `point` itself where the slider stands there already.

    Raises:
        GenworldError: an unknown id, a position out of bounds, or the locked sliders leave no way.
    """
    to = limits.real("The position of a slider", to, -FARTHEST, FARTHEST)
    known, code = directions_of(loaded), _code(loaded, point)
    row, staying = int(known.rows([key])[0]), known.rows([each for each in locked if each != key])
    stands = known.reading.positions(code[None])[0]
    if abs(to - stands[row]) < EXACT:
        return point
    _require_way(known, code, row, staying)
    after = _led(known.reading, code, np.append(row, staying), np.append(to, stands[staying]))
    return _to(loaded, point, code, _led(known.reading, after, staying, stands[staying]))


def randomised(loaded: LoadedModel, point: Point, seed: int, locked: Collection[str] = ()) -> Point:
    """Sample 0 of a seed, with the point's class weights and variety, moved to where the locked sliders stay.

    Raises:
        GenworldError: an unknown id, or a seed out of bounds.
    """
    model = latent_model(loaded)
    seed = limits.whole("The seed", seed, 0, limits.MAX_SEED)
    z = model.noise([SampleRequest(seed, 0)])[0].cpu().numpy()
    fresh = Point(z, point.weights, np.zeros(0, np.float32), point.variety)
    stands = positions(loaded, point) if locked else {}
    return held(loaded, fresh, {directions_of(loaded)[key].id: stands[directions_of(loaded)[key].id] for key in locked})


def held(loaded: LoadedModel, point: Point, stands: Mapping[str, float]) -> Point:
    """The nearest point from which some sliders are read off where they stood.

    Args:
        loaded: the model.
        point: where to begin; it is the answer where nothing is held.
        stands: positions by id.

    Raises:
        GenworldError: an unknown id.
    """
    if not stands:
        return point
    known, code = directions_of(loaded), _code(loaded, point)
    staying = known.rows(stands)
    return _to(
        loaded, point, code, _led(known.reading, code, staying, [stands[known.shown[row].id] for row in staying])
    )


def _code(loaded: LoadedModel, point: Point) -> Numbers:
    """(leading,) what sliders read of a point's code."""
    model = latent_model(loaded)
    with sampling.canonical():
        code, _ = codes_of(model, [point])
    read: Numbers = code[0, : model.leading].cpu().numpy().astype(np.float64)
    return read


def _led(reading: Reading, code: Numbers, rows: Rows, to: ArrayLike) -> Numbers:
    found: Numbers = reading.moved(code[None], rows, np.asarray(to, dtype=np.float64)[None])[0]
    return found


def _to(loaded: LoadedModel, point: Point, before: Numbers, after: Numbers) -> Point:
    by = np.zeros(latent_model(loaded).code_dim, np.float32)
    by[: len(before)] = after - before
    return point.moved(by)


def _require_way(known: Directions, code: Numbers, row: int, staying: Rows) -> None:
    """Raises GenworldError where nothing moves a slider that does not move the locked ones."""
    if len(staying) and known.reading.left(code, row, staying) < LEFT:
        locked = [known.shown[each].title for each in staying]
        raise GenworldError(
            f"{known.shown[row].title} cannot move while {_listed(locked)} {'is' if len(locked) == 1 else 'are'} "
            "locked: what moves one moves the other; unlock one of them."
        )


def _listed(titles: Sequence[str]) -> str:
    return titles[0] if len(titles) == 1 else f"{', '.join(titles[:-1])} and {titles[-1]}"
