"""Surveys: the samples of a stream in bulk, whoever asks and in whichever order."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
import torch
from linear import LATENTS, Linear, loaded

from genworld import sampling
from genworld.errors import GenworldError
from genworld.latent import survey
from genworld.latent.survey import Survey, Wanted
from genworld.measure.attributes import measured
from genworld.models.base import SampleRequest
from genworld.models.point import codes_of
from genworld.sampling import LoadedModel


@pytest.fixture
def model(tmp_path: Path) -> LoadedModel:
    return loaded(tmp_path / "linear", ("hat", "belt"))


def test_codes_and_weights_are_those_of_the_samples(model: LoadedModel) -> None:
    wanted = Survey(model, Wanted(seed=3, condition=("hat",), variety=0.5))
    wanted.draw(700)
    assert wanted.count == 700
    assert wanted.codes.shape == (700, LATENTS)
    assert wanted.weights.shape == (700, 2)
    assert wanted.request(600) == SampleRequest(3, 600, ("hat",), 0.5)
    assert isinstance(model.model, Linear)
    code, weights = codes_of(model.model, [wanted.point(600)])
    np.testing.assert_allclose(wanted.codes[600], code[0], rtol=1e-6)
    np.testing.assert_array_equal(wanted.weights[600], weights[0])
    assert (wanted.weights[:, 0] == 1).all()


def test_what_is_measured_is_what_the_samples_look_like(model: LoadedModel) -> None:
    wanted = Survey(model)
    steps: list[tuple[int, int]] = []
    attributes, playable = wanted.measure(70, lambda done, total: steps.append((done, total)))
    examples = model.model.sample(wanted.requests(0, 70))
    np.testing.assert_allclose(attributes, measured(examples, model.model.spec), rtol=1e-5)
    assert (playable == -1).all()
    assert steps[-1] == (70, 70)
    assert len(steps) > 1
    assert wanted.measured == 70


def test_two_at_once_get_the_same(model: LoadedModel) -> None:
    shared, alone = Survey(model), Survey(model)
    alone.measure(300)
    threads = [threading.Thread(target=shared.measure, args=(count,)) for count in (300, 150, 290)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    np.testing.assert_array_equal(shared.attributes, alone.attributes)
    np.testing.assert_array_equal(shared.codes, alone.codes)


def test_who_asks_for_the_same_gets_the_same_survey(model: LoadedModel) -> None:
    assert survey.of(model) is survey.of(model, Wanted(variety=1.0))
    assert survey.of(model) is not survey.of(model, Wanted(seed=1))


@pytest.mark.parametrize(
    "wanted", [Wanted(seed=-1), Wanted(condition=("cape",)), Wanted(variety=9.0), Wanted(size=(4, 4))]
)
def test_what_no_model_serves_is_refused_in_words(model: LoadedModel, wanted: Wanted) -> None:
    with pytest.raises(GenworldError):
        survey.of(model, wanted)


def test_a_survey_has_a_bound(model: LoadedModel) -> None:
    with pytest.raises(GenworldError, match="20000"):
        Survey(model).draw(survey.MOST + 1)


def test_work_ends_when_whoever_watches_says_so(model: LoadedModel) -> None:
    class Stop(Exception):  # noqa: N818
        pass

    def stop(done: int, total: int) -> None:
        raise Stop

    wanted = Survey(model)
    with pytest.raises(Stop):
        wanted.measure(400, stop)
    assert 0 < wanted.measured < 400
    assert len(wanted.measure(400)[0]) == 400


def test_figures_are_kept_for_the_next_start(model: LoadedModel) -> None:
    first = Survey(model)
    first.measure(40)
    first.keep()
    again = Survey(model)
    assert again.measured == 40
    np.testing.assert_array_equal(again.attributes, first.attributes)
    attributes, playable = again.measure(60)
    assert attributes.shape[0] == len(playable) == again.count == 60
    assert Survey(model, Wanted(seed=1)).measured == 0


def test_families_without_a_latent_space_are_measured_too(chain: LoadedModel) -> None:
    wanted = Survey(chain, Wanted(size=(8, 8)))
    attributes, playable = wanted.measure(3)
    assert wanted.codes.shape == (0, 0)
    assert wanted.count == 3
    canonical = [sampling.render(chain.model, wanted.request(index)) for index in range(3)]
    np.testing.assert_array_equal(attributes, measured(canonical, chain.model.spec))
    assert set(playable) <= {-1, 0, 1}
    with pytest.raises(GenworldError, match="no latent space"):
        wanted.point(0)


def test_bulk_leaves_the_threads_as_they_are() -> None:
    before = torch.get_num_threads()
    with sampling.bulk():
        assert torch.get_num_threads() == before
        assert torch.is_inference_mode_enabled()
