"""What the two players of a GAN see of an example."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from torch import Tensor
from worlds import SMALL, levels, sprites

from genworld.datasets import Dataset
from genworld.datasets.symmetry import fitting
from genworld.models import build
from genworld.models.augment import MOST, SCORES, SPAN, Chance, Changes, cut_out, recolour, translate
from genworld.models.base import State
from genworld.models.codecs import SpriteCodec
from genworld.models.gan import Gan
from genworld.models.vae import Vae
from genworld.seeding import stream

CHANGED = {"hole": 0.4, "colour": 0.5, "adapt": 0.6}
BUNDLED = Path(__file__).parents[2] / "checkpoints"


def _after(data: Dataset, steps: int, settings: dict[str, object], resume: State | None = None) -> State:
    model = build("gan", data.spec, SMALL["gan"] | {"preview_every": 0, "steps": 40} | settings)
    for progress in model.fit(data, seed=5, resume=resume):
        if progress.step == steps:
            return progress.state()
    raise AssertionError


def _same(one: State, other: State) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


@pytest.mark.parametrize("name", ["adventurers", "dungeon"])
def test_settings_of_bundled_models_change_nothing_that_was_not_changed_before(name: str) -> None:
    settings = json.loads((BUNDLED / name / "manifest.json").read_text())["config"]
    data = levels() if name == "dungeon" else sprites()
    config = build("gan", data.spec, settings).config
    assert (config.hole, config.colour, config.adapt) == (0, 0, 0)
    plain = {key: settings[key] for key in ("loss", "penalty", "penalty_fake", "shift", "flips", "half")}
    state = _after(data, 2, plain)
    assert not any(key.startswith("chance") for key in state)
    assert _same(state, _after(data, 2, plain | {"hole": 0, "colour": 0, "adapt": 0}))


def test_without_new_changes_the_noise_is_drawn_as_it_always_was() -> None:
    x, random, other = torch.rand(8, 4, 8, 8), stream(0, "x"), stream(0, "x")
    seen = Chance(0.0).apply_to(x, Changes(shift=0.125), random)
    assert torch.equal(seen, translate(x, 0.125, other))
    assert torch.equal(random.get_state(), other.get_state())


@pytest.mark.parametrize("kind", ["levels", "sprites"])
def test_a_resumed_training_adapts_as_if_it_had_never_stopped(kind: str) -> None:
    data = levels() if kind == "levels" else sprites()
    halfway = _after(data, 10, CHANGED)
    assert _same(_after(data, 20, CHANGED), _after(data, 20, CHANGED, resume=halfway))


def test_a_training_from_before_goes_on_with_changes_that_adapt() -> None:
    before = _after(sprites(), 3, {})
    assert _after(sprites(), 5, {"adapt": 0.6}, resume=before)["step"] == 5


def _full(x: Tensor) -> tuple[Tensor, Tensor]:
    full = (x + 1) / 2
    return full[:, :3], full[:, 3:]


def test_colour_changes_keep_alpha_and_what_is_clear() -> None:
    x = SpriteCodec().encode(sprites().array())
    changed = recolour(x, 1.0, stream(0, "x"))
    colour, alpha = _full(changed)
    assert torch.equal(changed[:, 3], x[:, 3])
    assert float(colour[alpha.expand_as(colour) == 0].abs().max()) < 1e-6
    assert float((changed - x).abs().max()) > 0.2


def test_colour_changes_of_half_transparent_pixels_are_those_of_opaque_ones() -> None:
    opaque = torch.rand(6, 4, 5, 5)
    opaque[:, 3] = 1
    half = opaque * 0.5
    one, other = (recolour(x * 2 - 1, 0.7, stream(0, "x")) for x in (opaque, half))
    torch.testing.assert_close(_full(other)[0], _full(one)[0] * 0.5)


def test_grey_stays_grey() -> None:
    x = torch.ones(16, 4, 4, 4)
    x[:, :3] = torch.rand(16, 1, 4, 4)
    colour, _ = _full(recolour(x, 1.0, stream(0, "x")))
    torch.testing.assert_close(colour, colour[:, :1].expand_as(colour))


def test_holes_are_squares_that_show_nothing_and_pass_no_gradient() -> None:
    x = torch.ones(200, 3, 8, 8, requires_grad=True)
    cut = cut_out(x, 0.5, 0.0, stream(0, "x"))
    hidden = (cut == 0).all(dim=1).sum(dim=(1, 2))
    assert int(hidden.max()) == 16
    assert int(hidden.min()) >= 4
    assert len({tuple(each.flatten().tolist()) for each in (cut == 0)[:, 0]}) > 40
    cut.sum().backward()  # type: ignore[no-untyped-call]
    assert x.grad is not None
    assert torch.equal(x.grad == 0, cut == 0)


def test_the_chance_rises_for_a_discriminator_that_is_too_sure_and_falls_again() -> None:
    chance = Chance(0.6)
    for _ in range(5):
        chance.learn(torch.ones(SCORES))
    assert float(chance.chance) == pytest.approx(5 * SCORES / SPAN)
    chance.learn(torch.cat([torch.ones(SCORES // 2), -torch.ones(SCORES // 2)]))
    assert float(chance.chance) == pytest.approx(4 * SCORES / SPAN)
    for _ in range(2 * SPAN // SCORES):
        chance.learn(torch.ones(SCORES))
    assert float(chance.chance) == MOST


def test_changes_come_with_their_chance() -> None:
    x, chance = torch.ones(2000, 1, 8, 8), Chance(0.6)
    assert torch.equal(chance.apply_to(x, Changes(hole=0.5), stream(0, "x")), x)
    chance.chance.fill_(0.25)
    changed = (chance.apply_to(x, Changes(hole=0.5), stream(0, "x")) != x).flatten(1).any(dim=1)
    assert float(changed.float().mean()) == pytest.approx(0.25, abs=0.04)


@pytest.mark.parametrize("kind", ["levels", "sprites"])
def test_few_examples_are_changed_and_many_are_not(kind: str) -> None:
    data = levels(32) if kind == "levels" else sprites(32)
    few = Gan.suited(data)
    assert few["adapt"] > 0
    assert few["flips"] in {"mirror", "turns"}
    build("gan", data.spec, few)
    assert Gan.suited(data.take([index % 32 for index in range(1000)])) == {}
    assert Vae.suited(data) == {"flips": few["flips"]}


def test_only_square_examples_are_turned() -> None:
    assert fitting(levels(24, 8, 8, ())) == "turns"
    assert fitting(levels(24, 8, 10, ())) == "mirror"
