"""Leases: who does a job, and how what they report is fenced against others who did it before.

No clock decides about a lease. Its owner counts `beat` up; who watches sees on its own monotonic clock that it stands
still, and takes the job back.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from genworld.library import told
from genworld.library.database import Database
from genworld.library.history import now
from genworld.library.job import Job, State, Wish, log
from genworld.replay import Note

ENDS = (State.SUCCEEDED, State.FAILED, State.CANCELLED)


class LeaseLostError(Exception):
    """The job is not this owner's any more: somebody took it back, or it has ended. Whoever gets this stops at once."""


@dataclass(frozen=True)
class Report:
    """How far a job is, and what is new since the last report.

    Args:
        step, total, phase, device, rate, seconds: as in `Job`.
        metrics: (step, name, value).
        frames: (step, examples as `genworld.replay.pack` gives them).
        notes: what a person should know.
    """

    step: int
    total: int
    phase: str
    device: str
    rate: float
    seconds: float
    metrics: Sequence[tuple[int, str, float]] = ()
    frames: Sequence[tuple[int, bytes]] = ()
    notes: Sequence[Note] = ()


@dataclass(frozen=True)
class Held:
    """A lease as others see it: unchanged for long, and its owner is gone.

    Args:
        id: of the job.
        owner: whoever claimed it.
        attempt: how often the job was begun.
        beat: how often the owner gave a sign of life.
    """

    id: int
    owner: str
    attempt: int
    beat: int


class Lease:
    """The right to do a job. Every write is refused, with `LeaseLostError`, once the job is not this owner's any more.

    Args:
        database: of the library.
        job: as it was when the lease was made.
        owner: who does it.
        attempt: how often the job was begun, this time included.
    """

    def __init__(self, database: Database, job: Job, owner: str, attempt: int) -> None:
        self._database = database
        self.job = job
        self.owner = owner
        self.attempt = attempt

    def __repr__(self) -> str:
        return f"Lease({self.job.id}, {self.owner!r}, {self.attempt})"

    def beat(self) -> Wish | None:
        """A sign of life; returns what is asked of the job."""
        with self._database.writing() as connection:
            return self._set(connection, "beat = beat + 1")

    def report(self, report: Report) -> None:
        """Tells how far the job is, all of it or nothing.

        Raises:
            GenworldError: the disk refuses; the report can be given again.
        """
        rate, seconds = (value if math.isfinite(value) else 0.0 for value in (report.rate, report.seconds))
        with self._database.writing() as connection:
            self._set(
                connection,
                "step = ?, total = ?, phase = ?, device = ?, rate = ?, seconds = ?",
                *(report.step, report.total, report.phase, report.device, rate, seconds),
            )
            if report.metrics:
                told.add_metrics(connection, self.job.id, report.metrics)
            if report.frames:
                told.add_frames(connection, self.job.id, report.frames, report.total)
            if report.notes:
                told.add_notes(connection, self.job.id, report.notes)

    def forget_after(self, step: int) -> None:
        """Forgets what was told of steps after `step`: they will be done again."""
        with self._database.writing() as connection:
            self._set(connection, "step = min(step, ?)", step)
            told.forget_after(connection, self.job.id, step)

    def end(self, state: State, error: str = "") -> None:
        """The job is over.

        Args:
            state: one of `ENDS`.
            error: why it failed.
        """
        if state not in ENDS:
            raise ValueError(f"a job ends as one of {ENDS}, not {state}")
        with self._database.writing() as connection:
            self._set(connection, "state = ?, error = ?, ended = ?, wish = NULL, owner = NULL", state, error, now())
            log(connection, self.job.id, state, error)

    def release(self, state: State = State.QUEUED) -> State:
        """Hands the job back, to be gone on with later; returns what became of it.

        What was asked of it meanwhile is done: a pause pauses it, a cancel cancels it, and one that shall finish waits
        to be finished.

        Args:
            state: ``QUEUED``, first in the queue, or ``PAUSED``.
        """
        if state not in (State.QUEUED, State.PAUSED):
            raise ValueError(f"a job is handed back as queued or paused, not {state}")
        with self._database.writing() as connection:
            wish = self._set(connection, "beat = beat")
            return hand_back(connection, self.job.id, state, wish, "handed back")

    def _set(self, connection: sqlite3.Connection, assignments: str, *values: object) -> Wish | None:
        """Writes to the job's row where it is still this owner's, or raises; returns what is asked of the job."""
        row = connection.execute(
            f"UPDATE jobs SET {assignments} WHERE id = ? AND owner = ? AND attempt = ? AND state = 'running' "  # noqa: S608
            "RETURNING wish",
            (*values, self.job.id, self.owner, self.attempt),
        ).fetchone()
        if row is None:
            raise LeaseLostError(f"job {self.job.id} is not held by {self.owner} in attempt {self.attempt} any more")
        return Wish(row["wish"]) if row["wish"] else None


_ASKED = {Wish.CANCEL: State.CANCELLED, Wish.PAUSE: State.PAUSED, Wish.FINISH: State.QUEUED}


def hand_back(connection: sqlite3.Connection, job: int, state: State, wish: Wish | None, why: str) -> State:
    """Turns a running job into what was asked of it, else into `state`; one that waits comes first in the queue."""
    became = state if wish is None else _ASKED[wish]
    connection.execute(
        "UPDATE jobs SET state = ?, wish = ?, owner = NULL, ended = ?, "
        "turn = CASE WHEN ? = 'queued' THEN (SELECT min(turn) - 1 FROM jobs) ELSE turn END WHERE id = ?",
        (
            became,
            Wish.FINISH if wish is Wish.FINISH else None,
            now() if became is State.CANCELLED else "",
            became,
            job,
        ),
    )
    log(connection, job, why if became in (State.QUEUED, State.PAUSED) else became, became)
    return became
