"""Trainings as jobs: killed, cancelled, short of memory, without numbers, on a full disk."""

from __future__ import annotations

import errno
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from workers import ENDED, until, until_state, worker

from genworld import checkpoint, paths, storage
from genworld.datasets import store
from genworld.errors import GenworldError
from genworld.library import Library
from genworld.library.jobs import Job, State
from genworld.models.vae import Vae
from genworld.stock import trash
from genworld.training import Order
from genworld.worker import queue
from genworld.worker.train import FRUITLESS
from genworld.worker.trial import train_often
from genworld.worker.work import Ask, Assignment, Ending, Outcome, Work

SETTINGS = {"steps": 30, "batch": 8, "channels": 8, "most_channels": 16, "style_dim": 16, "latent_dim": 4}


@pytest.fixture
def library() -> Iterator[Library]:
    with Library.open() as opened:
        yield opened


@pytest.fixture(autouse=True)
def threads() -> Iterator[None]:
    """A training sets them for its process, which is this one here."""
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def order(**settings: Any) -> Order:
    return Order.checked(
        {
            "data": "builtin:dungeon",
            "options": {"count": 24, "size": [16, 16]},
            "family": "vae",
            "settings": SETTINGS | settings,
            "device": "cpu",
            "threads": 1,
        }
    )


def begun(library: Library) -> Work:
    """The next job, claimed by this process as its child would."""
    lease = library.jobs.claim("here 1 1")
    assert lease is not None
    job = lease.job
    given = Assignment(
        "", str(library.path), job.id, lease.owner, lease.attempt, job.spec, job.model, job.title, job.device
    )
    return Work(given)


def digest(job: Job) -> str:
    return checkpoint.find(job.model).digest


def test_a_training_is_a_model_in_the_end(library: Library) -> None:
    job = queue.enqueue(order(), "Small people", library)
    assert (job.model, job.title, job.spec["threads"]) == ("small-people", "Small people", 1)
    work = begun(library)
    assert train_often(work) == Ending(Outcome.SUCCEEDED)
    made = checkpoint.find("small-people")
    assert made.card
    assert made.preview
    told = library.jobs.get(job.id)
    assert (told.step, told.total, told.device) == (30, 30, "cpu")
    assert len(library.jobs.series(job.id)["loss"]) == 30
    assert library.jobs.frames(job.id)


def test_a_name_is_reserved_and_free_again(library: Library) -> None:
    jobs = [queue.enqueue(order(), "Elves", library) for _ in range(2)]
    assert [job.model for job in jobs] == ["elves", "elves-2"]
    library.jobs.cancel(jobs[0].id)
    queue.delete(jobs[0].id, library)
    assert queue.enqueue(order(), "Elves", library).model == "elves"


@pytest.mark.skipif(sys.platform == "win32", reason="processes are ended by signals here")
@pytest.mark.timeout(1200)
def test_killed_workers_change_nothing_of_the_weights(library: Library) -> None:
    plain = queue.enqueue(order(steps=150), "plain", library)
    work = begun(library)
    work.lease.end(State(train_often(work).outcome))
    job = queue.enqueue(order(steps=150), "killed", library)
    for steps in (20, 60):
        with worker() as process:
            until(lambda steps=steps: library.jobs.get(job.id).step >= steps, f"{steps} steps")
            process.kill()
    with worker():
        ended = until_state(library, job, *ENDED)
    assert (ended.state, ended.attempt) == (State.SUCCEEDED, 3)
    assert digest(job) == digest(plain)
    assert [step for step, _ in library.jobs.series(job.id)["loss"]] == list(range(1, 151))


def test_one_that_was_killed_before_it_was_told_is_only_concluded(library: Library) -> None:
    job = queue.enqueue(order(), "Done", library)
    assert train_often(begun(library)).outcome is Outcome.SUCCEEDED
    before = digest(job)
    assert library.jobs.take_back(library.jobs.held()[0])
    assert train_often(begun(library)).outcome is Outcome.SUCCEEDED
    assert digest(job) == before


@pytest.mark.parametrize(("ask", "outcome"), [(Ask.PAUSE, Outcome.PAUSED), (Ask.CANCEL, Outcome.CANCELLED)])
def test_what_was_learned_is_kept_when_it_stops(library: Library, ask: Ask, outcome: Outcome) -> None:
    job = queue.enqueue(order(steps=100_000), "Long", library)
    work = begun(library)
    asking(work, ask, after=lambda: library.jobs.get(job.id).step > 0)
    assert train_often(work).outcome is outcome
    made = checkpoint.find(job.model)
    assert made.load_state()["step"] > 0


def test_finish_ends_the_learning_and_concludes(library: Library) -> None:
    job = queue.enqueue(order(steps=100_000), "Enough", library)
    work = begun(library)
    asking(work, Ask.FINISH, after=lambda: library.jobs.get(job.id).step > 0)
    assert train_often(work).outcome is Outcome.SUCCEEDED
    assert checkpoint.find(job.model).card


def asking(work: Work, ask: Ask, after: Callable[[], bool]) -> None:
    """Has the worker ask for something once a condition holds."""

    def lines() -> Iterator[bytes]:
        until(after, "the time to ask")
        yield f"{ask}\n".encode()
        time.sleep(60)

    work.listen(lines(), leave=lambda code: None)


def test_a_batch_that_does_not_fit_is_halved(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    short_of_memory(monkeypatch, above=2)
    job = queue.enqueue(order(), "Large", library)
    assert train_often(begun(library)).outcome is Outcome.SUCCEEDED
    assert [note.kind for note in library.jobs.notes(job.id)].count("memory") == 2
    assert checkpoint.find(job.model).manifest.config["batch"] == 2


def test_a_batch_that_never_fits_is_told_with_figures(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    short_of_memory(monkeypatch, above=0)
    queue.enqueue(order(), "Larger", library)
    with pytest.raises(GenworldError, match=r"batch of 2: this machine has [\d.]+ GiB"):
        train_often(begun(library))


def test_memory_that_others_took_meanwhile_is_told_with_figures(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = queue.enqueue(order(), "Crowded", library)
    monkeypatch.setattr("genworld.training.costs.room", lambda device: 2**20)
    with pytest.raises(GenworldError, match=r"needs about \d+ MiB of memory, but at most 1 MiB are free.*then retry"):
        train_often(begun(library))
    assert library.jobs.series(job.id) == {}


def short_of_memory(monkeypatch: pytest.MonkeyPatch, above: int) -> None:
    real = Vae.fit

    def fit(self: Vae, *args: Any, **named: Any) -> Any:
        if self.config.batch > above:
            raise torch.OutOfMemoryError("CUDA out of memory.")
        return real(self, *args, **named)

    monkeypatch.setattr(Vae, "fit", fit)


def test_a_loss_that_is_no_number_keeps_the_last_that_was(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Vae.fit

    def fit(self: Vae, *args: Any, **named: Any) -> Any:
        from dataclasses import replace

        for progress in real(self, *args, **named):
            time.sleep(0.02)
            bad = progress.step == 25
            yield replace(progress, metrics={"loss": float("nan")}) if bad else progress

    monkeypatch.setattr(Vae, "fit", fit)
    job = queue.enqueue(order(), "Odd", library)
    with pytest.raises(GenworldError, match="nan at step 25"):
        train_often(begun(library))
    checkpoint.find(job.model).load()


def test_a_full_disk_is_told_with_what_is_needed_and_retry_works(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = queue.enqueue(order(), "Full", library)
    work = begun(library)
    with monkeypatch.context() as full:
        full.setattr(storage.os, "fsync", no_space)
        with pytest.raises(GenworldError, match=r"MiB\).*No space left"):
            train_often(work)
    work.lease.end(State.FAILED, "full")
    library.jobs.retry(job.id)
    assert train_often(begun(library)).outcome is Outcome.SUCCEEDED


def no_space(handle: int) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_one_that_ends_its_worker_again_and_again_is_given_up(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fit(self: Vae, *args: Any, **named: Any) -> Any:
        raise SystemExit  # as if the power went

    monkeypatch.setattr(Vae, "fit", fit)
    job = queue.enqueue(order(), "Poison", library)
    for _ in range(FRUITLESS + 1):
        with pytest.raises(SystemExit):
            train_often(begun(library))
        assert library.jobs.take_back(library.jobs.held()[0])
    work = begun(library)
    with pytest.raises(GenworldError, match="8 attempts"):
        train_often(work)
    work.lease.end(State.FAILED, "poison")
    monkeypatch.undo()
    library.jobs.retry(job.id)
    assert train_often(begun(library)).outcome is Outcome.SUCCEEDED


def test_a_title_that_is_too_long_leaves_nothing_behind(library: Library, own_machine: Path) -> None:
    with pytest.raises(GenworldError):
        queue.enqueue(order(), "a" * 200, library)
    assert not (own_machine / "models").exists() or not list((own_machine / "models").iterdir())
    assert library.jobs.all() == []


def test_a_training_never_goes_on_in_another_model(library: Library) -> None:
    """Its own was put away, and another has its name and its folder by now."""
    job = queue.enqueue(order(), "Caves", library)
    train_often(begun(library))
    library.jobs.cancel(job.id)
    assert library.jobs.take_back(library.jobs.held()[0])
    trash.discard(job.model)
    other = queue.enqueue(order(steps=20), "Caves", library)
    other_place = paths.models_home() / other.model
    shutil.rmtree(other_place)
    train_other = order(steps=20).begin()
    for _ in train_other:
        pass
    there = train_other.save(paths.models_home() / job.model)
    library.jobs.cancel(other.id)
    library.jobs.retry(job.id)
    with pytest.raises(GenworldError, match="Another model"):
        train_often(begun(library))
    assert digest(job) == there.digest


def test_a_job_that_comes_back_onto_the_list_leaves_the_name_of_its_model_free(library: Library) -> None:
    job = queue.enqueue(order(), "Towers", library)
    work = begun(library)
    work.lease.end(State(train_often(work).outcome))
    label = trash.discard(job.model)
    queue.delete(job.id, library)
    queue.restore(job.id, library)
    assert trash.restore(label) == job.model


def test_data_of_the_same_name_are_not_taken_for_those_that_were_ordered(library: Library, tmp_path: Path) -> None:
    names = []
    for text in ("##..\n#..#\n....\n####\n", "....\n.##.\n.##.\n....\n"):
        (tmp_path / "map.txt").write_text(text * 4)
        names.append(store.keep(tmp_path / "map.txt", title="Map").name)
        if len(names) == 1:
            queue.enqueue(Order.checked({"data": "data:map", "family": "markov"}), library=library)
            store.discard("map")
    assert names == ["map", "map"]
    with pytest.raises(GenworldError, match="data:map"):
        train_often(begun(library))
