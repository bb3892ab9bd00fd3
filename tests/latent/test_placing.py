"""Own items and training examples on a map, and the examples that a model keeps."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from genworld import sampling, training
from genworld.content import Level, Sprite
from genworld.datasets import Dataset, open_dataset
from genworld.errors import GenworldError
from genworld.latent import examples, kept, maps, placing
from genworld.latent.placing import How
from genworld.latent.survey import Survey
from genworld.models.point import points_of
from genworld.provenance import EditOrigin, ImportOrigin
from genworld.sampling import LoadedModel, Sampled


@pytest.fixture(scope="module")
def worlds() -> Dataset:
    return open_dataset("builtin:dungeon", count=12)


def _trained(data: Dataset, family: str, folder: Path, settings: dict[str, str]) -> LoadedModel:
    run = training.begin(data, family, settings, seed=0)
    for _ in run:
        pass
    return sampling.opened(run.save(folder))


# -- examples


def test_a_trained_model_keeps_some_of_its_examples(worlds: Dataset, tmp_path: Path) -> None:
    model = _trained(worlds, "markov", tmp_path / "learned", {})
    found = examples.of(model.checkpoint)
    known = {level.tiles.tobytes(): labels.tolist() for level, labels in zip(worlds.levels, worlds.labels, strict=True)}
    assert len(found) == 12
    labels = examples.labels_of(model.checkpoint)
    for example, row in zip(found, labels, strict=True):
        assert isinstance(example, Level)
        assert known[example.tiles.tobytes()] == row.tolist()
    assert examples.of(model.checkpoint) == found, "in the same order"


def test_of_levels_of_many_sizes_windows_are_kept(dungeon: LoadedModel, chain: LoadedModel, tmp_path: Path) -> None:
    bare = replace(chain.checkpoint, folder=tmp_path)  # without what ships beside it
    spec = replace(dungeon.checkpoint.spec)
    drawn = sampling.sample(chain, seed=0, count=3, size=(40, 50))
    levels = [each.example for each in drawn] + [next(sampling.sample(chain, seed=1, count=1, size=(9, 60))).example]
    assert spec.height == 24
    examples.keep(bare, levels, np.zeros((4, 0), np.uint8))
    found = examples.of(bare)
    assert {(each.height, each.width) for each in found} == {(32, 32)}
    assert len(found) == 3, "one is too low for a window"
    assert examples.labels_of(bare).shape == (3, 0)


def test_there_are_no_more_than_enough(
    blots: Dataset, adventurers: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examples, "MOST", 5)
    sprites = [Sprite(np.full((32, 32, 4), index + 1, np.uint8)) for index in range(40)]
    examples.keep(
        adventurers.checkpoint, sprites, np.zeros((40, 8), np.uint8), folder := kept._home(adventurers.checkpoint)
    )
    assert folder.is_dir()
    assert kept.get(adventurers.checkpoint, examples.KEY) is not None


def test_examples_of_another_spec_are_none(chain: LoadedModel, tmp_path: Path) -> None:
    assert not examples._fits(np.full((3, 4, 4), 200, np.uint8), chain.checkpoint.spec)
    assert not examples._fits(np.zeros((3, 4, 4, 4), np.uint8), chain.checkpoint.spec)
    assert not examples._fits(None, chain.checkpoint.spec)


# -- places


def test_what_came_from_the_model_lies_exactly(dungeon: LoadedModel) -> None:
    survey = Survey(dungeon)
    shown = maps.pca(survey, 64)
    sampled = sampling.drawn(dungeon, survey.request(9))
    cell = int(sampled.example.tiles[0, 0]) if isinstance(sampled.example, Level) else 0
    assert isinstance(sampled.example, Level)
    grid = sampled.example.tiles.copy()
    grid[0, 0] = 1 - min(cell, 1)
    edited = Sampled(
        Level(grid, sampled.example.legend), EditOrigin(parent=sampled.origin, edits=((0, 0, int(grid[0, 0])),))
    )
    brought = Sampled(sampled.example, ImportOrigin(file="cave.txt", digest="0" * 64))
    exact, near, nowhere = placing.place(shown, [sampled, edited, brought])
    assert exact is not None
    assert exact.how is How.EXACT
    np.testing.assert_allclose((exact.x, exact.y), shown.xy[9], atol=1e-3)
    assert near is not None
    assert (near.how, near.x) == (How.NEAR, exact.x)
    assert nowhere is None
    assert "measured axes" in placing.why_not(shown)


def test_measured_axes_place_everything_of_the_content(dungeon: LoadedModel, adventurers: LoadedModel) -> None:
    shown = maps.measured(Survey(dungeon), 32)
    sampled = sampling.drawn(dungeon, shown.survey.request(5))
    brought = Sampled(sampled.example, ImportOrigin(file="cave.txt", digest="0" * 64))
    sprite = next(sampling.sample(adventurers, seed=0, count=1))
    spot, other = placing.place(shown, [brought, sprite])
    assert spot is not None
    assert spot.how is How.MEASURED
    assert spot.y == pytest.approx(float(shown.xy[5, 1]), abs=2)
    assert other is None


def test_an_encoder_places_what_a_person_brought(worlds: Dataset, tmp_path: Path) -> None:
    model = _trained(worlds, "vae", tmp_path / "vae", {"steps": "3"})
    shown = maps.pca(Survey(model), 32)
    small = Level(worlds.levels[0].tiles[:9, :9], worlds.levels[0].legend)
    things = [Sampled(each, ImportOrigin(file="x", digest="0" * 64)) for each in (worlds.levels[0], small)]
    spot, none = placing.place(shown, things)
    assert spot is not None
    assert spot.how is How.NEAR
    assert none is None
    overlay = placing.place_training(shown)
    assert len(overlay.spots) == len(overlay.examples) == 12
    assert all(each is not None for each in overlay.spots)


def test_training_examples_of_a_gan_lie_where_they_were_found(dungeon: LoadedModel, tmp_path: Path) -> None:
    checkpoint = replace(dungeon.checkpoint, folder=tmp_path)
    model = LoadedModel(checkpoint, dungeon.model)
    survey = Survey(model)
    shown = maps.pca(survey, 32)
    assert placing.place_training(shown).words.startswith("No training examples were kept")
    levels = [sampling.render(model.model, survey.request(index)) for index in range(20)]
    examples.keep(checkpoint, levels, np.zeros((20, 0), np.uint8))
    overlay = placing.place_training(shown)
    assert overlay.spots == (None,) * 20
    assert "measured axes" in overlay.words
    kept.put(checkpoint, placing.CODES_KEY, {"codes": survey.codes[:15], "weights": survey.weights[:15]})
    overlay = placing.place_training(shown)
    assert [each is not None for each in overlay.spots] == [True] * 15 + [False] * 5
    first = overlay.spots[0]
    assert first is not None
    np.testing.assert_allclose((first.x, first.y), shown.xy[0], atol=1e-3)
    assert overlay.words == "The first 15 of 20 training examples are shown."


def test_points_of_another_model_are_refused(dungeon: LoadedModel, adventurers: LoadedModel) -> None:
    shown = maps.pca(Survey(dungeon), 32)
    points = points_of(adventurers.model, Survey(adventurers).requests(0, 1))  # type: ignore[arg-type]
    with pytest.raises(GenworldError):
        placing.of_points(shown, points)
