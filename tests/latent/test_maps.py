"""Maps: places, the way back from them, and how far what was made there is from what is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from linear import LATENTS, Linear, loaded
from torch import Tensor

from genworld import sampling
from genworld.errors import GenworldError
from genworld.latent import maps
from genworld.latent.latent_map import FITTED, Projection
from genworld.latent.map import Made, spacing
from genworld.latent.maps import Method
from genworld.latent.survey import Survey
from genworld.measure.attributes import measured
from genworld.models.base import LatentModel
from genworld.models.point import codes_of
from genworld.provenance import LatentOrigin
from genworld.sampling import LoadedModel
from genworld.seeding import numpy_stream


class Lifted(Linear):
    """Features are longer than the code and depend on the class."""

    lift = torch.from_numpy(numpy_stream(0, "lift").normal(size=(LATENTS + 2, 11)).astype(np.float32))

    def features(self, code: Tensor, condition: Tensor) -> Tensor:
        return torch.cat([code, condition], dim=1) @ self.lift


@pytest.fixture
def model(tmp_path: Path) -> LoadedModel:
    return loaded(tmp_path / "linear", ("hat", "belt"))


@pytest.fixture
def lifted(model: LoadedModel) -> LoadedModel:
    return LoadedModel(model.checkpoint, Lifted(("hat", "belt")).eval())


def _place(shown: maps.LatentMap, made: Made) -> np.ndarray:
    """Where a made sample truly lies."""
    assert isinstance(made.sampled.origin, LatentOrigin)
    assert isinstance(shown.loaded.model, LatentModel)
    code, weights = codes_of(shown.loaded.model, [sampling.told_point(made.sampled.origin)])
    return shown.placed(code.numpy(), weights.numpy())[0]


# -- principal axes


def test_principal_axes_are_those_of_the_variance() -> None:
    random = numpy_stream(0, "stretched")
    features = random.normal(size=(500, 5)) * (1, 9, 2, 5, 1) + 3
    found = Projection.of(features.astype(np.float32))
    assert abs(found.axes[0, 1]) > 0.99
    assert abs(found.axes[1, 3]) > 0.99
    assert found.axes[0, 1] > 0, "the largest entry is positive"
    assert found.shares[0] == pytest.approx(81 / 112, abs=0.03)
    assert found.shares[1] == pytest.approx(25 / 112, abs=0.03)
    np.testing.assert_allclose(found.axes @ found.axes.T, np.eye(2), atol=1e-6)


def test_a_mirrored_start_gives_the_same_signs() -> None:
    features = numpy_stream(0, "signs").normal(size=(300, 4)).astype(np.float32)
    one, other = Projection.of(features), Projection.of(np.concatenate([features[::-1]]))
    np.testing.assert_allclose(one.axes, other.axes, atol=1e-5)


def test_a_larger_map_leaves_every_place_as_it_is(model: LoadedModel) -> None:
    small, large = maps.pca(Survey(model), 100), maps.pca(Survey(model), FITTED + 50)
    np.testing.assert_allclose(small.xy, large.xy[:100], atol=1e-5)
    assert large.count == FITTED + 50


@pytest.mark.parametrize("kind", ["model", "lifted"])
def test_the_way_back_is_exact(kind: str, request: pytest.FixtureRequest) -> None:
    shown = maps.pca(Survey(request.getfixturevalue(kind)), 200)
    for x, y in ((0.3, -0.2), (9.0, 4.0), (-30.0, 25.0)):
        made = shown.at(x, y)
        np.testing.assert_allclose(_place(shown, made), (x, y), atol=1e-3)
        assert (made.x, made.y, made.missed) == (x, y, 0)
        assert made.distance == pytest.approx(shown.nearest(x, y)[1])


def test_what_other_dimensions_have_stays(model: LoadedModel) -> None:
    shown = maps.pca(Survey(model), 200)
    point = shown.point(4.0, 4.0)
    away = np.linalg.norm(point.shift - shown.projection.axes.T @ (shown.projection.axes @ point.shift))
    assert away < 1e-4, "only what the axes see was moved"


def test_a_known_place_gives_the_known_sample(model: LoadedModel) -> None:
    survey = Survey(model)
    shown = maps.pca(survey, 200)
    made = shown.at(*map(float, shown.xy[17]))
    assert made.nearest == 17
    assert made.distance == 0
    assert made.words == "A known sample."
    assert made.sampled.example == sampling.render(model.model, survey.request(17))


# -- distances


def test_how_far_reads_as_multiples_of_how_far_samples_are_from_each_other(model: LoadedModel) -> None:
    shown = maps.pca(Survey(model), 200)
    made = shown.at(100.0, 0.0)
    assert made.times == pytest.approx(made.distance / shown.spacing)
    assert "times as far from the nearest known sample" in made.words


def test_spacing_is_the_median_to_the_nearest_other_place() -> None:
    grid = np.stack(np.meshgrid(np.arange(9.0), np.arange(7.0)), axis=-1).reshape(-1, 2)
    assert spacing(grid) == 1
    assert spacing(np.concatenate([grid, grid])) == 1, "samples at one place are one place"
    assert spacing(np.concatenate([grid * 3, [[np.nan, 1.0]]])) == 3
    assert spacing(np.zeros((5, 2))) == 1, "no other place: any unit will do"


@pytest.mark.parametrize(
    ("times", "missed", "words"),
    [
        (0.4, 0.0, "Among known samples."),
        (3.21, 0.2, "3.2 times as far from the nearest known sample as samples are from each other."),
        (
            40,
            12.4,
            "Nothing was found here: the best lies 12 times as far away as samples are from each other. 40 times",
        ),
    ],
)
def test_words(model: LoadedModel, times: float, missed: float, words: str) -> None:
    sampled = next(sampling.sample(model, seed=0, count=1))
    assert Made(sampled, 0, 0, 0, times / 2, times, missed).words.startswith(words)


# -- UMAP's way back


def test_between_places_of_a_umap_lies_the_mean_of_codes(model: LoadedModel) -> None:
    survey = Survey(model)
    survey.draw(16)
    xy = np.full((16, 2), 1e6, np.float32)
    xy[:2] = ((0, 0), (1, 0))
    shown = maps.umap(survey, xy)
    code, _ = codes_of(shown.loaded.model, [shown.point(0.25, 0)])  # type: ignore[arg-type]
    np.testing.assert_allclose(code[0], 0.75 * survey.codes[0] + 0.25 * survey.codes[1], atol=1e-4)
    assert shown.at(1.0, 0.0).nearest == 1
    assert not len(shown.point(1.0, 0.0).shift), "a known place is the known sample"


def test_a_new_code_lies_among_its_neighbours(model: LoadedModel) -> None:
    survey = Survey(model)
    survey.draw(64)
    shown = maps.umap(survey, survey.codes[:, :2].copy())
    np.testing.assert_allclose(shown.placed(survey.codes[5:7], survey.weights[5:7]), shown.xy[5:7], atol=1e-3)


# -- measured axes


def test_measured_places_are_what_is_measured(model: LoadedModel) -> None:
    survey = Survey(model)
    shown = maps.measured(survey, 40, ("warmth", "brightness"))
    names = [each.name for each in survey.described]
    values = measured(model.model.sample(survey.requests(0, 40)), model.model.spec)
    np.testing.assert_allclose(shown.xy, values[:, [names.index("warmth"), names.index("brightness")]], rtol=1e-4)
    assert (shown.axes[0].name, shown.axes[1].more) == ("warmth", "brighter")


def test_the_search_ends_nearer_than_it_began(model: LoadedModel) -> None:
    shown = maps.measured(Survey(model), 60, ("brightness", "warmth"))
    x, y = np.nanmax(shown.xy, axis=0) * 1.1
    steps = list(shown.search(float(x), float(y), patience=1.0))
    assert steps[-1].missed < steps[0].missed
    last = steps[-1]
    again = measured([last.sampled.example], model.model.spec)
    assert (last.x, last.y) == tuple(map(float, again[0, shown.columns])), "what is told is what is seen"


def test_a_search_for_a_known_place_is_over_at_once(model: LoadedModel) -> None:
    shown = maps.measured(Survey(model), 60, ("brightness", "warmth"))
    (only,) = shown.search(*map(float, shown.xy[3]))
    assert only.missed == pytest.approx(0, abs=1e-3)
    assert only.nearest == 3


def test_one_step_counts_as_much_on_either_axis(model: LoadedModel) -> None:
    shown = maps.measured(Survey(model), 60, ("brightness", "warmth"))
    far = shown.distances(*map(float, shown.xy[0]), shown.xy[:1] + shown.scale.astype(np.float32))
    assert far[0] == pytest.approx(np.sqrt(2), rel=1e-3)


def test_empty_cells_are_counted(model: LoadedModel) -> None:
    found = maps.measured(Survey(model), 60, ("brightness", "warmth")).range(8)
    assert found.counts.shape == (8, 8)
    assert found.counts.sum() == 60
    assert (found.counts == 0).any()


def test_what_has_no_way_has_no_place(chain: LoadedModel) -> None:
    shown = maps.measured(Survey(chain), 16)
    shown.xy[2] = np.nan
    assert 2 not in shown.neighbours(*map(float, shown.xy[0]), 15)


def test_a_family_without_latents_searches_by_making_parts_anew(chain: LoadedModel) -> None:
    shown = maps.measured(Survey(chain), 16)
    x, y = np.nanmax(shown.xy, axis=0)
    steps = list(shown.search(float(x), float(y), patience=2.0))
    assert steps[0].sampled.origin.kind == "seed"
    assert steps[-1].missed <= steps[0].missed
    assert sampling.rerender(steps[-1].sampled.origin) == steps[-1].sampled.example


# -- what is asked for


def test_which_methods_a_model_has(model: LoadedModel, chain: LoadedModel) -> None:
    assert maps.methods(model) == tuple(Method)
    assert maps.methods(chain) == (Method.MEASURED,)
    assert maps.default_axes(chain.checkpoint.spec) == ("open", "way")
    assert maps.default_axes(model.checkpoint.spec) == ("brightness", "filled")


def test_preparing_goes_on_where_it_was(model: LoadedModel) -> None:
    survey = Survey(model)
    done = [maps.prepare(survey, Method.MEASURED, 100, patience=0) for _ in range(4)]
    assert [each[0] for each in done] == [32, 64, 96, 100]
    assert {each[1] for each in done} == {100}
    steps = [maps.prepare(survey, Method.PCA, 2000, patience=0) for _ in range(8)]
    assert steps[-1] == (2000, 2000)
    assert sorted(steps) == steps


@pytest.mark.parametrize("count", [3, 20_001, 2.5, "many", None])
def test_a_count_out_of_range_is_refused(model: LoadedModel, count: int) -> None:
    with pytest.raises(GenworldError, match=r"The number of samples of a map is a whole number from 16 to 20000"):
        maps.pca(Survey(model), count)


def test_axes_that_are_none_are_refused(model: LoadedModel) -> None:
    with pytest.raises(GenworldError, match=r"no attribute called 'brightnes'\. Did you mean 'brightness'"):
        maps.measured(Survey(model), 20, ("brightnes", "warmth"))
    with pytest.raises(GenworldError, match="two different axes"):
        maps.measured(Survey(model), 20, ("warmth", "warmth"))


def test_no_latent_space_is_told(chain: LoadedModel) -> None:
    with pytest.raises(GenworldError, match="has no latent space"):
        maps.pca(Survey(chain), 20)
