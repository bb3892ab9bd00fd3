"""The queue: jobs that wait, are done and were done. Several processes may work on it; each job is one's alone."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from typing import Any

from genworld.errors import GenworldError
from genworld.library import names, told
from genworld.library.database import Database
from genworld.library.history import now
from genworld.library.job import SELECT, Entry, Job, State, Wish, from_row, log
from genworld.library.leases import Held, Lease, LeaseLostError, Report, hand_back
from genworld.replay import POINTS, Note

__all__ = ["Entry", "Held", "Job", "Jobs", "Lease", "LeaseLostError", "Report", "State", "Wish"]

SPEC_BYTES = 2**20
"""Of an order, as JSON."""
FEWEST = 3
"""Points of a curve that can be asked for, at least."""


class Jobs:
    """All jobs of a library. When a method returns, what it did is on disk.

    Args:
        database: where they are.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, *, kind: str, title: str, spec: Mapping[str, Any], model: str) -> Job:
        """Queues a job, last.

        Args:
            kind: which task it is.
            title: what people call it; cleaned and cut.
            spec: its order, as plain JSON.
            model: name of the folder that it makes.

        Raises:
            GenworldError: an order too large, or the disk refuses.
        """
        text = json.dumps(dict(spec), ensure_ascii=False, allow_nan=False)
        if len(text.encode("utf-8", "surrogatepass")) > SPEC_BYTES:
            raise GenworldError(
                f"An order has at most {SPEC_BYTES // 2**20} MiB, but {len(text) / 2**20:.1f} MiB came; give fewer settings."
            )
        with self._database.writing() as connection:
            row = connection.execute(
                "INSERT INTO jobs (kind, title, spec, model, created, turn) "
                "VALUES (?, ?, ?, ?, ?, (SELECT coalesce(max(turn), 0) + 1 FROM jobs)) RETURNING id",
                (kind, names.shortened(title, model), text, model, now()),
            ).fetchone()
            log(connection, row["id"], "added")
            return _found(connection, row["id"])

    # -- what there is

    def all(self) -> list[Job]:
        """All jobs, newest first, without those that were deleted."""
        return [from_row(row) for row in self._database.rows(f"{SELECT} WHERE NOT deleted ORDER BY id DESC")]

    def get(self, job_id: int) -> Job:
        """One job. Raises GenworldError when there is none of that number, or it was deleted."""
        with self._database.reading() as connection:
            return _found(connection, job_id)

    def running(self) -> list[Job]:
        """Those that are done just now, oldest first."""
        return [from_row(row) for row in self._database.rows(f"{SELECT} WHERE state = 'running' ORDER BY id")]

    def log(self, job_id: int) -> list[Entry]:
        """What happened to a job, in order."""
        rows = self._database.rows(
            "SELECT what, attempt, detail, created FROM job_log WHERE job = ? ORDER BY id", _whole(job_id)
        )
        return [Entry(row["what"], row["attempt"], row["detail"], row["created"]) for row in rows]

    def series(self, job_id: int, most: int = POINTS) -> dict[str, list[tuple[int, float]]]:
        """The figures that a job told, (step, value) by name.

        Args:
            job_id: of the job.
            most: points of each, at least 3: the first and the last as they are, between them means of equal stretches.
        """
        return told.series(self._database.rows(told.CURVES, _whole(job_id)), max(FEWEST, most))

    def frames(self, job_id: int, after: int = -1) -> list[tuple[int, bytes]]:
        """Samples from fixed noise of steps after `after`, as (step, packed examples)."""
        rows = self._database.rows(
            "SELECT step, data FROM frames WHERE job = ? AND step > ? ORDER BY step", _whole(job_id), after
        )
        return [(row["step"], row["data"]) for row in rows]

    def notes(self, job_id: int) -> list[Note]:
        """What was noticed, in order."""
        rows = self._database.rows("SELECT step, kind, text FROM notes WHERE job = ? ORDER BY id", _whole(job_id))
        return [told.note(row) for row in rows]

    # -- what a person asks

    def cancel(self, job_id: int) -> Job:
        """Stops a job for good; one at work stops soon and keeps what it learned."""
        return self._turn(job_id, _cancel)

    def pause(self, job_id: int) -> Job:
        """Puts a job aside; one at work stops soon."""
        return self._turn(job_id, _pause)

    def resume(self, job_id: int) -> Job:
        """Puts a paused job back into the queue, at its old place: before all that came after it."""
        return self._turn(job_id, _resume)

    def retry(self, job_id: int) -> Job:
        """Queues a failed or cancelled job again, last; it goes on from its last checkpoint."""
        return self._turn(job_id, _retry)

    def finish(self, job_id: int) -> Job:
        """Lets a job learn no further and conclude with what it learned; one that waits comes to that in its turn."""
        return self._turn(job_id, _finish)

    def delete(self, job_id: int) -> Job:
        """Takes a job off the list, and out of the queue; `restore` brings it back."""
        return self._turn(job_id, _delete)

    def restore(self, job_id: int) -> Job:
        """Brings a deleted job back, as it was."""
        with self._database.writing() as connection:
            changed = connection.execute(
                "UPDATE jobs SET deleted = 0 WHERE id = ? AND deleted", (_whole(job_id),)
            ).rowcount
            if changed:
                log(connection, job_id, "restored")
            return _found(connection, job_id)

    def _turn(self, job_id: int, change: Callable[[sqlite3.Connection, Job], None]) -> Job:
        with self._database.writing() as connection:
            change(connection, _found(connection, job_id))
            return _found(connection, job_id, deleted=True)

    # -- who does them

    def claim(self, owner: str) -> Lease | None:
        """The lease of the job that is next; None when none waits.

        Args:
            owner: who will do it; tells it from all others.
        """
        if not self._database.rows("SELECT 1 FROM jobs WHERE state = 'queued' AND NOT deleted LIMIT 1"):
            return None  # looking for work must not hold off who writes
        with self._database.writing() as connection:
            row = connection.execute(
                """
                UPDATE jobs SET state = 'running', owner = ?, attempt = attempt + 1, started = ?, ended = '', error = ''
                WHERE id = (
                    SELECT id FROM jobs WHERE state = 'queued' AND NOT deleted
                        AND model NOT IN (SELECT model FROM jobs WHERE state = 'running')
                    ORDER BY turn, id LIMIT 1
                )
                RETURNING id, attempt
                """,
                (owner, now()),
            ).fetchone()
            if row is None:
                return None
            log(connection, row["id"], "begun", owner)
            return Lease(self._database, _found(connection, row["id"]), owner, row["attempt"])

    def lease(self, job_id: int, owner: str, attempt: int) -> Lease:
        """A lease that somebody holds, for another process of theirs; its writes tell whether it is still held."""
        return Lease(self._database, self.get(job_id), owner, attempt)

    def held(self) -> list[Held]:
        """All leases, as others see them."""
        rows = self._database.rows("SELECT id, owner, attempt, beat FROM jobs WHERE state = 'running' ORDER BY id")
        return [Held(row["id"], row["owner"], row["attempt"], row["beat"]) for row in rows]

    def take_back(self, held: Held) -> bool:
        """Frees a job from an owner who is gone; what was asked of it is done, else it is first in the queue.

        Args:
            held: as it was seen; where anything of it changed since, its owner lives and nothing is done.

        Returns:
            Whether it was taken back.
        """
        with self._database.writing() as connection:
            row = connection.execute(
                "SELECT wish FROM jobs WHERE id = ? AND owner = ? AND attempt = ? AND beat = ? AND state = 'running'",
                (held.id, held.owner, held.attempt, held.beat),
            ).fetchone()
            if row is None:
                return False
            wish = Wish(row["wish"]) if row["wish"] else None
            hand_back(connection, held.id, State.QUEUED, wish, "taken back")
            return True


def _cancel(connection: sqlite3.Connection, job: Job) -> None:
    if job.state is State.RUNNING:
        _ask(connection, job, Wish.CANCEL)
    elif job.state in (State.QUEUED, State.PAUSED):
        _become(connection, job, State.CANCELLED)
    else:
        raise _refused(job, "cannot be cancelled", "retry or delete it")


def _pause(connection: sqlite3.Connection, job: Job) -> None:
    if job.state is State.RUNNING and job.wish in (None, Wish.PAUSE):
        _ask(connection, job, Wish.PAUSE)
    elif job.state is State.QUEUED:
        _become(connection, job, State.PAUSED)
    else:
        raise _refused(job, "cannot be paused", "only one that waits or is at work can")


def _resume(connection: sqlite3.Connection, job: Job) -> None:
    if job.state is not State.PAUSED:
        raise _refused(job, "cannot be resumed", "only one that is paused can")
    _become(connection, job, State.QUEUED)


def _retry(connection: sqlite3.Connection, job: Job) -> None:
    if job.state not in (State.FAILED, State.CANCELLED):
        raise _refused(job, "cannot be done again", "only one that failed or was cancelled can")
    connection.execute("UPDATE jobs SET turn = (SELECT max(turn) + 1 FROM jobs) WHERE id = ?", (job.id,))
    _become(connection, job, State.QUEUED, "retried")


def _finish(connection: sqlite3.Connection, job: Job) -> None:
    if job.state is State.RUNNING and job.wish is not Wish.CANCEL:
        _ask(connection, job, Wish.FINISH)
    elif job.state in (State.QUEUED, State.PAUSED) and job.step > 0:
        if job.state is State.PAUSED:
            _become(connection, job, State.QUEUED)
        _ask(connection, job, Wish.FINISH)
    else:
        raise _refused(job, "cannot be finished", "only one that has learned something and is not over can")


def _delete(connection: sqlite3.Connection, job: Job) -> None:
    if job.state is State.RUNNING:
        raise _refused(job, "cannot be deleted", "cancel it first")
    connection.execute("UPDATE jobs SET deleted = 1 WHERE id = ?", (job.id,))
    log(connection, job.id, "deleted")


def _ask(connection: sqlite3.Connection, job: Job, wish: Wish) -> None:
    if job.wish is not wish:
        connection.execute("UPDATE jobs SET wish = ? WHERE id = ?", (wish, job.id))
        log(connection, job.id, f"{wish} asked")


def _become(connection: sqlite3.Connection, job: Job, state: State, what: str | None = None) -> None:
    ended = now() if state is State.CANCELLED else ""
    connection.execute(
        "UPDATE jobs SET state = ?, wish = NULL, error = '', ended = ? WHERE id = ?", (state, ended, job.id)
    )
    log(connection, job.id, what or state)


def _found(connection: sqlite3.Connection, job_id: int, *, deleted: bool = False) -> Job:
    row = connection.execute(f"{SELECT} WHERE id = ? AND (NOT deleted OR ?)", (_whole(job_id), deleted)).fetchone()
    if row is None:
        raise _not_found(job_id)
    return from_row(row)


def _whole(job_id: object) -> int:
    """A number as SQLite can hold it; whatever else comes is not found."""
    if isinstance(job_id, int) and not isinstance(job_id, bool) and 0 < job_id < 2**63:
        return job_id
    raise _not_found(job_id)


def _not_found(job_id: object) -> GenworldError:
    return GenworldError(f"There is no job {str(job_id)[:40]!r}; it may have been deleted in another window.")


def _refused(job: Job, what: str, rather: str) -> GenworldError:
    asked = f" and shall {job.wish}" if job.wish else ""
    return GenworldError(f"{job.title!r} is {job.state}{asked}, so it {what}; {rather}.")
