"""Claims one job after the other and has a child do it; nothing that happens in a child ends the worker."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

from genworld.errors import GenworldError
from genworld.library.jobs import Jobs, Lease, LeaseLostError, State, Wish
from genworld.worker import owner
from genworld.worker.abandoned import Abandoned
from genworld.worker.running import Running
from genworld.worker.tasks import TASKS
from genworld.worker.work import Ask, Assignment, Ending, Outcome

TICK = 0.1
"""Seconds between looks at what a person asks, and at the child."""
BEAT = 1.0
"""Seconds between beats of a lease."""
IDLE = 0.4
"""Seconds between looks at an empty queue."""
PATIENCE = 1.0
"""Seconds until the library is tried again when it refuses."""
LEAVING = 2.0
"""Seconds that a worker that retires tries to tell the library how its job ended."""

_log = logging.getLogger(__name__)


class Worker:
    """Does the jobs of one library; several may share it.

    Args:
        jobs: of the library.
        library: its file.
        tasks: ``module:function`` of each kind of job.
    """

    def __init__(self, jobs: Jobs, library: Path, tasks: Mapping[str, str] = TASKS) -> None:
        self._jobs = jobs
        self._library = library
        self._tasks = tasks
        self._owner = owner.own()
        self._abandoned = Abandoned(jobs, self._owner)
        self._retiring = threading.Event()

    def retire(self) -> None:
        """Stop soon: the job at hand is saved and goes back into the queue. May be called from anywhere."""
        self._retiring.set()

    def run(self, *, drain: bool = False) -> None:
        """Work until told to retire.

        Args:
            drain: stop when nothing is left to do.
        """
        while not self._retiring.is_set():
            self._abandoned.take_back()
            lease = self._claimed()
            if lease is not None:
                self._do(lease)
            elif drain and not self._jobs_left():
                return
            else:
                self._retiring.wait(IDLE)

    def _jobs_left(self) -> bool:
        try:
            return any(job.state in (State.QUEUED, State.RUNNING) for job in self._jobs.all())
        except GenworldError as error:
            _log.warning("the queue was not looked at: %s", error.sentence)
            return True

    def _claimed(self) -> Lease | None:
        try:
            return self._jobs.claim(self._owner)
        except GenworldError as error:
            _log.warning("no job was claimed: %s", error.sentence)
            return None

    def _do(self, lease: Lease) -> None:
        """One job, from the claim to its end."""
        _log.info("job %d, %s: attempt %d", lease.job.id, lease.job.title, lease.attempt)
        try:
            begun = self._begun(lease)
            if isinstance(begun, Ending):
                return self._settle(lease, begun)
            with closing(begun):  # told before it is closed: what is left of a child may take seconds to go
                self._settle(lease, self._watched(begun, lease))
        except LeaseLostError:
            _log.warning("job %d was taken over by another worker", lease.job.id)

    def _begun(self, lease: Lease) -> Running | Ending:
        """The child of a job, or why there is none."""
        task = self._tasks.get(lease.job.kind)
        if task is None:
            return Ending(
                Outcome.FAILED, f"This genworld knows no work of the kind {lease.job.kind!r}; update it, then retry."
            )
        try:
            return Running(_assignment(lease, task, self._library))
        except OSError as error:
            return Ending(
                Outcome.FAILED, f"The system refuses another process ({error.strerror}); close programs, then retry."
            )

    def _watched(self, child: Running, lease: Lease) -> Ending:
        beat = Beat(lease, self._jobs)
        while (ending := child.wait(TICK)) is None:
            if (wish := beat.wish()) is not None:
                child.ask(Ask(wish))
            if self._retiring.is_set():
                child.ask(Ask.RELEASE)
            child.look()
            self._abandoned.take_back()
        return ending

    def _settle(self, lease: Lease, ending: Ending) -> None:
        """Tell the library how a job ended: again and again while the disk refuses, unless this worker retires.

        Raises:
            LeaseLostError: another worker has it by now.
        """
        _log.info("job %d: %s %s", lease.job.id, ending.outcome, ending.error)
        since = time.monotonic()
        while True:
            try:
                return _tell(lease, ending)
            except LeaseLostError:
                raise
            except GenworldError as error:
                _log.warning("the end of job %d is not told yet: %s", lease.job.id, error.sentence)
            if self._retiring.is_set() and time.monotonic() - since > LEAVING:
                return None
            time.sleep(PATIENCE)


class Beat:
    """Keeps a lease alive, and hears what a person wishes meanwhile.

    Args:
        lease: of the job at hand.
        jobs: of the library.
        clock: monotonic seconds.
    """

    def __init__(self, lease: Lease, jobs: Jobs, clock: Callable[[], float] = time.monotonic) -> None:
        self._lease = lease
        self._jobs = jobs
        self._clock = clock
        self._last = float("-inf")

    def wish(self) -> Wish | None:
        """What is asked of the job by now; beats when it is time.

        Raises:
            LeaseLostError: another worker has it by now.
        """
        try:
            if self._clock() - self._last < BEAT:
                return self._jobs.get(self._lease.job.id).wish
            self._last = self._clock()
            return self._lease.beat()
        except LeaseLostError:
            raise
        except GenworldError as error:  # a full disk, say: the work goes on, and so does the trying
            _log.warning("no beat of job %d: %s", self._lease.job.id, error.sentence)
            return None


def _assignment(lease: Lease, task: str, library: Path) -> Assignment:
    job = lease.job
    return Assignment(
        task, str(library), job.id, lease.owner, lease.attempt, job.spec, job.model, job.title, job.device
    )


def _tell(lease: Lease, ending: Ending) -> None:
    if ending.outcome in (Outcome.QUEUED, Outcome.PAUSED):
        lease.release(State(ending.outcome))
    else:
        lease.end(State(ending.outcome), ending.error)
