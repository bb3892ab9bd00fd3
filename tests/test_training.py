"""Training: windows, provenance, stopping and going on."""

from __future__ import annotations

import signal
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from genworld import checkpoint, training
from genworld.content import Level
from genworld.datasets import Dataset, open_dataset
from genworld.errors import GenworldError
from genworld.measure import appraisal
from genworld.models.base import Progress
from genworld.training import Cuts, Training

SMALL = {"steps": 6, "batch": 4, "channels": 8, "most_channels": 16, "style_dim": 16, "latent_dim": 8}


@pytest.fixture(scope="module")
def rooms() -> Dataset:
    return open_dataset("builtin:dungeon", count=6, size=20)


def many_sizes(data: Dataset) -> Dataset:
    """The same levels, the first of them narrower."""
    first = data.levels[0]
    levels = (Level(first.tiles[:, :18], first.legend), *data.levels[1:])
    return replace(data, examples=levels, spec=replace(data.spec, height=None, width=None))


def test_a_family_of_any_size_learns_whole_levels(rooms: Dataset) -> None:
    assert training.lessons(many_sizes(rooms), "markov") is not None
    assert training.lessons(many_sizes(rooms), "markov").spec.height is None


def test_levels_of_many_sizes_are_cut_where_one_size_is_needed(rooms: Dataset) -> None:
    lessons = training.lessons(many_sizes(rooms), "vae")
    assert (lessons.spec.height, lessons.spec.width) == (16, 16)
    assert {example.tiles.shape for example in lessons.levels} == {(16, 16)}


def test_levels_of_one_size_stay_whole_unless_windows_are_asked_for(rooms: Dataset) -> None:
    assert training.lessons(rooms, "vae") is rooms
    assert training.lessons(rooms, "vae", 12).spec.height == 12


def test_windows_of_nearly_one_tile_are_left_out(rooms: Dataset) -> None:
    empty = Level(np.zeros((20, 20), dtype=np.uint8), rooms.levels[0].legend)
    data = replace(rooms, examples=(empty, *rooms.levels[1:]))
    kept = training.cut(data, "vae", 16)
    assert 0 < len(kept) < len(data.windows(16, 16, 4))
    assert all(np.bincount(level.tiles.reshape(-1)).max() < 0.9 * 256 for level in kept.levels)


def test_a_family_that_counts_sees_each_cell_once(rooms: Dataset) -> None:
    large = open_dataset("builtin:dungeon", count=2, size=32)
    assert len(training.lessons(large, "markov", 16)) <= 2 * 4 < len(training.lessons(large, "vae", 16))


def test_only_plain_levels_are_better_than_none(rooms: Dataset) -> None:
    empty = Level(np.zeros((20, 20), dtype=np.uint8), rooms.levels[0].legend)
    assert len(training.cut(rooms.take([0]), "vae", 16)) > 0
    assert len(training.cut(replace(rooms.take([0]), examples=(empty,)), "vae", 16)) == 4


@pytest.mark.parametrize("window", [7, 65, 12.5, float("nan")])
def test_a_window_out_of_range_is_refused(rooms: Dataset, window: int) -> None:
    with pytest.raises(GenworldError, match="window"):
        training.lessons(rooms, "vae", window)


def test_the_checkpoint_tells_how_it_was_made(rooms: Dataset, tmp_path: Path) -> None:
    run = training.begin(rooms, "vae", SMALL, seed=3, command="genworld train rooms", device="cpu")
    steps = [progress.step for progress in run]
    made = run.save(tmp_path / "rooms").manifest
    assert steps == [1, 2, 3, 4, 5, 6]
    assert (made.run.steps, made.run.seed, made.run.examples, made.run.command) == (6, 3, 6, "genworld train rooms")
    assert made.run.data == rooms.source
    assert made.run.seconds > 0
    assert made.run.torch
    assert made.run.genworld


def test_going_on_gives_what_one_long_run_gives(rooms: Dataset, tmp_path: Path) -> None:
    whole = training.begin(rooms, "vae", SMALL, seed=1, device="cpu")
    list(whole)
    part = training.begin(rooms, "vae", SMALL, seed=1, device="cpu")
    for progress in part:
        if progress.step == 2:
            break
    assert not part.finished
    stopped = part.save(tmp_path / "part")
    again = training.go_on(stopped, rooms, device="cpu")
    assert [progress.step for progress in again] == [3, 4, 5, 6]
    assert again.finished
    assert again.save(tmp_path / "part").digest == whole.save(tmp_path / "whole").digest


def test_going_on_cuts_the_same_windows(rooms: Dataset, tmp_path: Path) -> None:
    run = training.begin(rooms, "vae", SMALL, seed=1, cuts=training.Cuts(window=16), device="cpu")
    next(iter(run))
    saved = run.save(tmp_path / "windows")
    again = training.go_on(saved, rooms, changes={"steps": 7}, device="cpu")
    assert again.data.digest == run.data.digest
    assert [progress.total for progress in again][-1] == 7


def test_what_is_held_out_is_not_learned_but_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appraisal, "DISTINCT", 50)
    data = open_dataset("builtin:dungeon", count=60, size=16)
    run = training.begin(data, "markov", {}, seed=0, cuts=Cuts(hold_out=0.25))
    list(run)
    assert run.held_out is not None
    assert len(run.data) + len(run.held_out) == 60
    assert not {each.digest for each in run.data.examples} & {each.digest for each in run.held_out.examples}
    saved = run.save(tmp_path / "rooms")
    assert saved.manifest.run.hold_out == 0.25
    report = run.appraise()
    assert report is not None
    assert report["TPKL"].ceiling is not None
    again = training.go_on(saved, data)
    assert again.held_out is not None
    assert (again.data.digest, again.held_out.digest) == (run.data.digest, run.held_out.digest)


@pytest.mark.parametrize("cuts", [Cuts(hold_out=0.9), Cuts(hold_out=float("nan")), Cuts(16, least_open=float("nan"))])
def test_shares_out_of_range_are_refused(rooms: Dataset, cuts: Cuts) -> None:
    with pytest.raises(GenworldError, match="share"):
        training.begin(rooms, "markov", {}, seed=0, cuts=cuts)


def test_nothing_is_measured_where_nothing_was_held_out(rooms: Dataset) -> None:
    run = training.begin(rooms, "markov", {}, seed=0)
    list(run)
    assert run.appraise() is None


def test_going_on_with_other_data_is_refused(rooms: Dataset, tmp_path: Path) -> None:
    run = training.begin(rooms, "vae", SMALL, seed=1, device="cpu")
    next(iter(run))
    saved = run.save(tmp_path / "rooms")
    with pytest.raises(GenworldError, match="other examples"):
        training.go_on(saved, open_dataset("builtin:dungeon", count=6, size=20, seed=9))


def test_going_on_without_state_is_refused(rooms: Dataset, tmp_path: Path) -> None:
    run = training.begin(rooms, "vae", SMALL, seed=1, device="cpu")
    next(iter(run))
    saved = run.save(tmp_path / "rooms", resumable=False)
    assert saved.manifest.resume is None
    with pytest.raises(GenworldError, match="no training state"):
        training.go_on(saved, rooms)


def test_nothing_is_saved_before_a_step(rooms: Dataset, tmp_path: Path) -> None:
    run = training.begin(rooms, "markov", {}, seed=0)
    with pytest.raises(GenworldError, match="nothing to save"):
        run.save(tmp_path / "rooms")
    assert not (tmp_path / "rooms").exists()


def test_a_figure_that_is_not_finite_ends_the_run(rooms: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    run = training.begin(rooms, "markov", {}, seed=0)
    steps = [Progress(1, 9, {"loss": 2.0}, dict), Progress(2, 9, {"loss": float("nan")}, dict)]
    monkeypatch.setattr(run.model, "fit", lambda *_, **__: iter(steps))
    with pytest.raises(GenworldError, match="step 2"):
        list(run)
    assert run.last is not None
    assert run.last.step == 1


def test_weights_that_are_not_finite_are_not_saved(rooms: Dataset, tmp_path: Path) -> None:
    run = training.begin(rooms, "vae", SMALL, seed=1, device="cpu")
    next(iter(run))
    next(run.model.parameters()).data[0] = float("inf")
    with pytest.raises(GenworldError, match="not finite"):
        run.save(tmp_path / "rooms")
    assert not (tmp_path / "rooms" / checkpoint.MANIFEST).exists()


def test_ctrl_c_is_heard_once_and_then_means_what_it_meant_before() -> None:
    before = signal.getsignal(signal.SIGINT)
    with training.interruptible() as stop:
        assert signal.getsignal(signal.SIGINT) is not before
        signal.raise_signal(signal.SIGINT)
        assert stop.is_set()
        assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_is_as_before_afterwards() -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    with training.interruptible() as stop:
        pass
    assert not stop.is_set()
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


def test_the_clock_of_a_run_counts_steps_alone(blots: Dataset) -> None:
    run = training.begin(blots, "vae", SMALL, seed=0, device="cpu")
    assert isinstance(run, Training)
    assert run.run().seconds == 0
    list(run)
    assert 0 < run.run().seconds < 60


def test_settings_may_change_where_the_networks_stay_as_they_are(rooms: Dataset, tmp_path: Path) -> None:
    run = training.begin(rooms, "vae", SMALL, seed=1, command="genworld train rooms", device="cpu")
    list(run)
    saved = run.save(tmp_path / "rooms")
    total = run.last.total + 2 if run.last else 0
    changes = {"steps": str(total), "learning_rate": "0.0005"}
    again = training.go_on(saved, rooms, changes=changes, command="genworld train rooms --resume", device="cpu")
    list(again)
    more = again.save(tmp_path / "rooms")
    assert more.manifest.config["learning_rate"] == 0.0005
    assert more.manifest.run.steps == total
    assert more.manifest.run.command == "genworld train rooms && genworld train rooms --resume"
    with pytest.raises(GenworldError, match="channels would change the networks"):
        training.go_on(more, rooms, changes={"channels": 16})
