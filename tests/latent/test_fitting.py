"""Regressions and components against what is known of linear worlds."""

from __future__ import annotations

import numpy as np
import pytest

from genworld.latent import fitting
from genworld.latent.fitting import Cloud
from genworld.seeding import numpy_stream


@pytest.fixture
def codes() -> fitting.Numbers:
    return numpy_stream(0, "codes").standard_normal((4000, 5)) * [1, 2, 1, 1, 1] + 3


def test_a_linear_number_is_told_exactly(codes: fitting.Numbers) -> None:
    values = codes @ [0.5, -0.25, 0, 0, 0]
    line = fitting.line(Cloud.of(codes), values)
    assert line.score > 0.999
    np.testing.assert_allclose(line.slope, [0.5, -0.25, 0, 0, 0], atol=0.02)


def test_the_score_is_the_share_that_can_be_told(codes: fitting.Numbers) -> None:
    noise = numpy_stream(1, "noise").standard_normal(4000)
    values = codes[:, 0] - 3 + noise * 3**0.5
    assert fitting.line(Cloud.of(codes), values).score == pytest.approx(0.25, abs=0.05)
    assert fitting.line(Cloud.of(codes), noise).score < 0.02


def test_undefined_values_are_left_out(codes: fitting.Numbers) -> None:
    values = np.where(codes[:, 2] > 3, np.nan, codes[:, 0])
    assert fitting.line(Cloud.of(codes), fitting.standardised(values)).score > 0.95


@pytest.mark.parametrize("value", [0.25, np.nan])
def test_what_never_varies_tells_nothing(codes: fitting.Numbers, value: float) -> None:
    assert fitting.line(Cloud.of(codes), fitting.standardised(np.full(4000, value))).score == 0


def test_standardised_values_have_short_tails() -> None:
    values = numpy_stream(2, "tails").standard_normal(1000)
    values[0] = 1e6
    unit = fitting.standardised(values)
    assert unit.std() == pytest.approx(1)
    assert unit.max() < 4


def test_isotropic_noise_has_no_principal_directions() -> None:
    noise = numpy_stream(3, "isotropic").standard_normal((2000, 20))
    assert fitting.components(noise, 12) == []


def test_what_beats_noise_is_found_in_order() -> None:
    random = numpy_stream(4, "two")
    features = random.standard_normal((2000, 20))
    features[:, 3] *= 4
    features[:, 7] *= 3
    first, second = fitting.components(features, 12)
    assert abs(first.axis[3]) > 0.99
    assert abs(second.axis[7]) > 0.99
    assert first.share == pytest.approx(16 / 43, abs=0.03)
    assert len(fitting.components(features, 1)) == 1
