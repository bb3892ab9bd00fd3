"""The parts of a VAE."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from worlds import assert_goes_on, levels, sprites, trained

from genworld.models.vae import discretised_logistic, divergences, priced

STEPS = torch.linspace(-1, 1, 256, dtype=torch.float64)


@pytest.mark.parametrize("log_scale", [-7.0, -3.0, 0.0])
@pytest.mark.parametrize("mean", [-1.2, -0.31, 0.0, 0.999])
def test_the_chances_of_all_steps_sum_to_one(mean: float, log_scale: float) -> None:
    logs = discretised_logistic(STEPS, torch.tensor(mean).double(), torch.tensor(log_scale).double())
    assert float(logs.exp().sum()) == pytest.approx(1, rel=2e-3)


def test_far_away_the_likelihood_still_has_a_slope() -> None:
    mean = torch.tensor([-0.9], requires_grad=True)
    discretised_logistic(torch.tensor([0.5]), mean, torch.tensor([-6.0])).sum().backward()  # type: ignore[no-untyped-call]
    assert mean.grad is not None
    assert float(mean.grad) > 1


def test_the_divergence_is_none_at_the_prior_and_grows_from_it() -> None:
    zero = torch.zeros(2, 3)
    assert float(divergences(zero, zero).abs().max()) == 0
    assert divergences(zero + 2, zero)[0].tolist() == [2, 2, 2]


def test_free_bits_price_only_what_is_beyond_them() -> None:
    each = torch.tensor([[0.0, 4.0], [0.2, 2.0]])
    assert float(priced(each, 0.0)) == pytest.approx(3.1)
    assert float(priced(each, 0.5)) == pytest.approx(0.5 + 3.0)


SETTINGS: dict[str, dict[str, Any]] = {
    "free bits": {"free_bits": 0.5},
    "discretised": {"likelihood": "discretised"},
    "painted": {"palette": 5, "likelihood": "discretised"},
}


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
@pytest.mark.parametrize("data", [levels(), sprites()], ids=["levels", "sprites"])
def test_every_kind_learns_the_same_when_it_was_stopped(settings: dict[str, Any], data: Any) -> None:
    assert_goes_on("vae", data, **settings)


def test_a_width_is_learned() -> None:
    data = sprites()
    model = trained("vae", data, likelihood="discretised", average=0.5)
    assert float((model.state_dict()["networks.widths"] + 3).abs().max()) > 1e-3
