"""Whether trainings in the background hold what they promise: cancelled at once, done once, alive after any kill."""

from __future__ import annotations

import secrets
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from genworld import checkpoint, paths
from genworld.bench.rows import Latency, Share
from genworld.bench.scratch import own_home
from genworld.errors import GenworldError
from genworld.library import Library
from genworld.library.jobs import Job, State
from genworld.seeding import numpy_stream
from genworld.training import Order
from genworld.worker.environ import command
from genworld.worker.queue import enqueue

KILLS = 20
JOBS = 200
CANCELS = 5
WITHIN = 2.0
"""Seconds in which a cancelled job must be one."""
PATIENCE = 900.0
TICK = 0.02
ORDER = Order(
    data="builtin:dungeon",
    options={"count": 64, "size": [16, 16]},
    family="vae",
    settings={"steps": 400, "batch": 16, "channels": 8, "most_channels": 16, "style_dim": 16, "latent_dim": 8},
    device="cpu",
    threads=1,
)
"""A small training of some ten seconds."""
SOON_DONE = {"settings": ORDER.settings | {"steps": 20}, "hold_out": 0.3}
"""Changes of it: not much is learned, but all is done that follows."""
ENDED = (State.SUCCEEDED, State.FAILED, State.CANCELLED)


def run() -> Iterator[object]:
    """Cancel, many jobs, many kills."""
    yield from cancelling()
    yield from sharing()
    yield from killing(KILLS, ORDER)


@contextmanager
def worker(*arguments: str, module: str = "genworld.worker.trial") -> Iterator[subprocess.Popen[bytes]]:
    """A worker in a process of its own: by default one that saves all the time and knows jobs that only count."""
    process = subprocess.Popen(  # noqa: S603  our own module
        command(module, "--with-input", *arguments),  # so that it ends with this process
        cwd=paths.CHECKOUT,
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stdin:
            process.stdin.close()


def cancelling() -> Iterator[Latency]:
    """How long it takes from the click to the job being cancelled, whatever it is at."""
    with own_home() as home, Library.open() as library:
        with worker(module="genworld.worker"):
            for phase, (changes, ready) in PHASES.items():
                add = partial(enqueue, ORDER.model_copy(update=changes), "", library)
                yield _cancelled(f"cancel, while {phase}", library, add, ready)
        with worker():
            lines = home / "lines"
            add = partial(_trial, library, seconds=60, deaf=True, file=str(lines))
            yield _cancelled("cancel, of what does not hear", library, add, lambda job: job.id in _written(lines))


def _cancelled(what: str, library: Library, add: Callable[[], Job], ready: Callable[[Job], bool]) -> Latency:
    seconds = []
    for _ in range(CANCELS):
        job = add()
        if until(library, job, lambda job: ready(job) or job.state in ENDED).state in ENDED:
            raise GenworldError(f"Job {job.id} ended before anybody could {what}.")
        began = time.monotonic()
        library.jobs.cancel(job.id)
        until(library, job, lambda job: job.state in ENDED)
        seconds.append(time.monotonic() - began)
    return Latency(what, tuple(seconds), WITHIN, WITHIN)


def _written(lines: Path) -> set[int]:
    """Jobs that have begun to count."""
    return set(map(int, lines.read_text(encoding="ascii").split())) if lines.exists() else set()


def _runs(job: Job) -> bool:
    return job.state is State.RUNNING


def _loads(job: Job) -> bool:
    return job.phase == "preparing" and job.step == 0


def _learns(job: Job) -> bool:
    return job.step > 0


def _measures(job: Job) -> bool:
    return job.phase == "measuring"


def _fits(job: Job) -> bool:
    return job.phase == "preparing" and job.step > 0


PHASES: Mapping[str, tuple[dict[str, Any], Callable[[Job], bool]]] = {
    "torch loads": ({}, _runs),
    "data load": ({"options": {"count": 4000, "size": [48, 48]}}, _loads),
    "a model learns": ({"settings": ORDER.settings | {"steps": 100_000}}, _learns),
    "a model is measured": (SOON_DONE, _measures),
    "sliders are fitted": (SOON_DONE, _fits),
}
"""What a job can be at, how the order of one is changed for it to be so for a while, and how that is seen."""


def until(library: Library, job: Job, true: Callable[[Job], bool]) -> Job:
    end = time.monotonic() + PATIENCE
    while not true(found := library.jobs.get(job.id)):
        if time.monotonic() > end:
            raise GenworldError(f"Job {job.id} is {found.state} for {PATIENCE:g} seconds ({found.error}).")
        time.sleep(TICK)
    return found


def _trial(library: Library, **spec: Any) -> Job:
    return library.jobs.add(kind="trial", title="A trial", spec=spec, model=f"trial-{secrets.token_hex(4)}")


def sharing(jobs: int = JOBS) -> Iterator[Share]:
    """Two workers, one queue."""
    with own_home() as home, Library.open() as library:
        lines = home / "lines"
        wanted = Counter(str(_trial(library, file=str(lines)).id) for _ in range(jobs))
        began = time.monotonic()
        with worker("--drain") as one, worker("--drain") as other:
            one.wait(PATIENCE)
            other.wait(PATIENCE)
        ran = Counter(lines.read_text(encoding="ascii").split())
        once = sum(ran[job] == 1 for job in wanted)
        ended = sum(job.state is State.SUCCEEDED for job in library.jobs.all())
    took = f"{time.monotonic() - began:.0f} s, {ended} told as done"
    yield Share("jobs of two workers that ran exactly once", once, jobs, note=took)


def killing(kills: int, order: Order) -> Iterator[object]:
    """A worker killed at moments of a training's whole course, and what comes of its jobs in the end."""
    began = time.monotonic()
    aim = _uninterrupted(order)
    longest = time.monotonic() - began
    chance = numpy_stream(0, "kills")
    sound, attempts = 0, 0
    with own_home(), Library.open() as library:
        job = enqueue(order, "", library)
        jobs = [job]
        for _ in range(kills):
            if library.jobs.get(job.id).state in ENDED:
                job = enqueue(order, "", library)
                jobs.append(job)
            with worker() as process:
                time.sleep(chance.uniform(0, longest))
                process.kill()
            sound += _is_sound(library.path) and is_whole(paths.models_home() / job.model)
        with worker("--drain") as process:
            process.wait(PATIENCE)
        ended = [library.jobs.get(each.id) for each in jobs]
        attempts = sum(each.attempt for each in ended)
        same = sum(_digest(each.model) == aim for each in ended if each.state is State.SUCCEEDED)
    note = f"{attempts} attempts, killed within {longest:.0f} s"
    yield Share("kills -9 of a worker after which library and checkpoints are whole", sound, kills)
    yield Share("jobs with the weights of a training that nobody interrupted", same, len(jobs), note=note)


def _uninterrupted(order: Order) -> str:
    with own_home(), Library.open() as library:
        job = enqueue(order, "", library)
        with worker("--drain") as process:
            process.wait(PATIENCE)
        return _digest(until(library, job, lambda job: job.state in ENDED).model)


def _digest(model: str) -> str:
    return checkpoint.find(model).digest


def _is_sound(library: Path) -> bool:
    with closing(sqlite3.connect(library)) as connection:
        return bool(connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok")


def is_whole(folder: Path) -> bool:
    """Whether a model's folder holds a checkpoint that can be read, or none yet."""
    if not (folder / checkpoint.MANIFEST).exists():
        return True
    try:
        found = checkpoint.read(folder)
        found.load()
        found.load_state()
    except GenworldError:
        return False
    return True
