"""A point of a latent model: the latent, the class weights, and how far its code was moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from genworld.content import Example
from genworld.errors import GenworldError
from genworld.models.base import LatentModel, SampleRequest, device_of

Vector = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Point:
    """One point. Its code is ``model.code(z, weights, variety) + shift``: all that a sample of a seed can be, and more.

    Args:
        z: (latent_dim,) the latent.
        weights: (K,) class weights, any share of each class; (0,) where there are none.
        shift: (code_dim,) what is added to the code; (0,) for nothing, so that a sample stays the same to the bit.
        variety: truncation or temperature.
    """

    z: Vector
    weights: Vector
    shift: Vector
    variety: float = 1.0

    def __post_init__(self) -> None:
        for name in ("z", "weights", "shift"):
            object.__setattr__(self, name, _vector(getattr(self, name)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Point):
            return NotImplemented
        same = all(np.array_equal(getattr(self, name), getattr(other, name)) for name in ("z", "weights", "shift"))
        return same and self.variety == other.variety

    def __hash__(self) -> int:
        return hash((self.z.tobytes(), self.weights.tobytes(), self.shift.tobytes(), self.variety))

    def moved(self, by: Vector) -> Point:
        """The point whose code lies further by (code_dim,) `by`."""
        shift = by if not len(self.shift) else self.shift + by
        return Point(self.z, self.weights, shift, self.variety)


def _vector(values: ArrayLike) -> Vector:
    vector = np.array(values, dtype=np.float32).reshape(-1)
    vector.flags.writeable = False
    return vector


def points_of(model: LatentModel, requests: Sequence[SampleRequest]) -> list[Point]:
    """The points that samples are made of."""
    z, weights = model.noise(requests).cpu().numpy(), model.condition(requests).cpu().numpy()
    nothing = np.zeros(0, np.float32)
    return [Point(z[k], weights[k], nothing, model.variety_of(request)) for k, request in enumerate(requests)]


def codes_of(model: LatentModel, points: Sequence[Point]) -> tuple[Tensor, Tensor]:
    """(N, code_dim) codes and (N, K) class weights of points.

    Raises:
        GenworldError: a point of another model.
    """
    for point in points:
        _require_fitting(model, point)
    device = device_of(model)
    z = torch.from_numpy(np.stack([point.z for point in points])).to(device)
    weights = torch.from_numpy(np.stack([point.weights for point in points])).to(device)
    variety = torch.tensor([point.variety for point in points], device=device)[:, None]
    code = model.code(z, weights, variety)
    if any(len(point.shift) for point in points):
        code = code + torch.from_numpy(np.stack([_whole(point.shift, model.code_dim) for point in points])).to(device)
    return code, weights


def decode(model: LatentModel, points: Sequence[Point]) -> list[Example]:
    """Their examples, in one batch. For the canonical render of one see `genworld.sampling.at`."""
    return model.decode_code(*codes_of(model, points))


def _whole(shift: Vector, length: int) -> Vector:
    return shift if len(shift) else np.zeros(length, np.float32)


def _require_fitting(model: LatentModel, point: Point) -> None:
    wanted = (model.latent_dim, len(model.spec.classes))
    came = (len(point.z), len(point.weights))
    if came != wanted or len(point.shift) not in (0, model.code_dim):
        raise GenworldError(
            f"A point of this model has {wanted[0]} numbers and {wanted[1]} class weights, but {came[0]} and {came[1]} "
            f"came, with a shift of {len(point.shift)}; take the model that the point is from."
        )
