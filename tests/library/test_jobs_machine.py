"""Jobs under any order of clicks, workers and deaths: each turn is a legal one, and each end stays."""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from genworld.errors import GenworldError
from genworld.library import Lease, LeaseLostError, Library, Report, State
from genworld.replay import Note

LEGAL = {
    State.QUEUED: {State.RUNNING, State.PAUSED, State.CANCELLED},
    State.PAUSED: {State.QUEUED, State.CANCELLED},
    State.RUNNING: {State.QUEUED, State.PAUSED, State.SUCCEEDED, State.FAILED, State.CANCELLED},
    State.FAILED: {State.QUEUED},
    State.CANCELLED: {State.QUEUED},
    State.SUCCEEDED: set(),
}
ENDS = (State.SUCCEEDED, State.FAILED, State.CANCELLED)


class Queue(RuleBasedStateMachine):
    """What the machine believes: the state of each job, and which lease is the one that counts."""

    jobs_there = Bundle("jobs")
    leases = Bundle("leases")

    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.library = Library.open(Path(self.folder.name) / "library.sqlite")
        self.jobs = self.library.jobs
        self.states: dict[int, State] = {}
        self.deleted: set[int] = set()
        self.holder: dict[int, Lease] = {}

    def teardown(self) -> None:
        if hasattr(self, "library"):
            self.library.close()
            self.folder.cleanup()

    def look(self, job: int, allowed: set[State] | None = None) -> State:
        """The state now; it must be one that the last may turn into."""
        before, now = self.states[job], self.jobs.get(job).state
        assert now is before or now in LEGAL[before], f"{before} became {now}"
        assert allowed is None or now in allowed
        self.states[job] = now
        if now is not State.RUNNING:
            self.holder.pop(job, None)
        return now

    @rule(target=jobs_there, model=st.sampled_from("abc"))
    def add(self, model: str) -> int:
        job = self.jobs.add(kind="train", title=model, spec={}, model=model)
        self.states[job.id] = State.QUEUED
        return job.id

    @rule(job=jobs_there, name=st.sampled_from(["cancel", "pause", "resume", "retry", "finish", "delete", "restore"]))
    def ask(self, job: int, name: str) -> None:
        before = self.states[job]
        try:
            getattr(self.jobs, name)(job)
        except GenworldError:
            if job not in self.deleted:
                assert self.jobs.get(job).state is before
            return
        if name == "delete":
            assert before is not State.RUNNING
            self.deleted.add(job)
        elif name == "restore":
            self.deleted.discard(job)
        assert job not in self.deleted or name == "delete"
        if job in self.deleted:
            return
        if before is State.RUNNING:
            assert self.look(job) is State.RUNNING  # only its worker stops it
            assert self.jobs.get(job).wish is not None or name == "restore"
        else:
            assert self.look(job) is not State.RUNNING

    @rule(target=leases, owner=st.sampled_from(["one", "two"]))
    def claim(self, owner: str) -> Lease | None:
        waiting = [job for job in self.jobs.all() if job.position is not None]
        busy = {job.model for job in self.jobs.running()}
        free = sorted((job for job in waiting if job.model not in busy), key=lambda job: job.position or 0)
        lease = self.jobs.claim(owner)
        assert (lease.job.id if lease else None) == (free[0].id if free else None)
        if lease is not None:
            assert self.states[lease.job.id] is State.QUEUED
            assert lease.job.id not in self.holder
            self.states[lease.job.id] = State.RUNNING
            self.holder[lease.job.id] = lease
        return lease

    def counts(self, lease: Lease | None) -> bool:
        return lease is not None and self.holder.get(lease.job.id) is lease

    @rule(lease=leases, how=st.sampled_from(["beat", "report", "forget", "release", "pause", *ENDS]))
    def work(self, lease: Lease | None, how: str) -> None:
        if lease is None:
            return
        step = self.jobs.get(lease.job.id).step if lease.job.id not in self.deleted else 0
        act = {
            "beat": lease.beat,
            "report": lambda: lease.report(
                Report(step + 1, 9, "learning", "cpu", 1, 1, notes=[Note(step, "info", "x")])
            ),
            "forget": lambda: lease.forget_after(step // 2),
            "release": lease.release,
            "pause": lambda: lease.release(State.PAUSED),
        }.get(how) or (lambda: lease.end(State(how)))
        counted = self.counts(lease)
        try:
            act()
        except LeaseLostError:
            assert not counted
            return
        assert counted
        now = self.look(lease.job.id)
        if how in ("beat", "report", "forget"):
            assert now is State.RUNNING
        elif how in ENDS:
            assert now == how
        else:
            assert now in (State.QUEUED, State.PAUSED, State.CANCELLED)

    @rule(lease=leases)
    def watch(self, lease: Lease | None) -> None:
        """Its worker is gone, or seems to be."""
        for held in self.jobs.held():
            if lease is not None and held.id == lease.job.id:
                assert self.jobs.take_back(held)
                assert not self.jobs.take_back(held)
                self.look(held.id, {State.QUEUED, State.PAUSED, State.CANCELLED})

    @invariant()
    def what_is_told_is_what_is(self) -> None:
        if not hasattr(self, "library"):
            return
        shown = self.jobs.all()
        assert {job.id for job in shown} == self.states.keys() - self.deleted
        assert all(job.state is self.states[job.id] for job in shown)
        places = sorted(job.position for job in shown if job.position is not None)
        assert places == list(range(1, len(places) + 1))
        assert all((job.position is None) == (job.state is not State.QUEUED) for job in shown)
        assert {held.id for held in self.jobs.held()} == self.holder.keys()
        assert all(bool(job.ended) == (job.state in ENDS) for job in shown)
        assert len({job.model for job in self.jobs.running()}) == len(self.holder)
        with sqlite3.connect(self.library.path) as raw:
            assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        raw.close()


TestQueue = Queue.TestCase
TestQueue.settings = settings(
    max_examples=25, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
