"""The course of a training: what it saves and shows, and that it may be stopped anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from genworld import checkpoint, replay
from genworld.datasets import Dataset, open_dataset
from genworld.errors import GenworldError
from genworld.measure import appraisal
from genworld.replay import Note
from genworld.training import Course, Cuts, Training, begin, go_on
from genworld.training.course import Phase
from genworld.training.watch import Looked, Watch

SMALL: dict[str, Any] = {
    "steps": 8,
    "batch": 4,
    "channels": 8,
    "most_channels": 16,
    "style_dim": 16,
    "latent_dim": 8,
    "preview_every": 0,
}
ALWAYS = (0.0, 0.0)


@pytest.fixture(autouse=True)
def few_distinct(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten thousand samples of each model would take longer than all else here."""
    monkeypatch.setattr(appraisal, "DISTINCT", 50)


def training(data: Dataset, family: str = "vae", hold_out: float = 0.0, **settings: Any) -> Training:
    return begin(data, family, SMALL | settings, seed=2, cuts=Cuts(hold_out=hold_out), device="cpu")


@dataclass
class Strict:
    """A watch that looks after every step, finds step 3 best, and stops at `last`."""

    last: int = 99
    seen: list[int] = field(default_factory=list)

    def due(self, step: int, seconds: float = 0.0) -> bool:
        return True

    def look(self, step: int) -> Looked:
        self.seen.append(step)
        notes = [Note(step, "stopped", "Enough.")] if step == self.last else []
        return Looked({"seen": float(len(self.seen))}, notes, stop=step == self.last, best=step == 3)

    def state(self) -> dict[str, Any]:
        return {"seen": list(self.seen)}

    def restore(self, state: dict[str, Any]) -> None:
        self.seen = list(state["seen"])


def steps_until(course: Course, last: int) -> Iterator[Any]:
    for moment in course:
        yield moment
        if moment.progress is not None and moment.progress.step == last:
            return


def test_a_course_leaves_a_model_with_card_picture_and_replay(blots: Dataset, tmp_path: Path) -> None:
    course = Course(training(blots), tmp_path / "blots", title="Blots", sliders=False)
    moments = list(course)
    made = course.conclude(finished=True)
    assert [moment.progress.step for moment in moments if moment.progress] == list(range(1, 9))
    assert moments[0].frames
    assert made.title == "Blots"
    assert made.preview
    assert made.card
    told = replay.read(made.folder, made.spec)
    assert told is not None
    assert told.total == 8
    assert told.curves["loss"][-1][0] == 8
    shown = [frame.step for frame in told.frames]
    assert (shown[0], shown[-1]) == (1, 8)
    assert len(told.frames[0].examples) == 16


def test_checkpoints_on_the_way_are_models_with_a_picture(blots: Dataset, tmp_path: Path) -> None:
    course = Course(training(blots), tmp_path / "blots", save_every=ALWAYS)
    course._saves.due = lambda seconds: True  # type: ignore[method-assign]
    for moment in steps_until(course, 3):
        assert moment.checkpoint is not None
        found = checkpoint.read(tmp_path / "blots")
        assert found.manifest.step == moment.progress.step
        assert found.preview
        assert found.card is None
        found.load()


@pytest.mark.parametrize("family", ["vae", "gan"])
@pytest.mark.parametrize("stops", [(1,), (2, 5), (7,), (8,)])
def test_stopped_anywhere_it_ends_with_the_same_weights(
    blots: Dataset, tmp_path: Path, family: str, stops: tuple[int, ...]
) -> None:
    whole = Course(training(blots, family), tmp_path / "whole", sliders=False)
    list(whole)
    expected = whole.conclude(finished=True).manifest.weights.sha256
    part = training(blots, family)
    for stop in stops:
        course = Course(part, tmp_path / "part", sliders=False)
        list(steps_until(course, stop))
        part = go_on(course.conclude(finished=False), blots, device="cpu")
    course = Course(part, tmp_path / "part", sliders=False)
    list(course)
    made = course.conclude(finished=True)
    assert made.manifest.weights.sha256 == expected
    told = replay.read(made.folder, made.spec)
    assert told is not None
    assert [step for step, _ in told.curves[next(iter(told.curves))]] == list(range(1, 9))


@pytest.mark.parametrize("stop", [1, 2, 3, 4, 5])
def test_a_watch_that_stops_decides_the_same_after_a_break(blots: Dataset, tmp_path: Path, stop: int) -> None:
    whole = Course(training(blots), tmp_path / "whole", watch=Strict(6), sliders=False)  # type: ignore[arg-type]
    list(whole)
    expected = whole.conclude(finished=True)
    first = Course(training(blots), tmp_path / "part", watch=Strict(6), sliders=False)  # type: ignore[arg-type]
    list(steps_until(first, stop))
    again, watch = go_on(first.conclude(finished=False), blots, device="cpu"), Strict(6)
    second = Course(again, tmp_path / "part", watch=watch, sliders=False)  # type: ignore[arg-type]
    list(second)
    made = second.conclude(finished=True)
    assert watch.seen == [1, 2, 3, 4, 5, 6]
    assert made.manifest.weights.sha256 == expected.manifest.weights.sha256
    assert made.manifest.step == 3


def test_the_best_weights_are_kept(blots: Dataset, tmp_path: Path) -> None:
    third = training(blots)
    course = Course(third, tmp_path / "third")
    list(steps_until(course, 3))
    best = course.conclude(finished=False).manifest.weights.sha256
    watched = Course(training(blots), tmp_path / "watched", watch=Strict(6), sliders=False)  # type: ignore[arg-type]
    moments = list(watched)
    assert moments[-1].progress.step == 6
    assert moments[-1].notes[0].text == "Enough."
    concluding = list(watched.concluding(finished=True))
    assert concluding[-1].checkpoint.manifest.weights.sha256 == best
    assert [frame.step for moment in concluding for frame in moment.frames] == [6], "the film ends where learning did"


def test_the_watch_itself_is_resumable(tmp_path: Path) -> None:
    data = open_dataset("builtin:dungeon", count=24, size=16)

    def course(run: Training, folder: Path) -> Course:
        return Course(run, folder, watch=Watch(run.model, run.data, run.held_out, run.seed), sliders=False)

    whole = course(training(data, hold_out=0.25, steps=16), tmp_path / "whole")
    list(whole)
    expected = whole.conclude(finished=True).manifest
    part = course(training(data, hold_out=0.25, steps=16), tmp_path / "part")
    list(steps_until(part, 9))
    rest = course(go_on(part.conclude(finished=False), data, device="cpu"), tmp_path / "part")
    list(rest)
    made = rest.conclude(finished=True).manifest
    assert (made.weights, made.step) == (expected.weights, expected.step)
    assert rest.memory.watch == whole.memory.watch


def test_what_ended_is_concluded_after_a_break(blots: Dataset, tmp_path: Path) -> None:
    run = training(blots)
    course = Course(run, tmp_path / "blots", sliders=False)
    list(course)
    saved = next(course.concluding(finished=True)).checkpoint  # and there it was killed
    assert saved is not None
    assert saved.card is None
    again = Course(go_on(checkpoint.read(saved.folder), blots, device="cpu"), saved.folder, sliders=False)
    assert list(again) == []
    made = again.conclude(finished=True)
    assert made.card
    assert made.digest == saved.digest
    once_more = Course(go_on(made, blots, device="cpu"), saved.folder, sliders=False)
    assert once_more.memory.concluded
    assert once_more.conclude(finished=True).manifest == made.manifest


def test_a_training_that_ended_goes_on_when_it_is_changed(blots: Dataset, tmp_path: Path) -> None:
    course = Course(training(blots), tmp_path / "blots", watch=Strict(4), sliders=False)  # type: ignore[arg-type]
    list(course)
    made = course.conclude(finished=True)
    more = Course(go_on(made, blots, changes={"steps": 10}, device="cpu"), made.folder, sliders=False)
    assert [moment.progress.step for moment in more if moment.progress] == [5, 6, 7, 8, 9, 10]


def test_what_is_held_out_is_measured_while_moments_go_on(tmp_path: Path) -> None:
    data = open_dataset("builtin:dungeon", count=60, size=16)
    course = Course(training(data, hold_out=0.25), tmp_path / "rooms", sliders=False)
    list(course)
    moments = list(course.concluding(finished=True))
    assert {moment.phase for moment in moments} == {Phase.MEASURING, Phase.PREPARING}
    made = checkpoint.read(tmp_path / "rooms")
    assert made.manifest.measures["figures"]


def test_data_too_few_to_measure_are_told(tmp_path: Path) -> None:
    data = open_dataset("builtin:dungeon", count=6, size=16)
    course = Course(training(data, hold_out=0.3), tmp_path / "rooms", sliders=False)
    list(course)
    notes = [note.text for moment in course.concluding(finished=True) for note in moment.notes]
    assert len(notes) == 1
    assert notes[0].startswith("Not measured: ")
    assert checkpoint.read(tmp_path / "rooms").manifest.measures == {}


def test_a_family_that_counts_is_saved_only_when_all_is_counted(tmp_path: Path) -> None:
    data = open_dataset("builtin:dungeon", count=4, size=20)
    course = Course(begin(data, "markov", {}, seed=0), tmp_path / "rooms", save_every=ALWAYS)
    moments = list(course)
    assert not any(moment.checkpoint for moment in moments)
    assert moments[-1].frames
    assert not any(moment.frames for moment in moments[:-1])
    assert course.conclude(finished=True).card


def test_nothing_is_concluded_before_a_step(blots: Dataset, tmp_path: Path) -> None:
    course = Course(training(blots), tmp_path / "blots")
    with pytest.raises(GenworldError, match="nothing to save"):
        course.conclude(finished=False)
    assert not (tmp_path / "blots").exists()


def test_a_fault_while_measuring_is_raised(blots: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    course = Course(training(blots), tmp_path / "blots", sliders=False)
    list(course)

    def broken(*_: Any, **__: Any) -> None:
        raise ValueError("broken")

    monkeypatch.setattr("genworld.card.write_card", broken)
    with pytest.raises(ValueError, match="broken"):
        course.conclude(finished=True)
