"""The parts of a GAN."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn
from worlds import assert_goes_on, levels, sprites

from genworld.models.augment import mirror, translate, turn
from genworld.models.classes import Alike, ClassTable
from genworld.models.codecs import LevelCodec, SpriteCodec
from genworld.models.layers import GROUP, Decoder, Encoder, Paints, Pyramid, bound_slopes, deviation, initialise
from genworld.models.losses import LOSSES, between, gradient_penalty, unit_slope_penalty
from genworld.seeding import stream


@pytest.mark.parametrize(("height", "width"), [(4, 4), (8, 8), (16, 12), (17, 23), (32, 32), (10, 40)])
def test_networks_serve_any_size(height: int, width: int) -> None:
    pyramid = Pyramid(height, width, 8, 16)
    picture = Decoder(pyramid, 6, 3)(torch.randn(2, 6))
    assert picture.shape == (2, 3, height, width)
    assert Encoder(pyramid, 3, 5, compare=True)(picture).shape == (2, 5)


def test_codecs_give_back_what_they_took() -> None:
    level_data, sprite_data = levels(), sprites()
    for codec, data in ((LevelCodec(level_data.levels[0].legend), level_data), (SpriteCodec(), sprite_data)):
        assert tuple(codec.decode(codec.encode(data.array()))) == data.examples


def test_colour_under_transparency_is_nothing() -> None:
    pixels = np.zeros((1, 1, 2, 4), dtype=np.uint8)
    pixels[0, 0, 0] = (255, 0, 0, 0)
    pixels[0, 0, 1] = (255, 0, 0, 255)
    x = SpriteCodec().encode(pixels)
    assert x[0, :, 0, 0].tolist() == [-1, -1, -1, -1]
    assert x[0, :, 0, 1].tolist() == [1, -1, -1, 1]


def test_deviation_is_nothing_within_groups_of_equals() -> None:
    one = torch.randn(3, 2, 4, 4).repeat(GROUP, 1, 1, 1)
    assert float(deviation(one).max()) < 1e-3
    assert float(deviation(torch.randn(12, 2, 4, 4)).min()) > 0.1


def test_batches_come_in_groups_of_equal_labels() -> None:
    labels = sprites(24).labels
    chosen = Alike(labels, GROUP).draw(48, stream(0, "x")).numpy().reshape(GROUP, -1)
    for group in chosen.T:
        assert (labels[group] == labels[group[0]]).all()


def test_every_example_is_drawn_equally_often() -> None:
    labels = np.array([[1, 0]] * 10 + [[0, 1]] * 2, dtype=np.uint8)
    random, alike = stream(0, "x"), Alike(labels, GROUP)
    counts = np.bincount(np.concatenate([alike.draw(48, random).numpy() for _ in range(500)]), minlength=12)
    assert counts.min() > 0.85 * counts.mean()
    assert counts.max() < 1.15 * counts.mean()


def test_classes_are_drawn_as_the_data_has_them_and_as_wanted() -> None:
    data = sprites(24)
    table = ClassTable(data.spec)
    table.learn(np.array([[1, 1]] * 3 + [[1, 0]] * 9, dtype=np.uint8))
    random = stream(0, "x")
    drawn = torch.stack([table.draw([], random) for _ in range(400)])
    assert float(drawn[:, 0].mean()) == 1
    assert float(drawn[:, 1].mean()) == pytest.approx(0.25, abs=0.07)
    assert all(table.draw([1], random).tolist() == [1, 1] for _ in range(20))
    table.learn(np.array([[1, 0], [0, 0]], dtype=np.uint8))
    assert table.draw([1], random).tolist() == [0, 1]


@pytest.mark.parametrize("name", LOSSES)
def test_losses_reward_what_they_should(name: str) -> None:
    loss = LOSSES[name]
    high, low = torch.tensor([2.0, 3.0]), torch.tensor([-2.0, -3.0])
    assert loss.discriminator(high, low) < loss.discriminator(low, high)
    assert loss.generator(low, high) < loss.generator(high, low)


def test_the_penalty_is_the_squared_slope() -> None:
    x = torch.randn(5, 2, 3, 3, requires_grad=True)
    slope = torch.randn(2, 3, 3)
    assert float(gradient_penalty((x * slope).sum(dim=(1, 2, 3)), x)) == pytest.approx(
        float(slope.square().sum()), rel=1e-5
    )


def test_translation_moves_each_example_and_lets_gradients_through() -> None:
    x = torch.zeros(64, 1, 8, 8)
    x[:, 0, 4, 4] = 1
    moved = translate(x.requires_grad_(True), 0.25, stream(0, "x"))
    places = {tuple(place.tolist()) for place in moved[:, 0].flatten(1).argmax(1).unsqueeze(1)}
    assert len(places) > 10
    assert float(moved.detach().sum()) == 64
    moved.sum().backward()  # type: ignore[no-untyped-call]
    assert x.grad is not None


def test_turns_give_the_eight_symmetries() -> None:
    square = torch.arange(9.0).reshape(1, 1, 3, 3).expand(200, 1, 3, 3)
    assert len({tuple(one.flatten().tolist()) for one in turn(square, stream(0, "x"))}) == 8
    assert len({tuple(one.flatten().tolist()) for one in mirror(square, stream(0, "x"))}) == 2


CONTESTS: dict[str, dict[str, object]] = {
    "wasserstein": {"loss": "wasserstein", "penalty": 10.0, "penalty_every": 1},
    "hinge, bounded slopes": {"loss": "hinge", "spectral": True, "penalty": 0.0},
    "stochastic descent": {"optimizer": "sgd", "learning_rate": 1e-3},
    "painted": {"palette": 6},
}


@pytest.mark.parametrize("settings", CONTESTS.values(), ids=CONTESTS)
def test_every_contest_learns_the_same_when_it_was_stopped(settings: dict[str, object]) -> None:
    assert_goes_on("gan", sprites(), **settings)


def test_bounded_slopes_do_not_ask_for_global_randomness() -> None:
    scores = []
    for seed in (1, 2):
        torch.manual_seed(seed)
        network = Encoder(Pyramid(8, 8, 8, 16), 3, 5)
        random = stream(0, "x")
        initialise(network, random)
        bound_slopes(network, random)
        scores.append(network.eval()(torch.ones(1, 3, 8, 8)))
    assert torch.equal(*scores)


def test_bounded_slopes_are_one_at_most() -> None:
    layer = nn.Sequential(nn.Linear(6, 4))
    with torch.no_grad():
        layer[0].weight.mul_(50)
    bound_slopes(layer, stream(0, "x"))
    for _ in range(50):
        layer(torch.ones(1, 6))
    assert float(torch.linalg.matrix_norm(layer[0].weight.detach(), 2)) == pytest.approx(1, rel=1e-3)


def test_the_slope_between_is_asked_to_be_one() -> None:
    real, fake = torch.zeros(4, 1, 2, 2), torch.ones(4, 1, 2, 2)
    mixed = between(real, fake, stream(0, "x"))
    assert ((mixed >= 0) & (mixed <= 1)).all()
    assert all(float(one.detach().std()) < 1e-6 for one in mixed)
    slope = torch.full((1, 2, 2), 1.5)  # its norm is 3
    assert float(unit_slope_penalty((mixed * slope).sum(dim=(1, 2, 3)), mixed)) == pytest.approx(4, rel=1e-5)


def test_a_painted_sprite_has_the_colours_of_its_palette() -> None:
    paints = Paints(3, 4)
    initialise(paints, stream(0, "x"))
    w = torch.randn(2, 3, generator=stream(0, "w"))
    logits = torch.full((2, 4, 1, 4), -1e4)
    for place in range(4):
        logits[:, place, 0, place] = 1e4
    picture = paints(logits, w)
    assert (picture[:, :, 0, 0] == -1).all(), "the first colour is nothing"
    torch.testing.assert_close((picture[:, :, 0, 1:] + 1) / 2, paints.colours(w).transpose(1, 2))
    assert (picture[:, :3] <= picture[:, 3:] + 1e-6).all(), "premultiplied"
