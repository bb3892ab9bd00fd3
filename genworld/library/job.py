"""A job: one training in the queue, at work or done, as its row tells."""

from __future__ import annotations

import json
import logging
import sqlite3
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from genworld.library.history import now

_log = logging.getLogger(__name__)


class State(StrEnum):
    """What a job is at."""

    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Wish(StrEnum):
    """What was asked of a job at work, and will be done when its worker hears of it."""

    CANCEL = "cancel"
    PAUSE = "pause"
    FINISH = "finish"


@dataclass(frozen=True)
class Job:
    """One job.

    Args:
        id: its number.
        kind: which task it is, such as ``"train"``.
        title: what people call it.
        spec: its order, as plain JSON.
        model: name of the folder that it makes.
        state: what it is at.
        wish: what was asked of it and is not done yet.
        step, total: steps done, and wanted; 0 before they are known.
        phase: what is done just now.
        device: where it learns.
        rate: examples learned from in a second, lately.
        seconds: of learning so far.
        error: why it failed, one sentence.
        attempt: how often it was begun.
        position: its place in the queue, 1 is next; None where it does not wait.
        created, started, ended: ISO 8601 in UTC, for people; empty for what was not yet.
    """

    id: int
    kind: str
    title: str
    spec: dict[str, Any]
    model: str
    state: State
    wish: Wish | None
    step: int
    total: int
    phase: str
    device: str
    rate: float
    seconds: float
    error: str
    attempt: int
    position: int | None
    created: str
    started: str
    ended: str


@dataclass(frozen=True)
class Entry:
    """One line of what happened to a job.

    Args:
        what: such as ``"begun"``, ``"pause asked"`` or ``"taken back"``.
        attempt: how often the job had been begun by then.
        detail: the reason or the owner, where there is one.
        created: ISO 8601 in UTC.
    """

    what: str
    attempt: int
    detail: str
    created: str


_PLAIN = (
    *("id", "kind", "title", "spec", "model", "state", "wish", "step", "total", "phase", "device"),
    *("rate", "seconds", "error", "attempt", "created", "started", "ended"),
)
_POSITION = """
    CASE WHEN state = 'queued' AND NOT deleted THEN (
        SELECT count(*) FROM jobs AS other
        WHERE other.state = 'queued' AND NOT other.deleted AND (other.turn, other.id) <= (jobs.turn, jobs.id)
    ) END AS position
"""
SELECT = f"SELECT {', '.join(_PLAIN)}, {_POSITION} FROM jobs"  # noqa: S608  (our own names)


def from_row(row: sqlite3.Row) -> Job:
    """The job of a row of `SELECT`."""
    values: dict[str, Any] = dict(row)
    wish = values["wish"]
    return Job(
        **{
            **values,
            "spec": _spec(values["spec"], values["id"]),
            "state": State(values["state"]),
            "wish": Wish(wish) if wish else None,
        }
    )


def log(connection: sqlite3.Connection, job: int, what: str, detail: str = "") -> None:
    """Adds a line to what happened to a job."""
    connection.execute(
        "INSERT INTO job_log (job, what, attempt, detail, created) SELECT id, ?, attempt, ?, ? FROM jobs WHERE id = ?",
        (what, detail, now(), job),
    )


def _spec(text: str, job: int) -> dict[str, Any]:
    """A job whose order the disk damaged is still shown, and refused when it is begun."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, dict):
        return found
    _log.error("the order of job %d is damaged", job)
    return {}
