"""Sliders of a model whose picture is linear in its code: what they read, what they move, what they leave."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from linear import SIDE, loaded

from genworld import sampling
from genworld.errors import GenworldError
from genworld.latent import directions, kept, survey
from genworld.latent.directions import directions_of
from genworld.latent.moves import moved, positions, randomised
from genworld.latent.response import response
from genworld.measure.attributes import attributes_of, measured
from genworld.models.point import Point, codes_of
from genworld.sampling import LoadedModel

BRIGHT, RED = "attribute:brightness", "attribute:warmth"


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LoadedModel:
    monkeypatch.setattr(directions, "SAMPLES", 800)
    directions._recent.clear()
    survey._recent.clear()
    return loaded(tmp_path / "linear", ("hat", "belt"))


@pytest.fixture
def point(model: LoadedModel) -> Point:
    return survey.of(model).point(5)


def test_attributes_that_the_code_tells_are_shown_and_others_hidden(model: LoadedModel) -> None:
    steps: list[tuple[int, int]] = []
    found = directions_of(model, lambda done, total: steps.append((done, total)))
    assert found[BRIGHT].score > 0.95
    assert found[BRIGHT].holds > 0.95
    assert (found[BRIGHT].less, found[BRIGHT].more) == ("darker", "brighter")
    hidden = dict(found.hidden)
    assert hidden["Height"] == 0
    assert all(score < directions.LEAST for score in hidden.values())
    assert steps[-1][0] == steps[-1][1]


def test_parts_are_read_off_where_the_code_tells_them(model: LoadedModel) -> None:
    found = directions_of(model)
    assert found["part:hat"].score > 0.8
    assert (found["part:hat"].less, found["part:hat"].more) == ("no hat", "hat")
    assert "Belt" in dict(found.hidden)


def test_principal_directions_beat_noise(model: LoadedModel) -> None:
    principal = [each for each in directions_of(model).shown if each.group == "principal"]
    assert len(principal) == 1
    assert abs(principal[0].readout).argmax() == 2  # where the hat moves the code


def test_the_picture_goes_where_the_slider_says(model: LoadedModel, point: Point) -> None:
    column = [each.name for each in attributes_of(model.model.spec)].index("brightness")
    looks = [
        measured([sampling.at(model.model, moved(model, point, BRIGHT, to))], model.model.spec)[0, column]  # type: ignore[arg-type]
        for to in (-2.0, -1.0, 0.0, 1.0, 2.0)
    ]
    assert (np.diff(looks) > 0).all()


def test_a_slider_comes_to_stand_where_it_was_put(model: LoadedModel, point: Point) -> None:
    there = moved(model, point, BRIGHT, 1.5)
    assert positions(model, there)[BRIGHT] == pytest.approx(1.5, abs=1e-4)
    assert moved(model, there, BRIGHT, positions(model, there)[BRIGHT]) is there


def test_moves_are_reversible(model: LoadedModel, point: Point) -> None:
    before = positions(model, point)
    back = moved(model, moved(model, point, BRIGHT, 3.0), BRIGHT, before[BRIGHT])
    assert positions(model, back) == pytest.approx(before, abs=1e-4)


def test_locked_sliders_stay(model: LoadedModel, point: Point) -> None:
    before = positions(model, point)
    after = positions(model, moved(model, point, BRIGHT, 2.0, {RED, "part:hat"}))
    assert after[BRIGHT] == pytest.approx(2.0, abs=1e-4)
    for key in (RED, "part:hat"):
        assert after[key] == pytest.approx(before[key], abs=1e-4)


def test_locks_that_leave_no_way_are_told_in_words(model: LoadedModel, point: Point) -> None:
    hat = next(each for each in directions_of(model).shown if each.group == "principal")
    with pytest.raises(GenworldError, match=r"cannot move while .* locked.*unlock"):
        moved(model, point, "part:hat", 2.0, {hat.id, *(each.id for each in directions_of(model).shown)})


@pytest.mark.parametrize("to", [6.1, -7, float("nan"), float("inf"), "2", None])
def test_positions_have_bounds(model: LoadedModel, point: Point, to: object) -> None:
    with pytest.raises(GenworldError, match="position of a slider"):
        moved(model, point, BRIGHT, to)  # type: ignore[arg-type]


def test_an_unknown_slider_is_told_with_the_nearest(model: LoadedModel, point: Point) -> None:
    with pytest.raises(GenworldError, match="attribute:brightness"):
        moved(model, point, "attribute:brightnes", 1.0)
    with pytest.raises(GenworldError, match="direction"):
        moved(model, point, BRIGHT, 1.0, {"part:cape"})


def test_a_random_point_keeps_what_is_locked(model: LoadedModel, point: Point) -> None:
    before = positions(model, point)
    fresh = randomised(model, point, 7, {BRIGHT})
    assert fresh == randomised(model, point, 7, {BRIGHT})
    assert fresh != randomised(model, point, 8, {BRIGHT})
    assert positions(model, fresh)[BRIGHT] == pytest.approx(before[BRIGHT], abs=1e-4)
    assert (fresh.weights == point.weights).all()
    free = randomised(model, point, 7)
    assert not len(free.shift)
    assert positions(model, free)[BRIGHT] != pytest.approx(before[BRIGHT], abs=1e-2)


def test_the_response_is_where_the_picture_changes(model: LoadedModel, point: Point) -> None:
    found = directions_of(model)
    map_ = response(model, point, BRIGHT)
    assert map_.shape == (SIDE, SIDE)
    step = found[BRIGHT].step
    upper, lower = 3 * abs(step[0]), abs(step[1])
    np.testing.assert_allclose(map_[:4], upper / max(upper, lower), rtol=1e-4)
    np.testing.assert_allclose(map_[4:], lower / max(upper, lower), rtol=1e-4)


def test_directions_are_the_same_on_the_next_start(model: LoadedModel, point: Point) -> None:
    first, before = directions_of(model), positions(model, point)
    assert kept.get(model.checkpoint, directions.KEY) is not None
    directions._recent.clear()
    again = directions_of(model, lambda done, total: pytest.fail("it was fitted once more"))
    assert again is not first
    assert [each.id for each in again.shown] == [each.id for each in first.shown]
    assert again.hidden == first.hidden
    assert positions(model, point) == before


def test_kept_directions_of_other_shapes_are_fitted_anew(model: LoadedModel) -> None:
    kept.put(model.checkpoint, directions.KEY, {"ids": kept.from_text(("part:cape",))})
    assert directions_of(model)[BRIGHT].score > 0.95


def test_families_without_a_latent_space_say_so(chain: LoadedModel) -> None:
    with pytest.raises(GenworldError, match="no latent space"):
        directions_of(chain)


def test_codes_of_a_moved_point_differ_by_the_step(model: LoadedModel, point: Point) -> None:
    found = directions_of(model)[BRIGHT]
    start = positions(model, point)[BRIGHT]
    codes, _ = codes_of(model.model, [point, moved(model, point, BRIGHT, start + 1)])  # type: ignore[arg-type]
    np.testing.assert_allclose((codes[1] - codes[0]).numpy(), found.step, atol=1e-4)
