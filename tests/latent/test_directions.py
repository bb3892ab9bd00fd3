"""Sliders of a model whose picture is linear in its code: what they read, what they move, what they leave."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from linear import SIDE, loaded

from genworld import sampling
from genworld.errors import GenworldError
from genworld.latent import directions, kept, responses, survey, teaching
from genworld.latent.directions import directions_of
from genworld.latent.moves import moved, positions, randomised
from genworld.latent.response import response
from genworld.measure.attributes import attributes_of, measured
from genworld.models.point import Point, codes_of
from genworld.sampling import LoadedModel

BRIGHT, RED = "attribute:brightness", "attribute:warmth"


@pytest.fixture(scope="module", autouse=True)
def anew() -> Iterator[None]:
    """Fitted once for all tests that do not fit anew themselves, and for no others."""
    _forget()
    yield
    _forget()


def _forget() -> None:
    directions._recent.clear()
    survey._recent.clear()


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LoadedModel:
    monkeypatch.setattr(directions, "SAMPLES", 800)
    monkeypatch.setattr(directions, "TURNS", 1)
    monkeypatch.setattr(responses, "TRIED", 64)
    monkeypatch.setattr(teaching, "STEPS", 400)
    return loaded(tmp_path / "linear", ("hat", "belt"))


@pytest.fixture
def point(model: LoadedModel) -> Point:
    return survey.of(model).point(5)


def test_attributes_that_the_code_tells_are_shown_and_others_hidden(model: LoadedModel) -> None:
    _forget()
    steps: list[tuple[int, int]] = []
    found = directions_of(model, lambda done, total: steps.append((done, total)))
    assert found[BRIGHT].score > 0.95
    assert found[BRIGHT].holds > 0.95
    assert (found[BRIGHT].less, found[BRIGHT].more) == ("darker", "brighter")
    hidden = {each.title: each for each in found.hidden}
    assert hidden["Height"].score == 0
    assert all(each.score < directions.LEAST or each.holds < directions.HOLDS for each in found.hidden)
    assert steps[-1][0] == steps[-1][1]


def test_parts_are_read_off_where_the_code_tells_them(model: LoadedModel) -> None:
    found = directions_of(model)
    assert found["part:hat"].score > 0.8
    assert (found["part:hat"].less, found["part:hat"].more) == ("no hat", "hat")
    assert "Belt" in [each.title for each in found.hidden]


def test_principal_directions_beat_noise(model: LoadedModel) -> None:
    found = directions_of(model)
    principal = [row for row, each in enumerate(found.shown) if each.group == "principal"]
    assert len(principal) == 1
    assert abs(found.reading.skip[principal[0]]).argmax() == 2  # where the hat moves the code


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
    back = positions(model, moved(model, moved(model, point, BRIGHT, 2.0), BRIGHT, before[BRIGHT]))
    assert back[BRIGHT] == pytest.approx(before[BRIGHT], abs=1e-4)
    assert back == pytest.approx(before, abs=0.25)  # the others answer unevenly along the way


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
    code = codes_of(model.model, [point])[0].double().numpy()  # type: ignore[arg-type]
    step = found.reading.steps(code)[0, found.rows([BRIGHT])[0]]
    upper, lower = 3 * abs(step[0]), abs(step[1])
    np.testing.assert_allclose(map_[:4], upper / max(upper, lower), rtol=1e-4)
    np.testing.assert_allclose(map_[4:], lower / max(upper, lower), rtol=1e-4)


def test_directions_are_the_same_on_the_next_start(model: LoadedModel, point: Point) -> None:
    _forget()
    first, before = directions_of(model), positions(model, point)
    assert kept.get(model.checkpoint, directions.KEY) is not None
    directions._recent.clear()
    again = directions_of(model, lambda done, total: pytest.fail("it was fitted once more"))
    assert again is not first
    assert [each.id for each in again.shown] == [each.id for each in first.shown]
    assert [(each.title, each.why) for each in again.hidden] == [(each.title, each.why) for each in first.hidden]
    assert positions(model, point) == before


def test_kept_directions_of_other_shapes_are_fitted_anew(model: LoadedModel) -> None:
    _forget()
    kept.put(model.checkpoint, directions.KEY, {"ids": kept.from_text(("part:cape",))})
    assert directions_of(model)[BRIGHT].score > 0.95


def test_families_without_a_latent_space_say_so(chain: LoadedModel) -> None:
    with pytest.raises(GenworldError, match="no latent space"):
        directions_of(chain)


def test_a_slider_that_does_not_move_what_it_says_is_hidden(
    model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    _forget()
    monkeypatch.setattr(responses, "holding", lambda looking, reading, row, chosen: 0.85)
    hidden = {each.title: each.why for each in directions_of(model).hidden}
    assert hidden["Brightness"].endswith("moves as stated in 85% of samples")
    assert BRIGHT not in positions(model, survey.of(model).point(0))
    _forget()


def test_what_stands_at_the_end_of_a_scale_is_told_as_there(model: LoadedModel, point: Point) -> None:
    reading = directions_of(model).reading
    row = directions_of(model).rows([BRIGHT])[0]
    far = moved(model, point, BRIGHT, 6.0)
    assert positions(model, far)[BRIGHT] == pytest.approx(reading.high[row])
    assert positions(model, moved(model, far, BRIGHT, 0.0))[BRIGHT] == pytest.approx(0.0, abs=1e-4)


def test_kept_sliders_do_not_wait_for_the_fit_of_another_model(adventurers: LoadedModel) -> None:
    directions._recent.clear()
    with ThreadPoolExecutor(1) as pool, directions._fitting:  # somebody fits
        assert pool.submit(directions.directions_of, adventurers).result(timeout=60).shown
