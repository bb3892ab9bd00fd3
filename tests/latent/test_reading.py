"""Readings of known networks: where sliders stand, where moves lead, what locks leave."""

from __future__ import annotations

import numpy as np
import pytest
from linear import lines

from genworld.latent import reading, teaching
from genworld.latent.fitting import Cloud, Numbers
from genworld.latent.reading import EXACT, Reading
from genworld.seeding import numpy_stream

WIDTH = 4


@pytest.fixture
def codes() -> Numbers:
    return numpy_stream(0, "reading").standard_normal((3000, WIDTH)) * [1.0, 2.0, 1.0, 1.0] + 1


@pytest.fixture
def two() -> Reading:
    """Sliders along the first two numbers of a code, which the samples spread over by 1 and by 2."""
    return lines(np.eye(WIDTH)[:2], np.diag([1.0, 4.0, 1.0, 1.0]))


def _taught(codes: Numbers, values: Numbers, monkeypatch: pytest.MonkeyPatch, steps: int = 600) -> Reading:
    monkeypatch.setattr(teaching, "STEPS", steps)
    return teaching.taught(Cloud.of(codes), codes, values)


def test_lines_are_read_as_they_are(two: Reading, codes: Numbers) -> None:
    np.testing.assert_allclose(two.positions(codes), codes[:, :2])
    np.testing.assert_allclose(two.steps(codes)[0], np.eye(WIDTH)[:2], atol=1e-9)
    np.testing.assert_allclose(two.of(np.array([1])).positions(codes), codes[:, 1:2])


def test_a_slider_is_moved_and_others_stay(two: Reading, codes: Numbers) -> None:
    after = two.moved(codes[:5], np.array([0, 1]), np.stack([codes[:5, 0] + 2, codes[:5, 1]], axis=1))
    np.testing.assert_allclose(after - codes[:5], np.tile([2.0, 0, 0, 0], (5, 1)), atol=1e-5)


def test_moves_end_where_the_model_knows_nothing(two: Reading) -> None:
    start = np.zeros((1, WIDTH))
    for row, spread in enumerate((1.0, 2.0)):
        after = two.moved(start, np.array([row]), np.array([[100.0]]))
        assert after[0, row] == pytest.approx(reading.FARTHEST * spread)


def test_what_locks_leave(two: Reading) -> None:
    both = two.with_lines(np.array([[1.0, 0.5, 0, 0]]), np.zeros(1))
    code = np.zeros(WIDTH)
    assert both.left(code, 0, np.array([1])) == pytest.approx(1)
    assert both.left(code, 2, np.array([0, 1])) == pytest.approx(0)
    assert both.left(code, 2, np.array([0])) == pytest.approx(0.5)


def test_ends_of_scales_are_read_as_the_end_and_left_again(codes: Numbers, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half the samples are at the lower end: those far beyond it come out at once when they are to."""
    values = np.maximum(codes[:, :1] - 1, 0)
    found = _taught(codes, values, monkeypatch)
    deep = codes[codes[:, 0] < -0.5]
    assert len(deep) > 50
    assert np.abs(found.positions(deep)).max() < 0.2
    assert (found.positions(deep) >= found.low).all()
    after = found.moved(deep, np.array([0]), np.ones((len(deep), 1)))
    assert (np.abs(found.positions(after) - 1) < 10 * EXACT).mean() > 0.8
    assert (after[:, 0] > 1.5).mean() > 0.9


def test_what_bends_is_taught_and_what_is_undefined_left_out(codes: Numbers, monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.stack([np.abs(codes[:, 0] - 1), codes[:, 2]], axis=1)
    values[::7, 1] = np.nan
    found = _taught(codes, values, monkeypatch)
    known = np.isfinite(values[:, 1])
    off = found.positions(codes) - values
    assert off[:, 0].var() < 0.05
    assert off[known, 1].var() < 0.05
    again = _taught(codes, values, monkeypatch)
    assert (again.positions(codes) == found.positions(codes)).all()


def test_what_is_never_defined_stands_still(codes: Numbers, monkeypatch: pytest.MonkeyPatch) -> None:
    found = _taught(codes, np.full((len(codes), 1), np.nan), monkeypatch, steps=100)
    assert (found.positions(codes) == 0).all()


def test_a_file_of_32_bit_numbers_gives_the_same(codes: Numbers, monkeypatch: pytest.MonkeyPatch) -> None:
    rounded = _taught(codes, codes[:, :1] - 1, monkeypatch, steps=100).rounded()
    again = Reading(**{name: a.astype(np.float32).astype(np.float64) for name, a in rounded.arrays.items()})
    assert (again.positions(codes) == rounded.positions(codes)).all()
