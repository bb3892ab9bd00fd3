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
    some = windows.take([1])
    labels = torch.from_numpy(some.labels)
    true = _integral(model, some)
    once, often = (model.bound(some.examples, labels, draws=draws, seed=0) for draws in (1, 400))
    assert torch.all(once.mean() < often.mean())
    np.testing.assert_allclose(often.numpy(), true.numpy(), atol=0.25)


def _integral(model: Vae, data: Dataset) -> torch.Tensor:
    """log p(x) by a sum over a fine grid of the two latents."""
    side = torch.linspace(-5, 5, 101)
    z = torch.cartesian_prod(side, side)
    prior = -0.5 * z.square().sum(dim=1) - math.log(2 * math.pi) + 2 * math.log(float(side[1] - side[0]))
    x = model.codec.stack(data.examples)
    found = []
    with torch.no_grad():
        for row, labels in zip(x, torch.from_numpy(data.labels).float(), strict=True):
            raw = model.networks.decode(z, labels.expand(len(z), -1))
            nats = -surprise(model.spec, raw, row.expand(len(z), *row.shape))
            found.append(torch.logsumexp(prior + nats, dim=0))
    return torch.stack(found)


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
