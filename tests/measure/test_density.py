"""Nats and bits of real examples, and the bound of a VAE against its integral."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from genworld.content import LevelSpec
from genworld.datasets import Dataset, open_dataset
from genworld.measure import density
from genworld.measure.density import density_figures
from genworld.models import build
from genworld.models.vae import Vae, surprise

SMALL = {"steps": 40, "batch": 8, "channels": 8, "most_channels": 16, "style_dim": 16, "latent_dim": 2}


def fitted(family: str, data: Dataset, settings: dict[str, object]) -> torch.nn.Module:
    model = build(family, data.spec, settings)
    for _ in model.fit(data, seed=0):
        pass
    return model.eval()


@pytest.fixture(scope="module")
def rooms() -> Dataset:
    return open_dataset("builtin:dungeon", count=10, size=16)


def test_a_chain_says_bits_of_a_tile(rooms: Dataset) -> None:
    model = fitted("markov", rooms.take(range(6)), {"order": 2})
    found = {each.name: each for each in density_figures(model, rooms.take(range(6)), rooms.take(range(6, 10)), seed=0)}
    assert [name.split(",")[0] for name in found] == [
        "nats of a held-out example",
        "bits of a tile",
        "nats of a training example",
        "bits of a tile",
    ]
    nats, bits = (found[name].value for name in found if "training" in name)
    assert bits == pytest.approx(-nats / (256 * math.log(2)), rel=0.05)  # both are means over halves
    assert all(each.low is not None and each.ceiling is None and "likelihood" in each.name for each in found.values())
    held, own = (found[name].value for name in found if name.startswith("bits"))
    assert held > own, "what was not seen is less likely"


def test_the_bound_comes_close_to_the_integral_from_below(rooms: Dataset) -> None:
    windows = rooms.windows(8, 8, 8)
    model = fitted("vae", windows, SMALL)
    assert isinstance(model, Vae)
    some = windows.take(range(2))
    labels = torch.from_numpy(some.labels)
    true = _integral(model, some)
    once, often = (model.bound(some.examples, labels, draws=draws, seed=0) for draws in (1, 2000))
    assert torch.all(once.mean() < often.mean())
    # Few draws of a poor posterior scatter by a nat or more.
    np.testing.assert_allclose(often.numpy(), true.numpy(), atol=0.4)


def _integral(model: Vae, data: Dataset) -> torch.Tensor:
    """log p(x) by a sum over a grid of the two latents, as fine as the posterior of each example is narrow."""
    x, labels = model.codec.stack(data.examples), torch.from_numpy(data.labels).float()
    found = []
    with torch.no_grad():
        means, log_variances = model.networks.encode(x, labels)
        for row, label, mean, log_variance in zip(x, labels, means, log_variances, strict=True):
            side, spread = torch.linspace(-8, 8, 81), (log_variance / 2).exp()
            z = mean + torch.cartesian_prod(side, side) * spread
            cell = 2 * math.log(float(side[1] - side[0])) + float(spread.log().sum())
            prior = -0.5 * z.square().sum(dim=1) - math.log(2 * math.pi)
            raw = model.networks.decode(z, label.expand(len(z), -1))
            nats = -surprise(model.spec, raw, row.expand(len(z), *row.shape))
            found.append(torch.logsumexp(prior + nats, dim=0) + cell)
    return torch.stack(found)


def test_the_bound_of_a_discretised_likelihood_counts_steps(blots: Dataset) -> None:
    """Each of 256 steps has a chance, so a bound is that of what is stored: never above certainty."""
    model = fitted("vae", blots, SMALL | {"steps": 20, "likelihood": "discretised"})
    assert isinstance(model, Vae)
    some = blots.take(range(4))
    bound = model.bound(some.examples, torch.from_numpy(some.labels), draws=4, seed=0)
    x = model.codec.stack(some.examples)
    raw = model.networks.decode(
        model.encode(some.examples, torch.from_numpy(some.labels).float()), torch.from_numpy(some.labels).float()
    )
    nats = -surprise(model.spec, raw.detach(), x, model.networks.widths.detach())
    assert (nats <= 0).all()
    assert (bound <= 0).all()
    assert bound.mean() == pytest.approx(float(nats.mean()), rel=0.1), (
        "not shifted by the width of a step for each channel"
    )


def test_a_bound_is_called_one_and_a_gan_has_none(blots: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(density, "DRAWS", 2)
    model = fitted("vae", blots, SMALL | {"steps": 1})
    names = [each.name for each in density_figures(model, blots, None, seed=0)]
    assert names == [
        "nats of a training example, bound of 2 draws",
        "bits of a dimension, training, bound of 2 draws",
    ]
    assert not isinstance(blots.spec, LevelSpec)
    assert density_figures(build("gan", blots.spec, {"steps": 1}), blots, blots, seed=0) == []
