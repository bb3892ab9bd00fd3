"""Trainings put into the queue, by the page and by the command alike."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from genworld import paths
from genworld.datasets import store
from genworld.library import Library
from genworld.library.jobs import Job, State
from genworld.worker import process

if TYPE_CHECKING:
    from genworld.training.order import Order

KIND = "train"


def enqueue(order: Order, title: str = "", library: Library | None = None) -> Job:
    """Queue a training. Its folder among the person's models is made now, so that nobody else gets its name.

    Args:
        order: checked.
        title: of job and model; the order's, or the name of the data, when empty.
        library: opened here when None.

    Raises:
        GenworldError: a title that is too long, or the disk refuses; nothing is left behind then.
    """
    if library is None:
        with Library.open() as opened:
            return enqueue(order, title, opened)
    from genworld.learning import reserved  # loads torch, which not every caller needs

    fixed = _fixed(order, title or order.title or _named(order.data))
    place = reserved(fixed.title, [job.model for job in library.jobs.all()])
    try:
        job = library.jobs.add(kind=KIND, title=fixed.title, spec=fixed.spec, model=place.name)
    except BaseException:
        _let_go(place)
        raise
    process.ensure()
    return job


def _fixed(order: Order, title: str) -> Order:
    """The order with all that must be the same at each attempt, wherever the worker stands."""
    from genworld.training.order import NAMED

    data = order.data if order.data.startswith(NAMED) else str(Path(order.data).expanduser().resolve())
    fixed = {"title": title, "data": data, "digest": _digest(order), "threads": order.threads or threads()}
    return order.checked({**order.spec, **fixed})


def _digest(order: Order) -> str:
    """Of kept data: others may have their name before the training begins."""
    head, _, name = order.data.partition(":")
    return order.digest or (store.find(name).digest if head == store.SCHEME and not order.options else "")


def _named(data: str) -> str:
    return Path(data.rpartition(":")[2]).stem or "model"


def threads() -> int:
    """Threads that a training gets on this machine: one core stays for the page.

    They are written into the order: with another number the same sums are added in another order, and a training that
    was interrupted would not give the same weights.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, cores - 1)


def delete(job_id: int, library: Library) -> Job:
    """Take a job off the list. Its model stays; a name that was kept for one that never came is free again."""
    job = library.jobs.delete(job_id)
    _let_go(paths.models_home() / job.model)
    return job


def restore(job_id: int, library: Library) -> Job:
    """Bring a deleted job back; for one that waits its name is kept again."""
    job = library.jobs.restore(job_id)
    if job.state in (State.QUEUED, State.PAUSED):
        (paths.models_home() / job.model).mkdir(parents=True, exist_ok=True)
    return job


def _let_go(place: Path) -> None:
    with suppress(OSError):  # it holds a model
        place.rmdir()
