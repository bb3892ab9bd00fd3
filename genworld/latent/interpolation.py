"""Interpolation: the points between two points, and between four.

Spherical ways are those of Shoemake 1985 (*Animating Rotation with Quaternion Curves*, section 3.3). Latents of a
standard normal prior lie near a sphere, which straight ways leave: their middle is a latent that the prior hardly ever
draws, and the decoder has not learned (White 2016, *Sampling Generative Networks*, section 2.1). Two latents differ a
little in their norms, so norms go evenly from one to the other.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from genworld import limits
from genworld.errors import GenworldError
from genworld.models.point import Point, Vector

MOST_STEPS = 240
"""Points of a strip, at most."""
MOST_SIDE = 24
"""Points along a side of a grid, at most."""
TINY = 1e-6
"""Lengths below this have no direction."""


class Way(StrEnum):
    """How to go from one latent to another."""

    SPHERICAL = "spherical"
    LINEAR = "linear"


def between(a: Point, b: Point, t: float, way: Way = Way.SPHERICAL) -> Point:
    """The point at `t` of the way from `a` to `b`: `a` itself at 0, `b` itself at 1.

    Latents go by `way`; class weights, shifts and varieties go straight. A point without a shift counts as one whose
    shift is 0.

    Args:
        a, b: points of one model.
        t: 0 to 1.
        way: of the latents.

    Raises:
        GenworldError: points of two models, or `t` out of its range.
    """
    t = limits.real("The share of the way", t, 0, 1)
    _require_alike(a, b)
    if t in (0, 1):
        return b if t else a
    return Point(
        _WAYS[way](a.z, b.z, t),
        straight(a.weights, b.weights, t),
        _shift(a.shift, b.shift, t),
        a.variety + (b.variety - a.variety) * t,
    )


def strip(a: Point, b: Point, steps: int, way: Way = Way.SPHERICAL) -> list[Point]:
    """`steps` points at even distances from `a` to `b`, both included.

    Args:
        steps: 2 to `MOST_STEPS`.

    Raises:
        GenworldError: as `between`, or too few or too many steps.
    """
    steps = limits.whole("The number of steps", steps, 2, MOST_STEPS)
    return [between(a, b, k / (steps - 1), way) for k in range(steps)]


def grid(
    top_left: Point, top_right: Point, bottom_left: Point, bottom_right: Point, n: int, way: Way = Way.SPHERICAL
) -> list[list[Point]]:
    """`n` rows of `n` points between four corners, which are the points given: down both sides, then across.

    Args:
        n: 2 to `MOST_SIDE`.

    Raises:
        GenworldError: as `between`, or too few or too many points.
    """
    n = limits.whole("The side of the grid", n, 2, MOST_SIDE, "points")
    left, right = strip(top_left, bottom_left, n, way), strip(top_right, bottom_right, n, way)
    return [strip(a, b, n, way) for a, b in zip(left, right, strict=True)]


def straight(a: Vector, b: Vector, t: float) -> Vector:
    """(D,) the vector at `t` of the straight way; without rounding where both are the same."""
    return np.asarray(a + t * (b.astype(np.float64) - a), np.float32)


def spherical(a: Vector, b: Vector, t: float) -> Vector:
    """(D,) the vector at `t` of the shorter arc from `a` to `b`; its norm at `t` of the way from one norm to the other.

    Straight where there is no arc (the same direction, or a vector of 0). Opposite vectors, between which all arcs
    are equally long, are joined through one that is always the same.
    """
    first, second = a.astype(np.float64), b.astype(np.float64)
    norms = np.linalg.norm(first), np.linalg.norm(second)
    if min(norms) < TINY:
        return straight(a, b, t)
    u, v = first / norms[0], second / norms[1]
    cosine = float(np.clip(u @ v, -1, 1))
    aside = v - cosine * u
    if np.linalg.norm(aside) < TINY:
        if cosine > 0:
            return straight(a, b, t)
        aside = _across(u)
    angle = np.arccos(cosine) * t
    arc = np.cos(angle) * u + np.sin(angle) * aside / np.linalg.norm(aside)
    return np.asarray(arc * (norms[0] + (norms[1] - norms[0]) * t), np.float32)


_WAYS = {Way.SPHERICAL: spherical, Way.LINEAR: straight}


def _across(u: NDArray[np.float64]) -> NDArray[np.float64]:
    """A vector at a right angle to a unit vector: the axis that it has least of, less what it has of it."""
    axis = np.zeros_like(u)
    axis[int(np.abs(u).argmin())] = 1
    return np.asarray(axis - (axis @ u) * u) if len(u) > 1 else u


def _shift(a: Vector, b: Vector, t: float) -> Vector:
    if not len(a) and not len(b):
        return a
    return straight(a if len(a) else np.zeros_like(b), b if len(b) else np.zeros_like(a), t)


def _require_alike(a: Point, b: Point) -> None:
    shifts = {len(point.shift) for point in (a, b)} - {0}
    if len(a.z) != len(b.z) or len(a.weights) != len(b.weights) or len(shifts) > 1:
        raise GenworldError(
            f"Points to go between are of one model, but one has {len(a.z)} numbers and {len(a.weights)} class weights "
            f"and the other {len(b.z)} and {len(b.weights)}; choose samples of the same model."
        )
