"""The flow as a whole: inverse, density and Jacobian on tiny models, exactly."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from worlds import LEGEND, SMALL, SOURCE, levels, sprites

from genworld.content import Level, LevelSpec, Sprite
from genworld.datasets.dataset import Dataset
from genworld.errors import GenworldError
from genworld.models import build
from genworld.models.dequantised import TONES
from genworld.models.flow import ALPHAS, Flow, FlowConfig, MultiScale, initialise, surprises
from genworld.seeding import stream

UNEVEN = {"sprite": lambda: sprites(height=18, width=13), "level": lambda: levels(height=10, width=9)}


def flow(data: Dataset, **settings: Any) -> Flow:
    model = build("flow", data.spec, SMALL["flow"] | {"preview_every": 0} | settings)
    for _ in model.fit(data, seed=5):
        pass
    assert isinstance(model, Flow)
    return model


def numbers(model: Flow, data: Dataset, count: int = 4) -> tuple[Tensor, Tensor]:
    x = model.codec.stack(data.examples[:count])
    noise = torch.rand(count, model.numbers.channels, *x.shape[2:], generator=stream(1, "noise"))
    return model.numbers.blurred(x, noise, TONES), torch.from_numpy(data.labels[:count].astype(np.float32))


def rough(height: int, width: int, channels: int, **settings: Any) -> MultiScale:
    """A tiny network in 64 bits, with no number left as it began."""
    config = FlowConfig.model_validate(SMALL["flow"] | settings)
    network, random = MultiScale(levels(2, height, width).spec, config, channels), stream(2, "rough")
    initialise(network, random)
    with torch.no_grad():
        for each in network.parameters():
            each.add_(0.2 * torch.randn(each.shape, generator=random))
    return network.double()


@pytest.mark.parametrize(
    "data", [sprites, levels, *UNEVEN.values()], ids=["sprite", "level", "odd sprite", "odd level"]
)
def test_latents_lead_back_to_what_they_came_from(data: Any) -> None:
    data = data()
    model = flow(data)
    with torch.no_grad():
        v, condition = numbers(model, data)
        z = model.network.latent(model.network(v, condition))
        assert z.shape == (4, model.latent_dim)
        assert float((model.network.inverse(z, condition) - v).abs().max()) <= 1e-4
    labels = torch.from_numpy(data.labels[:4].astype(np.float32))
    assert model.decode_code(model.encode(data.examples[:4], labels), labels) == list(data.examples[:4])


@pytest.mark.parametrize("scales", [1, 2])
def test_the_log_determinant_is_that_of_autograd(scales: int) -> None:
    network = rough(16, 16, 1, scales=scales)
    assert len(network.grids) == scales
    v = torch.randn(1, 1, 16, 16, generator=stream(0, "v"), dtype=torch.float64)
    condition = torch.tensor([[0.3, 0.9]], dtype=torch.float64)
    passed = network(v, condition)
    jacobian = torch.autograd.functional.jacobian(lambda at: network.latent(network(at, condition)), v)  # type: ignore[no-untyped-call]
    _, expected = torch.linalg.slogdet(jacobian.reshape(v.numel(), v.numel()))
    z = network.latent(passed)[0]
    prior = float((0.5 * z.square() + 0.5 * math.log(2 * math.pi)).sum().detach())
    assert float(sum(stretch.sum() for _, stretch in passed).detach()) == pytest.approx(float(expected), abs=1e-8)  # type: ignore[union-attr]
    assert float(network.nats(passed).detach()) == pytest.approx(prior - float(expected), abs=1e-8)


def test_densities_integrate_to_one() -> None:
    """Of the four numbers of a 2 x 2 picture, by importance sampling from a wide Gaussian."""
    network = rough(2, 2, 1)
    count, spread = 100_000, 2.0
    z = torch.randn(count, 4, generator=stream(0, "z"), dtype=torch.float64)
    condition = torch.zeros(count, 2, dtype=torch.float64)
    with torch.no_grad():
        middle = network.inverse(torch.zeros(1, 4, dtype=torch.float64), condition[:1])
        ahead = middle + z.reshape(-1, 1, 2, 2) * spread
        proposed = -(0.5 * z.square() + 0.5 * math.log(2 * math.pi) + math.log(spread)).sum(dim=1)
        weights = (-network.nats(network(ahead, condition)) - proposed).exp()
    assert float(weights.mean()) == pytest.approx(1, abs=4 * float(weights.std()) / math.sqrt(count) + 0.01)
    assert float(weights.std()) / math.sqrt(count) < 0.05


def test_the_first_batch_leaves_unit_scales() -> None:
    data = sprites()
    network = MultiScale(data.spec, FlowConfig.model_validate(SMALL["flow"]), 4)
    initialise(network, stream(0, "weights"))
    x = torch.randn(32, 4, 16, 12, generator=stream(0, "x")) * 9 + 5
    with torch.no_grad():
        passed = network(x, torch.zeros(32, 2), first=True)
        again = network(x, torch.zeros(32, 2))
    latent = network.latent(passed)
    assert float(latent.std()) == pytest.approx(1, abs=0.05)
    assert torch.equal(latent, network.latent(again))


@pytest.mark.parametrize(
    "data", [sprites, levels, *UNEVEN.values()], ids=["sprite", "level", "odd sprite", "odd level"]
)
def test_surprise_is_shared_by_the_cells(data: Any) -> None:
    data = data()
    model = flow(data)
    nats = model.log_prob(data.examples[:3])
    for example, expected in zip(data.examples[:3], nats.tolist(), strict=True):
        found = model.surprise(example)
        assert found.shape == (example.height, example.width)
        assert found.dtype == np.float32
        assert -float(found.sum(dtype=np.float64)) == pytest.approx(expected, rel=1e-5)
        assert np.array_equal(found, model.surprise(example))


def test_odd_cells_surprise() -> None:
    """All rooms have a wall around; one with a hole in it is less likely, and the hole is where that shows."""
    data = levels(64, classes=())
    model = flow(data, steps=150, batch=32, learning_rate=5e-3, depth=4, channels=16)
    usual = data.levels[0]
    tiles = usual.tiles.copy()
    tiles[0, 3] = 2
    odd = Level(tiles, LEGEND)
    assert float(model.log_prob([usual])[0]) > float(model.log_prob([odd])[0]) + 3
    more = model.surprise(odd) - model.surprise(usual)
    assert more[:4, :6].sum() > more[4:].sum()


def test_learning_raises_the_likelihood() -> None:
    data = sprites()
    model = build("flow", data.spec, SMALL["flow"] | {"steps": 60, "preview_every": 0})
    losses = [progress.metrics["loss"] for progress in model.fit(data, seed=0)]
    assert np.mean(losses[-10:]) < np.mean(losses[:10]) - 100


def test_likelihoods_need_what_the_model_knows() -> None:
    model = flow(levels())
    small = Level(levels().levels[0].tiles[:4, :4], LEGEND)
    other = Level(levels().levels[0].tiles, replace(LEGEND, tiles=LEGEND.tiles[::-1]))
    for strange in (small, other, sprites().examples[0]):
        with pytest.raises(GenworldError, match="bring one like those"):
            model.log_prob([strange])


def test_few_examples_are_flipped_and_soft_edges_have_levels() -> None:
    pixels = np.full((16, 16, 4), 128, np.uint8)
    soft = replace(
        sprites(4, 16, 16), examples=(Sprite(pixels),) * 4, labels=np.zeros((4, 2), np.uint8), groups=tuple("abcd")
    )
    assert Flow.suited(soft)["alphas"] == ALPHAS
    assert "alphas" not in Flow.suited(sprites())
    assert "flips" in Flow.suited(levels())


def test_the_coarsest_grid_leads() -> None:
    data = sprites(height=16, width=16)
    model = flow(data, scales=2)
    assert (model.leading, model.latent_dim) == (512, 1024)
    code, condition = torch.randn(3, 1024, generator=stream(0, "code")), torch.zeros(3, 2)
    with torch.no_grad():
        features = model.features(code, condition)
        detail = code.clone()
        detail[:, model.leading :] = 0
        assert features.shape == (3, model.leading)
        assert torch.equal(model.features(detail, condition), features)


def test_a_latent_costs_what_a_normal_density_says() -> None:
    z = torch.tensor([[[[1.0]], [[-2.0]]]])
    expected = -torch.distributions.Normal(0, 1).log_prob(z).sum(dim=1) - 0.7
    assert torch.allclose(surprises(z, torch.full((1, 1, 1), 0.7)), expected)


def test_one_tile_and_no_classes_are_learned_too() -> None:
    legend = replace(LEGEND, tiles=LEGEND.tiles[:1])
    level = Level(np.zeros((5, 5), np.uint8), legend)
    data = Dataset("plain", LevelSpec(legend, 5, 5), (level,) * 2, np.zeros((2, 0), np.uint8), ("a", "b"), SOURCE)
    model = flow(data, steps=2)
    assert model.encode([level], torch.zeros(1, 0)).shape == (1, model.latent_dim)
