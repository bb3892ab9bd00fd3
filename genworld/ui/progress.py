"""How trainings stand: the list of jobs, and what is new of the one that somebody watches. Torch is not needed."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from genworld import paths, replay
from genworld.content import Spec
from genworld.errors import GenworldError, unknown
from genworld.library import Library
from genworld.library.jobs import Job, Jobs, State
from genworld.limits import whole
from genworld.recent import Recent
from genworld.ui import films, sets
from genworld.worker import process, queue

POINTS = 500
"""Of a curve."""
TURNS = ("cancel", "pause", "resume", "finish", "retry", "delete", "restore")
TILE_SIDE = 128
"""Pixels of a sample in the film, at most."""
PATIENCE_SECONDS = 0.4
"""How long frames are drawn for one answer."""
MOST_STEP = 2**53
LEARNING = "learning"

_tiles = Recent[tuple[int, int, int], list[dict[str, Any]]](256)
"""By job, attempt and step."""
_specs = Recent[int, Spec](16)
"""By job."""


@dataclass(frozen=True)
class Watch:
    """What a browser knows already of a job.

    Args:
        id: of the job.
        step: of the last point of its curves.
        frame: step of its last frame.
    """

    id: int
    step: int
    frame: int


def watch(value: object) -> Watch | None:
    """What a browser watches, read. Raises GenworldError for what cannot be."""
    if value is None:
        return None
    if not isinstance(value, dict):
        raise GenworldError("What is watched is an object with named values, but something else came; reload the page.")
    return Watch(
        job_id(value),
        whole("The last step", value.get("step", -1), -1, MOST_STEP),
        whole("The last frame", value.get("frame", -1), -1, MOST_STEP),
    )


def job_id(value: dict[str, Any]) -> int:
    """The number of a job."""
    return whole("The number of a job", value.get("id"), 0, MOST_STEP)


def live(library: Library, watched: Watch | None) -> dict[str, Any]:
    """All jobs, and of the watched one what its browser does not know yet."""
    jobs = library.jobs.all()
    known = next((job for job in jobs if watched and job.id == watched.id), None)
    new = _since(library.jobs, known, watched) if known and watched else None
    return {"jobs": [in_json(job) for job in jobs], "watched": new}


def turn(library: Library, job: int, name: str) -> dict[str, Any]:
    """Have something done with a job. Raises GenworldError where its state does not allow it."""
    if name not in TURNS:
        raise unknown("turn", name, TURNS)
    of_queue = {"delete": queue.delete, "restore": queue.restore}
    if name in of_queue:
        return {"job": in_json(of_queue[name](job, library))}
    turned = getattr(library.jobs, name)(job)
    process.ensure()
    return {"job": in_json(turned)}


def in_json(job: Job) -> dict[str, Any]:
    """A job, for the page."""
    name = str(job.spec.get("data", ""))
    title, kind = sets.about(name)
    return {
        "id": job.id,
        "title": job.title,
        "model": job.model,
        "state": job.state.value,
        "wish": job.wish.value if job.wish else None,
        "step": job.step,
        "total": job.total,
        "phase": job.phase,
        "device": job.device,
        "rate": job.rate,
        "seconds": job.seconds,
        "left": _left(job),
        "error": job.error,
        "position": job.position,
        "preset": job.spec.get("preset", ""),
        "family": str(job.spec.get("family", "")).upper(),
        "data": title,
        "kind": kind,
        "created": job.created,
        "ready": _ready(job),
    }


def _left(job: Job) -> float | None:
    """Seconds of learning that are left, as it went so far."""
    if job.state is not State.RUNNING or job.phase != LEARNING or not job.step or not job.seconds:
        return None
    return (job.total - job.step) * job.seconds / job.step


def _ready(job: Job) -> str | None:
    """A mark of the newest checkpoint; None before the first."""
    try:
        return str((paths.models_home() / job.model / paths.MANIFEST).stat().st_mtime_ns)
    except OSError:
        return None


def _since(jobs: Jobs, job: Job, known: Watch) -> dict[str, Any]:
    """What is new; of the notes all, for one that goes on from an earlier step takes some of them back."""
    curves = {
        name: [[step, value] for step, value in points if step > known.step]
        for name, points in jobs.series(job.id, POINTS).items()
    }
    frames, more = _frames(job, jobs.frames(job.id, known.frame))
    notes = [films.noticed(note) for note in jobs.notes(job.id)]
    return {"curves": curves, "frames": frames, "notes": notes, "more": more}


def _frames(job: Job, packed: list[tuple[int, bytes]]) -> tuple[list[dict[str, Any]], bool]:
    """Frames as tiles, and whether there are more than were drawn in one answer."""
    end = time.monotonic() + PATIENCE_SECONDS
    drawn: list[dict[str, Any]] = []
    for step, data in packed:
        drawn.append({"step": step, "tiles": _tiles_of(job, step, data)})
        if time.monotonic() > end:
            break
    return drawn, len(drawn) < len(packed)


def _tiles_of(job: Job, step: int, packed: bytes) -> list[dict[str, Any]]:
    """The samples of a frame, drawn once for all who look."""
    key = (job.id, job.attempt, step)
    known = _tiles.get(key)
    if known is None:
        known = [films.tile(example, TILE_SIDE) for example in replay.unpack(packed, _spec(job))]
        _tiles.put(key, known)
    return known


def _spec(job: Job) -> Spec:
    from genworld.ui import trainings  # see workspace.warm_up

    known = _specs.get(job.id)
    if known is None:
        known = trainings.spec_of(job.spec)
        _specs.put(job.id, known)
    return known
