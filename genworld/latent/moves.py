"""Moves along directions: one slider to where it is wanted, the locked ones staying; and fresh points within locks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from genworld import limits, sampling
from genworld.errors import GenworldError
from genworld.latent.direction import Direction
from genworld.latent.directions import directions_of
from genworld.latent.fitting import Numbers
from genworld.latent.survey import latent_model
from genworld.models.base import SampleRequest
from genworld.models.point import Point, codes_of
from genworld.sampling import LoadedModel

FARTHEST = 6.0
"""Positions of a slider, at most, either way."""
LEFT = 0.05
"""Share of a step's effect that the locked sliders must leave."""
EXACT = 1e-6
"""How far a locked slider may be from where it was, beyond rounding."""


def positions(loaded: LoadedModel, point: Point) -> dict[str, float]:
    """Where each slider stands at a point, in standard deviations from the mean of the model's samples, by id."""
    code = _code(loaded, point)
    return {direction.id: direction.position(code) for direction in directions_of(loaded).shown}


def moved(loaded: LoadedModel, point: Point, key: str, to: float, locked: Collection[str] = ()) -> Point:
    """The point from which one slider is read off at `to`, while the locked ones stay where they are.

    It is reached along the slider's own step and those of the locked sliders, which take back what it does to them.

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
    known = directions_of(loaded)
    wanted, staying = known[key], [each for each in known.chosen(locked) if each.id != key]
    change = to - wanted.position(_code(loaded, point))
    if abs(change) < EXACT:
        return point
    return point.moved((_way(wanted, staying) * change).astype(np.float32))


def randomised(loaded: LoadedModel, point: Point, seed: int, locked: Collection[str] = ()) -> Point:
    """Sample 0 of a seed, with the point's class weights and variety, moved to where the locked sliders stay.

    Raises:
        GenworldError: an unknown id, or a seed out of bounds.
    """
    model = latent_model(loaded)
    seed = limits.whole("The seed", seed, 0, limits.MAX_SEED)
    z = model.noise([SampleRequest(seed, 0)])[0].cpu().numpy()
    fresh = Point(z, point.weights, np.zeros(0, np.float32), point.variety)
    code = _code(loaded, point)
    return held(loaded, fresh, {each.id: each.position(code) for each in directions_of(loaded).chosen(locked)})


def held(loaded: LoadedModel, point: Point, stands: Mapping[str, float]) -> Point:
    """The nearest point along the sliders' own steps from which some of them are read off where they stood.

    Args:
        loaded: the model.
        point: where to begin; it is the answer where nothing is held.
        stands: positions by id.

    Raises:
        GenworldError: an unknown id.
    """
    if not stands:
        return point
    staying, code = directions_of(loaded).chosen(stands), _code(loaded, point)
    change = np.array([stands[each.id] - each.position(code) for each in staying])
    return point.moved(_back(staying, change).astype(np.float32))


def _code(loaded: LoadedModel, point: Point) -> Numbers:
    with sampling.canonical():
        code, _ = codes_of(latent_model(loaded), [point])
    whole: Numbers = code[0].cpu().numpy().astype(np.float64)
    return whole


def _way(wanted: Direction, staying: Sequence[Direction]) -> Numbers:
    """(code_dim,) change that raises one position by 1 and leaves the others. Raises GenworldError where there is none."""
    way = wanted.step
    if staying:
        way = way - _back(staying, np.array([each.readout @ way for each in staying]))
    gain = float(wanted.readout @ way)
    left = max((abs(float(each.readout @ way)) for each in staying), default=0.0)
    if gain < LEFT or left > EXACT * max(1.0, _effect(wanted, staying)):
        raise GenworldError(
            f"{wanted.title} cannot move while {_listed(staying)} {'is' if len(staying) == 1 else 'are'} locked: what "
            "moves one moves the other; unlock one of them."
        )
    return way / gain


def _effect(wanted: Direction, staying: Sequence[Direction]) -> float:
    return max(abs(float(each.readout @ wanted.step)) for each in staying) if staying else 0.0


def _back(staying: Sequence[Direction], change: NDArray[np.float64]) -> Numbers:
    """(code_dim,) along the steps of some sliders: what changes their positions by (K,) `change`. Sliders that say the
    same share it."""
    steps = np.stack([each.step for each in staying])
    effects = np.stack([each.readout for each in staying]) @ steps.T
    shares = np.linalg.lstsq(effects, change, rcond=1e-8)[0]
    whole: Numbers = shares @ steps
    return whole


def _listed(staying: Sequence[Direction]) -> str:
    titles = [each.title for each in staying]
    return titles[0] if len(titles) == 1 else f"{', '.join(titles[:-1])} and {titles[-1]}"
