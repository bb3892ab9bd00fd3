"""The contract of each role, over the registry of families."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from worlds import LEGEND, RUN, SMALL, levels, sprites, trained

from genworld import checkpoint, sampling
from genworld.content import Level, LevelSpec, Sprite, SpriteSpec, Tag
from genworld.datasets.dataset import Dataset
from genworld.errors import GenworldError
from genworld.models import FAMILIES, build, configure
from genworld.models.base import (
    CanFill,
    GenerativeModel,
    HasDensity,
    HasEncoder,
    HasStyle,
    HasSurprise,
    LatentModel,
    SampleRequest,
)

DATA = {"level": levels, "sprite": sprites}
CASES = [(name, kind) for name, family in FAMILIES.items() for kind in sorted(family.kinds)]


@pytest.fixture(scope="module", params=CASES, ids="-".join)
def case(request: pytest.FixtureRequest) -> tuple[GenerativeModel, Dataset]:
    family, kind = request.param
    data = DATA[kind]()
    return trained(family, data), data


def requests(count: int, **wishes: object) -> list[SampleRequest]:
    return [SampleRequest(7, index, **wishes) for index in range(count)]  # type: ignore[arg-type]


def test_every_family_has_small_settings() -> None:
    assert FAMILIES.keys() == SMALL.keys()


def test_every_family_says_what_it_is() -> None:
    for name, family in FAMILIES.items():
        assert family.family == name
        assert family.summary.endswith(".")
        assert family.variety.low <= family.variety.default <= family.variety.high
        for field in family.Config.model_fields.values():
            assert field.description
            assert not field.is_required()


def test_samples_fit_the_spec(case: tuple[GenerativeModel, Dataset]) -> None:
    model, data = case
    for example in model.sample(requests(5)):
        if isinstance(data.spec, LevelSpec):
            assert isinstance(example, Level)
            assert example.legend == data.spec.legend
        if isinstance(data.spec, SpriteSpec):
            assert isinstance(example, Sprite)
            assert not example.pixels[..., :3][example.pixels[..., 3] == 0].any()
        assert (example.height, example.width) == (data.spec.height, data.spec.width)


def test_a_sample_depends_on_its_own_seed_and_index_only(case: tuple[GenerativeModel, Dataset]) -> None:
    model, _ = case
    alone = sampling.render(model, SampleRequest(7, 3))
    for other in requests(3):
        sampling.render(model, other)
    assert sampling.render(model, SampleRequest(7, 3)) == alone
    varied = {sampling.render(model, request).digest for request in requests(8)}
    assert len(varied) > 1


def test_save_and_load_keep_every_byte(case: tuple[GenerativeModel, Dataset], tmp_path: Path) -> None:
    model, _ = case
    loaded = checkpoint.save(tmp_path / "kept", model, run=RUN).load()
    for request in requests(6):
        assert sampling.render(loaded, request) == sampling.render(model, request)


def test_classes_are_heeded(case: tuple[GenerativeModel, Dataset]) -> None:
    model, data = case
    with pytest.raises(GenworldError, match="no class called"):
        model.sample(requests(1, condition=("nonsense",)))
    assert len(model.sample(requests(2, condition=data.spec.classes[:1]))) == 2
    if data.spec.exclusive:
        with pytest.raises(GenworldError, match="one class each"):
            model.sample(requests(1, condition=data.spec.classes))


def test_variety_out_of_range_is_refused(case: tuple[GenerativeModel, Dataset]) -> None:
    model, _ = case
    with pytest.raises(GenworldError, match=model.variety.name):
        model.sample(requests(1, variety=model.variety.high + 1))


def test_less_variety_gives_samples_nearer_to_each_other(case: tuple[GenerativeModel, Dataset]) -> None:
    model, data = case

    def spread(variety: float) -> float:
        pictures = [
            example.tiles if isinstance(example, Level) else example.pixels
            for example in model.sample(requests(12, variety=variety, condition=data.spec.classes[:1]))
        ]
        return float(np.mean([(a != b).mean() for a, b in itertools.combinations(pictures, 2)]))

    assert spread(model.variety.low) <= spread(model.variety.high)


@pytest.mark.parametrize(("family", "kind"), CASES, ids=map("-".join, CASES))
def test_a_run_that_was_stopped_goes_on_as_if_it_never_was(family: str, kind: str) -> None:
    data = DATA[kind]()
    whole = build(family, data.spec, SMALL[family])
    steps = list(whole.fit(data, seed=5))
    first = build(family, data.spec, SMALL[family])
    state = next(progress for progress in first.fit(data, seed=5) if progress.step == 3).state()
    second = build(family, data.spec, SMALL[family])
    rest = list(second.fit(data, seed=5, resume=state))
    assert rest[-1].step == steps[-1].step == steps[-1].total
    assert rest[-1].metrics == steps[-1].metrics
    for key, value in whole.state_dict().items():
        assert torch.equal(second.state_dict()[key], value), key


@pytest.mark.parametrize(("family", "kind"), CASES, ids=map("-".join, CASES))
def test_the_same_seed_trains_the_same_model(family: str, kind: str) -> None:
    data = DATA[kind]()
    a, b = trained(family, data).state_dict(), trained(family, data).state_dict()
    assert all(torch.equal(a[key], b[key]) for key in a)


def test_previews_come_when_asked_for() -> None:
    steps = list(build("vae", levels().spec, SMALL["vae"]).fit(levels(), seed=0))
    assert [step.step for step in steps if step.preview] == [3, 6]


def test_latent_models_sample_by_decoding_their_prior(case: tuple[GenerativeModel, Dataset]) -> None:
    model, _ = case
    if not isinstance(model, LatentModel):
        pytest.skip("no latent space")
    asked = requests(3)
    z, condition = model.noise(asked), model.condition(asked)
    assert z.shape == (3, model.latent_dim)
    assert condition.shape == (3, len(model.spec.classes))
    assert model.decode(z, condition) == model.sample(asked)


def test_styles_decode_to_the_same(case: tuple[GenerativeModel, Dataset]) -> None:
    model, _ = case
    if not isinstance(model, HasStyle) or not isinstance(model, LatentModel):
        pytest.skip("no style space")
    asked = requests(3)
    z, condition = model.noise(asked), model.condition(asked)
    assert model.decode_style(model.style(z, condition)) == model.decode(z, condition)


def test_encoders_find_a_latent_for_each_example(case: tuple[GenerativeModel, Dataset]) -> None:
    model, data = case
    if not isinstance(model, HasEncoder) or not isinstance(model, LatentModel):
        pytest.skip("no encoder")
    labels = torch.from_numpy(data.labels[:4].astype(np.float32))
    z = model.encode(data.examples[:4], labels)
    assert z.shape == (4, model.latent_dim)
    assert bool(torch.isfinite(z).all())


def test_densities_are_those_of_probabilities(case: tuple[GenerativeModel, Dataset]) -> None:
    model, data = case
    if not isinstance(model, HasDensity):
        pytest.skip("no density")
    nats = model.log_prob(data.examples[:4])
    assert nats.shape == (4,)
    assert bool((nats < 0).all())


def test_the_surprise_of_all_cells_is_the_likelihood(case: tuple[GenerativeModel, Dataset]) -> None:
    model, data = case
    if not isinstance(model, HasSurprise):
        pytest.skip("its density does not fall into cells")
    drawn = [level for level in model.sample(requests(3)) if isinstance(level, Level)]
    odd = [Level(np.roll(level.tiles, 1, axis=0), level.legend) for level in data.levels[:2]]
    for level in (*data.levels[:4], *drawn, *odd):
        costs = model.surprise(level)
        assert costs.shape == level.tiles.shape
        assert costs.dtype == np.float32
        assert float(costs.sum(dtype=np.float64)) == pytest.approx(-float(model.log_prob([level])), rel=1e-5)
        assert costs.min() > -1e-6
    with pytest.raises(GenworldError, match="knows the tiles of"):
        model.surprise(Level(data.levels[0].tiles, replace(data.levels[0].legend, tiles=LEGEND.tiles[::-1])))


def test_what_never_stood_so_is_more_of_a_surprise(case: tuple[GenerativeModel, Dataset]) -> None:
    model, data = case
    if not isinstance(model, HasSurprise):
        pytest.skip("its density does not fall into cells")
    tiles = data.levels[0].tiles.copy()
    before = model.surprise(data.levels[0])
    tiles[0, 3] = 2  # treasure in the wall
    after = model.surprise(Level(tiles, data.levels[0].legend))
    assert after[0, 3] > before[0, 3] + 1
    assert after[0, 3] == after.max()


def test_who_makes_levels_fills(case: tuple[GenerativeModel, Dataset]) -> None:
    model, data = case
    assert isinstance(model, CanFill) == isinstance(data.spec, LevelSpec)


def box(data: Dataset) -> tuple[Level, NDArray[np.bool_]]:
    level = data.levels[0]
    mask = np.zeros(level.tiles.shape, dtype=np.bool_)
    mask[2:5, 2:6] = True
    return level, mask


def test_filling_changes_the_mask_only(case: tuple[GenerativeModel, Dataset]) -> None:
    model, data = case
    if not isinstance(model, CanFill):
        pytest.skip("cannot fill")
    level, mask = box(data)
    with sampling.canonical():
        filled = [model.fill(level, mask, seed=seed) for seed in range(8)]
        assert filled[3] == model.fill(level, mask, seed=3)
    assert all(np.array_equal(one.tiles[~mask], level.tiles[~mask]) for one in filled)
    assert len(set(filled)) > 1
    nothing, everything = np.zeros_like(mask), np.ones_like(mask)
    assert model.fill(level, nothing, seed=0) == level
    assert model.fill(level, everything, seed=0).tiles.shape == level.tiles.shape


def test_pins_of_a_sample_stay(case: tuple[GenerativeModel, Dataset]) -> None:
    model, data = case
    if not isinstance(model, CanFill):
        with pytest.raises(GenworldError, match="are for levels"):
            model.sample(requests(1, pins=np.zeros((2, 2), dtype=np.int16)))
        return
    level, mask = box(data)
    pins = np.where(mask, -1, level.tiles.astype(np.int16)).astype(np.int16)
    alone = model.sample(requests(1, pins=pins))
    assert model.sample([*requests(1), *requests(1, pins=pins)]) == [*model.sample(requests(1)), *alone]
    assert isinstance(alone[0], Level)
    assert np.array_equal(alone[0].tiles[~mask], level.tiles[~mask])


def test_nudges_move_shares(case: tuple[GenerativeModel, Dataset]) -> None:
    model, data = case
    if not isinstance(model, CanFill):
        with pytest.raises(GenworldError, match="are for levels"):
            model.sample(requests(1, nudges=(("item", 1.0),)))
        return

    def share(nudge: float) -> float:
        drawn = model.sample(requests(10, nudges=(("item", nudge),)))
        return float(np.mean([level.legend.has(level.tiles, Tag.ITEM).mean() for level in drawn]))  # type: ignore[union-attr]

    assert share(-6.0) < share(6.0)
    assert model.sample(requests(4, nudges=(("item", 0.0),))) == model.sample(requests(4))
    level, mask = box(data)
    less, more = (
        np.mean(
            [
                level.legend.has(model.fill(level, mask, seed=k, nudges=(("item", n),)).tiles, Tag.ITEM)[mask].mean()
                for k in range(4)
            ]
        )
        for n in (-6.0, 6.0)
    )
    assert less <= more


def test_a_level_of_another_legend_is_not_filled(case: tuple[GenerativeModel, Dataset]) -> None:
    model, data = case
    if not isinstance(model, CanFill):
        pytest.skip("cannot fill")
    level, mask = box(data)
    fewer = replace(level.legend, tiles=level.legend.tiles[::-1])
    with pytest.raises(GenworldError, match="knows the tiles of"):
        model.fill(Level(level.tiles, fewer), mask, seed=0)


def test_a_family_refuses_content_that_it_does_not_serve() -> None:
    with pytest.raises(GenworldError, match="learns levels, but the data set holds sprites"):
        build("markov", sprites().spec, {})


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"nonsense": 1}, "'nonsense' is not known here"),
        ({"learning_rate": float("nan")}, "learning_rate"),
        ({"batch": 0}, "batch"),
        ({"loss": "best"}, "loss"),
    ],
)
def test_settings_that_do_not_fit_are_refused_in_one_sentence(settings: dict[str, object], words: str) -> None:
    with pytest.raises(GenworldError, match=words) as caught:
        configure("gan", settings)
    assert "\n" not in caught.value.sentence


def test_an_unknown_family_is_told_the_nearest() -> None:
    with pytest.raises(GenworldError, match="Did you mean 'markov'"):
        configure("markoff", {})
