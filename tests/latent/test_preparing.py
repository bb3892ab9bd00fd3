"""What exploring needs, made beforehand and shipped with a model."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from linear import LATENTS, lines, loaded

from genworld import paths, sampling
from genworld.datasets import Dataset
from genworld.errors import GenworldError
from genworld.latent import directions, examples, kept, learned, maps, placing, preparing, survey, umaps
from genworld.latent.direction import Directions, Hidden
from genworld.latent.locating import located
from genworld.latent.maps import Method
from genworld.latent.survey import Survey
from genworld.measure import Symmetry
from genworld.sampling import LoadedModel

STAND_IN = """
import sys
from pathlib import Path
import numpy as np
folder = Path(sys.argv[-1])
print("9 9", flush=True)
np.save(folder / "xy.npy", np.load(folder / "features.npy")[:, :2])
"""


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LoadedModel:
    """A model of which everything is quickly prepared."""
    survey._recent.clear()
    umaps._runs.clear()
    script = tmp_path / "stand_in.py"
    script.write_text(STAND_IN, encoding="utf-8")
    monkeypatch.setattr(umaps, "RUNNER", (str(script),))
    monkeypatch.setattr(directions, "SAMPLES", 48)
    found = Directions((), (Hidden("Height", 0.1),), lines(np.zeros((0, LATENTS))))
    monkeypatch.setattr(directions, "directions_of", lambda loaded, told: found)
    return loaded(tmp_path / "linear", ("hat", "belt"), digest="c" * 64)


def test_a_latent_model_is_measured_fitted_and_placed(model: LoadedModel) -> None:
    told: list[tuple[str, int, int]] = []
    found = preparing.prepare(model, count=20, method=Method.UMAP, told=lambda *step: told.append(step))
    assert found.measured == 48
    assert found.hidden == (Hidden("Height", 0.1),)
    assert found.shares is not None
    assert found.shares[0] >= found.shares[1]
    assert 0 < found.empty < 1
    assert umaps.known(Survey(model), 20) is not None
    assert ("samples measured", 48, 48) in told
    assert told[-1][0] == "UMAP"
    assert Survey(model).measured == 48, "the next start reads what was measured"


def test_one_without_latents_is_measured(chain: LoadedModel) -> None:
    found = preparing.prepare(chain, count=16, method=Method.MEASURED, told=lambda *step: None)
    assert (found.shares, found.shown, found.hidden) == (None, (), ())
    assert found.axes == ("Open", "Longest way")
    assert ("Open", 1.0) in found.described
    with pytest.raises(GenworldError, match="no latent space"):
        preparing.prepare(chain, count=16, method=Method.PCA, told=lambda *step: None)


def test_what_ships_is_read_before_anything_else(model: LoadedModel) -> None:
    preparing.prepare(model, count=20, method=Method.UMAP, told=lambda *step: None)
    sprites = [sampling.render(model.model, Survey(model).request(index)) for index in range(6)]
    examples.keep(model.checkpoint, sprites, np.zeros((6, 2), np.uint8))
    files = preparing.ship(model, 20)
    assert {file.parent for file in files} == {model.checkpoint.folder / kept.FOLDER}
    shutil.rmtree(paths.home() / kept.FOLDER)
    assert examples.of(model.checkpoint) == tuple(sprites)
    assert Survey(model).measured == 48
    assert umaps.known(Survey(model), 20) is not None


def test_examples_are_located_where_they_came_from(model: LoadedModel) -> None:
    drawn = Survey(model)
    drawn.draw(1_060)
    new = slice(1_040, 1_050)
    sprites = model.model.sample(drawn.requests(new.start, new.stop))
    codes, weights = located(drawn, sprites, lambda done, total: None)
    assert codes.shape == (10, drawn.codes.shape[1])
    assert weights.shape == (10, 2)
    np.testing.assert_allclose(codes[:, :2], drawn.codes[new, :2], atol=0.2)


def test_levels_are_located_nearer_than_the_likest_sample(
    dungeon: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = Survey(dungeon)
    drawn.draw(1_060)
    levels = dungeon.model.sample(drawn.requests(1_040, 1_044))
    codes, _ = located(drawn, levels, lambda done, total: None)
    shown = maps.pca(drawn, 1_050)
    away = np.linalg.norm(shown.placed(codes, drawn.weights[:4]) - shown.xy[1_040:1_044], axis=1)
    others = np.linalg.norm(shown.xy[:4] - shown.xy[1_040:1_044], axis=1)
    assert away.mean() < others.mean() / 2


def test_examples_of_a_gan_are_kept_with_their_codes(dungeon: LoadedModel, tmp_path: Path) -> None:
    model = LoadedModel(replace(dungeon.checkpoint, folder=tmp_path), dungeon.model)
    levels = dungeon.model.sample(Survey(dungeon).requests(0, 3))
    source = dungeon.checkpoint.manifest.run.data
    data = Dataset("rooms", model.checkpoint.spec, tuple(levels), np.zeros((3, 0), np.uint8), ("",) * 3, source)
    preparing.keep_examples(model, data, lambda *step: None)
    prints = learned.of(model.checkpoint)
    assert prints is not None
    assert prints.find(np.stack([level.tiles for level in levels]), Symmetry.NONE).exact.all()
    overlay = placing.place_training(maps.pca(Survey(model), 32))
    assert len(overlay.spots) == 3
    assert all(overlay.spots)
