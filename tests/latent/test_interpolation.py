"""Between two points and between four."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from genworld import sampling
from genworld.errors import GenworldError
from genworld.latent.interpolation import Way, between, grid, spherical, straight, strip
from genworld.models.point import Point
from genworld.sampling import LoadedModel
from genworld.seeding import numpy_stream

NOTHING = np.zeros(0, np.float32)
VECTORS = arrays(np.float32, 6, elements=st.floats(-5, 5, width=32))


def _point(seed: int, *, shift: bool = False, weights: int = 3) -> Point:
    random = numpy_stream(seed, "point")
    return Point(
        random.normal(size=12), random.random(weights), random.normal(size=5) if shift else NOTHING, random.random()
    )


@pytest.mark.parametrize("way", list(Way))
def test_ends_are_the_points_themselves(way: Way) -> None:
    a, b = _point(1), _point(2, shift=True)
    assert between(a, b, 0, way) is a
    assert between(a, b, 1.0, way) is b
    ends = strip(a, b, 5, way)
    assert (ends[0], ends[-1], len(ends)) == (a, b, 5)


def test_straight_parts_are_in_the_middle_at_a_half() -> None:
    a, b = _point(1, shift=True), _point(2, shift=True)
    middle = between(a, b, 0.5)
    np.testing.assert_allclose(middle.weights, (a.weights + b.weights) / 2, rtol=1e-6)
    np.testing.assert_allclose(middle.shift, (a.shift + b.shift) / 2, rtol=1e-6, atol=1e-7)
    assert middle.variety == pytest.approx((a.variety + b.variety) / 2)
    np.testing.assert_allclose(between(a, b, 0.5, Way.LINEAR).z, (a.z + b.z) / 2, rtol=1e-6, atol=1e-7)


def test_a_point_without_a_shift_counts_as_one_of_zero() -> None:
    a, b = _point(1), _point(2, shift=True)
    np.testing.assert_allclose(between(a, b, 0.25).shift, b.shift / 4, rtol=1e-6)
    np.testing.assert_allclose(between(b, a, 0.25).shift, b.shift * 0.75, rtol=1e-6)
    assert len(between(a, _point(3), 0.5).shift) == 0


@given(VECTORS, VECTORS, st.floats(0, 1))
def test_norms_go_evenly_on_the_spherical_way(a: np.ndarray, b: np.ndarray, t: float) -> None:
    found = spherical(a, b, t)
    assert np.isfinite(found).all()
    first, second = np.linalg.norm(a), np.linalg.norm(b)
    if min(first, second) > 1e-3:
        assert np.linalg.norm(found) == pytest.approx(first + (second - first) * t, abs=1e-3)


@given(VECTORS, VECTORS)
def test_the_spherical_way_ends_where_it_should(a: np.ndarray, b: np.ndarray) -> None:
    np.testing.assert_allclose(spherical(a, b, 0), a, atol=1e-4)
    opposite = np.linalg.norm(a / max(np.linalg.norm(a), 1e-9) + b / max(np.linalg.norm(b), 1e-9)) < 1e-2
    if not opposite:
        np.testing.assert_allclose(spherical(a, b, 1), b, atol=1e-3)


def test_the_spherical_way_of_two_at_a_right_angle_is_a_quarter_circle() -> None:
    a, b = np.array([3, 0], np.float32), np.array([0, 3], np.float32)
    np.testing.assert_allclose(spherical(a, b, 1 / 3), [3 * np.cos(np.pi / 6), 3 * np.sin(np.pi / 6)], rtol=1e-6)


def test_opposite_latents_are_joined_around_and_not_through_nothing() -> None:
    a = numpy_stream(1, "a").normal(size=8).astype(np.float32)
    middle = spherical(a, -a, 0.5)
    assert np.linalg.norm(middle) == pytest.approx(np.linalg.norm(a), rel=1e-5)
    assert abs(float(middle @ a)) < 1e-4
    np.testing.assert_allclose(spherical(a, -a, 1), -a, atol=1e-5)


def test_equal_and_empty_latents_stay_as_they_are() -> None:
    a = _point(1).z
    assert np.array_equal(spherical(a, a, 0.3).astype(np.float32), a)
    np.testing.assert_allclose(spherical(np.zeros_like(a), a, 0.5), a / 2)
    assert np.array_equal(straight(a, a, 0.7), a)


def test_a_grid_has_the_four_points_in_its_corners() -> None:
    corners = [_point(k) for k in range(4)]
    cells = grid(*corners, n=4)
    assert [len(row) for row in cells] == [4, 4, 4, 4]
    assert (cells[0][0], cells[0][-1], cells[-1][0], cells[-1][-1]) == tuple(corners)
    assert cells[1][0] == between(corners[0], corners[2], 1 / 3)
    assert cells[1][2] == between(cells[1][0], cells[1][3], 2 / 3)


@pytest.mark.parametrize(("t", "steps", "n"), [(1.5, 5, 3), (float("nan"), 5, 3), (0.5, 1, 3), (0.5, 5, 99)])
def test_what_is_out_of_range_is_refused_in_words(t: float, steps: int, n: int) -> None:
    a, b = _point(1), _point(2)
    with pytest.raises(GenworldError, match="came"):
        between(a, b, t), strip(a, b, steps), grid(a, b, a, b, n)


def test_points_of_two_models_are_refused() -> None:
    with pytest.raises(GenworldError, match="same model"):
        between(_point(1), _point(2, weights=4), 0.5)


def test_the_ends_of_a_strip_are_the_samples_to_the_byte(dungeon: LoadedModel) -> None:
    made = list(sampling.sample(dungeon, seed=3, count=2))
    ends = [sampling.point_of(each.origin)[1] for each in made]  # type: ignore[arg-type]
    points = strip(*ends, steps=5)
    frames = [sampling.at(dungeon.model, point) for point in points]  # type: ignore[arg-type]
    assert [frames[0].digest, frames[-1].digest] == [each.example.digest for each in made]
    assert len({frame.digest for frame in frames}) == 5
