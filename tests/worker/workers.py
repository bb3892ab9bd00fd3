"""Workers in processes of their own, and jobs that take no torch."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from genworld import paths
from genworld.library import Library
from genworld.library.jobs import Job, State
from genworld.worker.environ import command

PATIENCE = 280.0
"""Children are the last in the queue for the processor: on a busy machine they take long to load torch."""
ENDED = (State.SUCCEEDED, State.FAILED, State.CANCELLED)


def add(library: Library, **spec: Any) -> Job:
    """A job that only counts; see `genworld.worker.trial`."""
    return library.jobs.add(kind="trial", title="A trial", spec=spec, model=f"trial-{secrets.token_hex(4)}")


def until(true: Callable[[], object], what: str) -> None:
    """Wait for something that must come."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.02)


def until_state(library: Library, job: Job, *states: State) -> Job:
    """Wait until a job is in one of some states."""
    until(lambda: library.jobs.get(job.id).state in states, f"job {job.id} to be {' or '.join(states)}")
    return library.jobs.get(job.id)


def until_written(file: Path, lines: int = 1) -> list[str]:
    """Wait until children have written lines to a file."""
    until(lambda: file.exists() and len(file.read_text().splitlines()) >= lines, f"{lines} lines in {file.name}")
    return file.read_text().splitlines()


@contextmanager
def worker(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker that knows trials, on this test's data folder; killed at the end if it still runs."""
    process = subprocess.Popen(
        command("genworld.worker.trial", *arguments),
        cwd=paths.CHECKOUT,
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stdin:
            process.stdin.close()


def children(pid: int) -> list[int]:
    """Processes that a process started and that still run."""
    found = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(each) for each in found.read_text().split()] if found.exists() else []


def runs(pid: int) -> bool:
    """Whether a process still runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def kill(pid: int) -> None:
    """End a process as the system does when there is no memory left."""
    os.kill(pid, signal.SIGKILL)
