"""Tasks for trying workers out: ``python -m genworld.worker.trial`` is a worker that knows them, no other does."""

from __future__ import annotations

import os
import time

from genworld.worker.work import STOPPED, Ending, Outcome, Work

TASKS = {"trial": "genworld.worker.trial:run", "train": "genworld.worker.trial:train_often"}
OFTEN = (0.2, 0.4)
"""Seconds of learning between two checkpoints, where workers are to be killed between them."""


def run(work: Work) -> Ending:
    """Writes a line to a file, takes its time, and ends as it was told.

    Its spec: ``file`` gets the job's id; ``seconds`` to stay; ``deaf`` hears nothing; ``exit`` is a code, or a
    negative signal, to die of; ``error`` is a sentence to fail with.
    """
    spec = work.assignment.spec
    work.unsaved = True
    if "file" in spec:
        _write_line(spec["file"], work.assignment.job)
    until = time.monotonic() + spec.get("seconds", 0.0)
    while time.monotonic() < until:
        if work.asked in STOPPED and not spec.get("deaf"):
            return Ending(STOPPED[work.asked])
        time.sleep(0.01)
    return _end(spec)


def _write_line(file: str, job: int) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    os.write(handle, f"{job}\n".encode())
    os.close(handle)


def _end(spec: dict[str, object]) -> Ending:
    if isinstance(code := spec.get("exit"), int):
        if code < 0:
            os.kill(os.getpid(), -code)
        os._exit(code)
    if "error" in spec:
        from genworld.errors import GenworldError

        raise GenworldError(str(spec["error"]))
    return Ending(Outcome.SUCCEEDED)


def train_often(work: Work) -> Ending:
    """Trains as ever, but saves all the time and is done when it has learned."""
    from genworld.worker.train import train

    return train(work, save_every=OFTEN, sliders=False)


if __name__ == "__main__":
    from genworld.worker.__main__ import main

    main(tasks=TASKS)
