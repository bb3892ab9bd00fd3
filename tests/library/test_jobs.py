"""The queue of jobs: order, leases, fences, what jobs told, and the way from a library that had none."""

from __future__ import annotations

import math
import resource
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from library_samples import SOURCE, sprite_draft

from genworld.content import Sprite
from genworld.errors import GenworldError
from genworld.library import Draft, Job, Jobs, Lease, LeaseLostError, Library, Report, State, Wish, schema, snapshots
from genworld.library.jobs import Held
from genworld.mode import Mode
from genworld.provenance import EditOrigin, FillOrigin, LatentOrigin, Origin, SeedOrigin
from genworld.replay import FRAMES, POINTS, Note


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.sqlite") as opened:
        yield opened


@pytest.fixture
def jobs(library: Library) -> Jobs:
    return library.jobs


def add(jobs: Jobs, name: str = "folk") -> Job:
    return jobs.add(kind="train", title=name.capitalize(), spec={"data": "builtin:dungeon"}, model=name)


def begun(jobs: Jobs, name: str = "folk") -> Lease:
    add(jobs, name)
    lease = jobs.claim("worker")
    assert lease is not None
    return lease


def report(step: int = 1, **new: object) -> Report:
    return Report(step, 10, "learning", "cpu", 100.0, 2.5, **new)  # type: ignore[arg-type]


def test_a_job_waits_runs_and_ends(jobs: Jobs) -> None:
    job = add(jobs)
    assert (job.state, job.position, job.attempt, job.wish) == (State.QUEUED, 1, 0, None)
    assert job.spec == {"data": "builtin:dungeon"}
    lease = jobs.claim("worker")
    assert lease is not None
    assert (lease.job.id, lease.owner, lease.attempt) == (job.id, "worker", 1)
    assert lease.beat() is None
    lease.report(report(4))
    now = jobs.get(job.id)
    assert (now.state, now.step, now.total, now.phase, now.device, now.rate, now.seconds, now.position) == (
        *(State.RUNNING, 4, 10, "learning", "cpu", 100.0, 2.5, None),
    )
    assert jobs.running() == [now]
    lease.end(State.SUCCEEDED)
    assert jobs.get(job.id).state is State.SUCCEEDED
    assert jobs.claim("worker") is None
    assert [entry.what for entry in jobs.log(job.id)] == ["added", "begun", "succeeded"]


def test_the_queue_has_an_order(jobs: Jobs) -> None:
    first, second, third = (add(jobs, name) for name in ("a", "b", "c"))
    assert [job.position for job in jobs.all()] == [3, 2, 1]
    jobs.pause(first.id)
    jobs.resume(first.id)
    assert jobs.get(first.id).position == 1  # as before
    jobs.cancel(first.id)
    jobs.retry(first.id)
    assert jobs.get(first.id).position == 3  # a second try waits behind the others
    lease = jobs.claim("worker")
    assert lease is not None
    assert lease.job.id == second.id
    assert lease.release() is State.QUEUED
    assert jobs.get(second.id).position == 1  # it was at work: it goes on first
    jobs.delete(second.id)
    assert jobs.get(third.id).position == 1
    jobs.restore(second.id)
    assert jobs.get(second.id).position == 1


def test_two_jobs_of_one_model_are_not_done_at_once(jobs: Jobs) -> None:
    add(jobs, "same")
    add(jobs, "same")
    other = add(jobs, "other")
    first = jobs.claim("one")
    assert first is not None
    second = jobs.claim("two")
    assert second is not None
    assert second.job.id == other.id
    assert jobs.claim("three") is None
    first.end(State.FAILED, "It failed.")
    assert jobs.claim("three") is not None


def test_what_is_asked_of_a_running_job_reaches_it(jobs: Jobs) -> None:
    lease = begun(jobs)
    assert jobs.pause(lease.job.id).wish is Wish.PAUSE
    assert lease.beat() is Wish.PAUSE
    assert jobs.finish(lease.job.id).wish is Wish.FINISH
    assert jobs.cancel(lease.job.id).wish is Wish.CANCEL
    for late in (jobs.pause, jobs.finish):  # who cancelled does not get it back by another button
        with pytest.raises(GenworldError, match="is running and shall cancel"):
            late(lease.job.id)
    assert lease.beat() is Wish.CANCEL
    lease.end(State.CANCELLED)
    assert jobs.get(lease.job.id).wish is None


@pytest.mark.parametrize(
    ("wish", "became", "left"),
    [
        (None, State.QUEUED, None),
        (Wish.PAUSE, State.PAUSED, None),
        (Wish.CANCEL, State.CANCELLED, None),
        (Wish.FINISH, State.QUEUED, Wish.FINISH),
    ],
)
@pytest.mark.parametrize("gone", [True, False])
def test_what_was_asked_is_done_though_its_worker_is_gone(
    jobs: Jobs, wish: Wish | None, became: State, left: Wish | None, gone: bool
) -> None:
    lease = begun(jobs)
    if wish is not None:
        getattr(jobs, wish)(lease.job.id)
    if gone:
        assert jobs.take_back(jobs.held()[0])
    else:
        assert lease.release() is became
    now = jobs.get(lease.job.id)
    assert (now.state, now.wish) == (became, left)
    assert bool(now.ended) == (became is State.CANCELLED)


def test_one_that_was_paused_can_be_finished(jobs: Jobs) -> None:
    lease = begun(jobs)
    with pytest.raises(GenworldError, match="cannot be finished"):
        jobs.finish(add(jobs, "new").id)
    lease.report(report(3))
    lease.release(State.PAUSED)
    waiting = jobs.finish(lease.job.id)
    assert (waiting.state, waiting.wish) == (State.QUEUED, Wish.FINISH)
    again = jobs.claim("worker")
    assert again is not None
    assert again.beat() is Wish.FINISH


def test_a_lease_that_was_taken_back_writes_nothing(jobs: Jobs) -> None:
    old = begun(jobs)
    assert jobs.take_back(jobs.held()[0])
    new = jobs.claim("worker")  # the same name: the attempt fences
    assert new is not None
    new.report(report(2))
    for act in (
        old.beat,
        lambda: old.report(report(9, metrics=[(9, "loss", 1.0)], notes=[Note(9, "info", "late")])),
        lambda: old.forget_after(0),
        old.release,
        lambda: old.end(State.FAILED, "late"),
    ):
        with pytest.raises(LeaseLostError):
            act()
    assert jobs.get(new.job.id).step == 2
    assert jobs.series(new.job.id) == {}
    assert jobs.notes(new.job.id) == []
    assert jobs.lease(new.job.id, "worker", 2).beat() is None  # the child has the same lease


def test_who_gives_a_sign_of_life_is_not_taken_over(jobs: Jobs) -> None:
    lease = begun(jobs)
    seen = jobs.held()
    assert seen == [Held(lease.job.id, "worker", 1, 0)]
    lease.beat()
    assert not jobs.take_back(seen[0])
    assert jobs.take_back(jobs.held()[0])
    assert jobs.held() == []


def test_an_ended_job_stays_ended(jobs: Jobs) -> None:
    lease = begun(jobs)
    lease.end(State.SUCCEEDED)
    for turn in (jobs.cancel, jobs.pause, jobs.resume, jobs.retry, jobs.finish):
        with pytest.raises(GenworldError, match="is succeeded"):
            turn(lease.job.id)
    with pytest.raises(LeaseLostError):
        lease.end(State.FAILED)


def test_a_failed_job_tells_why_until_it_is_retried(jobs: Jobs) -> None:
    lease = begun(jobs)
    lease.report(report(5))
    lease.end(State.FAILED, "The loss became nan at step 6.")
    assert jobs.get(lease.job.id).error == "The loss became nan at step 6."
    again = jobs.retry(lease.job.id)
    assert (again.error, again.state, again.step) == ("", State.QUEUED, 5)
    assert "The loss became nan at step 6." in [entry.detail for entry in jobs.log(lease.job.id)]


def test_deleting_and_restoring(jobs: Jobs) -> None:
    lease = begun(jobs)
    with pytest.raises(GenworldError, match="cancel it first"):
        jobs.delete(lease.job.id)
    lease.end(State.SUCCEEDED)
    assert jobs.delete(lease.job.id).state is State.SUCCEEDED
    assert jobs.all() == []
    for gone in (jobs.get, jobs.cancel, jobs.delete, jobs.retry):
        with pytest.raises(GenworldError, match="no job"):
            gone(lease.job.id)
    assert jobs.restore(lease.job.id) == jobs.get(lease.job.id)


def test_what_is_deleted_is_not_done(jobs: Jobs) -> None:
    job = add(jobs)
    jobs.delete(job.id)
    assert jobs.claim("worker") is None
    jobs.restore(job.id)
    assert jobs.claim("worker") is not None


@pytest.mark.parametrize("odd", [0, -1, 7, 2**63, "1", None, True, 1.0, float("nan")])
def test_a_number_that_is_no_job_is_told(jobs: Jobs, odd: object) -> None:
    add(jobs)
    for act in (jobs.get, jobs.cancel, jobs.delete, jobs.restore):
        with pytest.raises(GenworldError, match="no job"):
            act(odd)  # type: ignore[arg-type]


def test_the_file_itself_refuses_what_cannot_be(library: Library, jobs: Jobs) -> None:
    lease = begun(jobs)
    lease.end(State.SUCCEEDED)
    with sqlite3.connect(library.path) as raw:
        for statement in (
            "UPDATE jobs SET state = 'queued'",
            "UPDATE jobs SET state = 'running', owner = 'me'",
            "UPDATE jobs SET wish = 'cancel'",
            "UPDATE jobs SET state = 'asleep'",
            "DELETE FROM jobs",
        ):
            with pytest.raises(sqlite3.IntegrityError):
                raw.execute(statement)
    raw.close()


# -- what is told


def test_curves_are_thinned_and_their_ends_are_exact(jobs: Jobs) -> None:
    lease = begun(jobs)
    for start in range(0, 6000, 200):
        lease.report(report(metrics=[(step, "loss", 1 + step % 2 * 2.0) for step in range(start + 1, start + 201)]))
    points = jobs.series(lease.job.id)["loss"]
    assert 100 < len(points) <= POINTS
    assert points[0] == (1, 3.0)
    assert points[-1] == (6000, 1.0)
    assert [step for step, _ in points] == sorted({step for step, _ in points})
    assert sum(value for _, value in points) / len(points) == pytest.approx(2, abs=0.1)
    assert len(jobs.series(lease.job.id, 10)["loss"]) == 10
    assert len(jobs.series(lease.job.id, -4)["loss"]) == 3


def test_what_is_stored_of_a_long_training_is_bounded(library: Library, jobs: Jobs) -> None:
    lease = begun(jobs)
    for start in range(0, 40_000, 5000):
        lease.report(report(metrics=[(step, "loss", 1.0) for step in range(start, start + 5000)]))
    lease.report(report(frames=[(step, b"frame") for step in range(1000)], notes=[Note(1, "info", "x" * 9999)] * 900))
    with sqlite3.connect(library.path) as raw:
        assert raw.execute("SELECT count(*), sum(count) FROM metrics").fetchone()[0] <= 2 * POINTS
        assert raw.execute("SELECT sum(count) FROM metrics").fetchone()[0] == 40_000  # means of all of them
    raw.close()
    frames = jobs.frames(lease.job.id)
    assert len(frames) == 2 * FRAMES
    assert (frames[0][0], frames[-1][0]) == (0, 999)
    assert len(jobs.notes(lease.job.id)) == 500
    assert len(jobs.notes(lease.job.id)[0].text) == 500


def test_figures_that_are_not_finite_are_left_out(jobs: Jobs) -> None:
    lease = begun(jobs)
    lease.report(report(metrics=[(1, "loss", math.nan), (1, "gap", math.inf), (2, "loss", 1.0)]))
    lease.report(Report(1, 1, "learning", "cpu", math.nan, math.inf))
    assert jobs.series(lease.job.id) == {"loss": [(2, 1.0)]}
    assert jobs.get(lease.job.id).rate == 0


def test_steps_that_are_done_again_are_forgotten_first(jobs: Jobs) -> None:
    lease = begun(jobs)
    metrics = [(step, "loss", float(step)) for step in (1, 2, 3)]
    notes = [Note(step, "few", f"note {step}") for step in (1, 3)]
    lease.report(report(3, metrics=metrics, frames=[(1, b"a"), (3, b"b")], notes=notes))
    lease.forget_after(2)
    assert jobs.series(lease.job.id) == {"loss": [(1, 1.0), (2, 2.0)]}
    assert jobs.frames(lease.job.id) == [(1, b"a")]
    assert jobs.notes(lease.job.id) == notes[:1]
    assert jobs.get(lease.job.id).step == 2
    lease.report(report(3, metrics=[(2, "loss", 7.0)], frames=[(1, b"c"), (2, b"d")]))
    assert jobs.series(lease.job.id) == {"loss": [(1, 1.0), (2, 7.0)]}
    assert jobs.frames(lease.job.id, after=1) == [(2, b"d")]


def test_a_report_is_whole_or_not_there(jobs: Jobs) -> None:
    lease = begun(jobs)
    with pytest.raises(sqlite3.Error):
        lease.report(report(5, metrics=[(1, "loss", 1.0)], notes=[Note(1, None, "odd")]))  # type: ignore[arg-type]
    assert jobs.get(lease.job.id).step == 0
    assert jobs.series(lease.job.id) == {}


# -- faults


def test_a_public_page_has_no_jobs(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library.sqlite", Mode.PUBLIC) as public, pytest.raises(GenworldError, match="own"):
        _ = public.jobs


def test_clocks_do_not_matter(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter(["2040", "1970", "2026", "1999", "2050"] * 20)
    for module in ("jobs", "job", "leases"):
        monkeypatch.setattr(f"genworld.library.{module}.now", lambda: next(times))
    numbers = [add(jobs, name).id for name in "abc"]
    assert [job.id for job in jobs.all()] == numbers[::-1]
    lease = jobs.claim("worker")
    assert lease is not None
    assert lease.job.id == numbers[0]
    assert lease.release() is State.QUEUED
    assert [entry.what for entry in jobs.log(numbers[0])] == ["added", "begun", "handed back"]


def test_a_full_disk_is_told_and_the_report_can_be_given_again(jobs: Jobs, tmp_path: Path) -> None:
    lease = begun(jobs)
    large = report(2, frames=[(step, bytes([step]) * 100_000) for step in range(20)])
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, before[1]))
    try:
        with pytest.raises(GenworldError, match="cannot be used"):
            lease.report(large)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert jobs.get(lease.job.id).step == 0
    lease.report(large)
    assert len(jobs.frames(lease.job.id)) == 20


def test_a_damaged_order_hides_no_job(library: Library, jobs: Jobs) -> None:
    job = add(jobs)
    with sqlite3.connect(library.path) as raw:
        raw.execute("UPDATE jobs SET spec = '{\"data'")
    raw.close()
    assert jobs.get(job.id).spec == {}
    assert jobs.claim("worker") is not None


def test_a_library_without_jobs_gets_them_and_a_snapshot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "library.sqlite"
    with monkeypatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:1])
        with Library.open(path) as old:
            kept = old.board().keep_all([sprite_draft(1)])
    with Library.open(path) as library:
        assert library.notice is None
        assert library.board().items() == kept
        assert add(library.jobs).position == 1
    with sqlite3.connect(snapshots.newest_first(path)[0]) as copy:
        assert copy.execute("PRAGMA user_version").fetchone() == (1,)
    copy.close()
    assert "before-upgrade" in snapshots.newest_first(path)[0].name


# -- what checkpoints made


def origins() -> list[Origin]:
    mine, other = "1" * 64, "2" * 64
    seed = SeedOrigin(checkpoint=mine, model="m", seed=1, index=0)
    latent = LatentOrigin(checkpoint=mine, model="m", z=(0.0,))
    edited = EditOrigin(parent=seed, edits=((0, 0, 1),))
    filled = FillOrigin(parent=edited, checkpoint=other, model="o", mask=((0, 0),), seed=1)
    elsewhere = FillOrigin(
        parent=SeedOrigin(checkpoint=other, model="o", seed=1, index=0),
        checkpoint=mine,
        model="m",
        mask=((0, 0),),
        seed=1,
    )
    return [seed, latent, edited, filled, elsewhere]


@pytest.mark.parametrize("origin", origins(), ids=lambda origin: origin.kind)
def test_what_a_checkpoint_made_is_known(library: Library, origin: Origin) -> None:
    assert not library.made_with("1" * 64)
    example = sprite_draft(1).example
    assert isinstance(example, Sprite)
    item = library.board().keep_all([Draft(example, origin, "m", "t", SOURCE)])[0]
    assert library.made_with("1" * 64)
    assert not library.made_with("3" * 64)
    library.board().remove([item.id])
    assert library.made_with("1" * 64)  # undo brings it back


def test_a_name_that_reads_like_an_origin_is_none(library: Library) -> None:
    trap = f'","checkpoint":"{"1" * 64}"'
    origin = SeedOrigin(checkpoint="2" * 64, model=trap, seed=1, index=0)
    library.board().keep_all([Draft(sprite_draft(1).example, origin, trap, trap, SOURCE)])
    assert not library.made_with("1" * 64)
