"""What passes between a worker and its child, and what a task gets to see. Loads nothing but Python's own."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from genworld.library import Library
    from genworld.library.jobs import Jobs, Lease

LOST = 75
"""Exit code of a child whose lease another worker has."""
ORPHANED = 76
"""Exit code of a child whose worker is gone."""
IDLE = 77
"""Exit code of a child that was asked to stop while it had nothing to save."""


class Ask(StrEnum):
    """What a worker asks of its child; of two asks the later one in this list counts."""

    FINISH = "finish"
    """Learn no further, conclude properly."""
    RELEASE = "release"
    """Save; another worker goes on."""
    PAUSE = "pause"
    """Save; the person says when it goes on."""
    CANCEL = "cancel"
    """Save what was learned at once."""

    def outweighs(self, other: Ask | None) -> bool:
        """Whether it counts where `other` was asked already."""
        ranks = list(Ask)
        return other is None or ranks.index(self) > ranks.index(other)


class Outcome(StrEnum):
    """How a child ended; the words are those of a job's states."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    PAUSED = "paused"
    QUEUED = "queued"


STOPPED = {Ask.CANCEL: Outcome.CANCELLED, Ask.PAUSE: Outcome.PAUSED, Ask.RELEASE: Outcome.QUEUED}
"""What becomes of a job that stopped because it was asked to."""


@dataclass(frozen=True)
class Ending:
    """How a child ended, and why if it failed."""

    outcome: Outcome
    error: str = ""

    def to_line(self) -> bytes:
        """One line for the worker."""
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> Ending:
        """What `to_line` made. Raises ValueError, TypeError or KeyError for anything else."""
        told = json.loads(line)
        return cls(Outcome(told["outcome"]), str(told["error"]))


@dataclass(frozen=True)
class Assignment:
    """All that a child is told at its start.

    Args:
        task: ``module:function`` that does it.
        library: the file.
        job: id of the job.
        owner, attempt: of the lease.
        spec: of the job.
        model: name of its folder among the models.
        title: that a person reads.
        device: on which an earlier attempt ran; empty at the first.
    """

    task: str
    library: str
    job: int
    owner: str
    attempt: int
    spec: dict[str, Any]
    model: str
    title: str
    device: str

    def to_line(self) -> bytes:
        """One line for the child."""
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> Assignment:
        """What `to_line` made."""
        return cls(**json.loads(line))


@dataclass
class Work:
    """A job as its task sees it.

    Args:
        assignment: what is to be done.
        unsaved: whether the task has something to save before it may stop; the task says so.
    """

    assignment: Assignment
    unsaved: bool = False
    _ask: Ask | None = field(default=None, init=False)

    @property
    def asked(self) -> Ask | None:
        """What the worker wants by now; look often, a child that does not stop is killed."""
        return self._ask

    @cached_property
    def library(self) -> Library:
        """The library that the job is of."""
        from genworld.library import Library

        return Library.open(Path(self.assignment.library))

    @property
    def jobs(self) -> Jobs:
        """Those of the library."""
        return self.library.jobs

    @cached_property
    def lease(self) -> Lease:
        """Under which the task reports."""
        return self.jobs.lease(self.assignment.job, self.assignment.owner, self.assignment.attempt)

    def has_part(self, digest: str) -> bool:
        """Whether a checkpoint has a part in what was kept; True where the library does not answer just now."""
        from genworld.errors import GenworldError

        try:
            return self.library.made_with(digest)
        except GenworldError:
            return True

    def listen(self, lines: Iterable[bytes], leave: Callable[[int], object] = os._exit) -> None:
        """Hear the worker in a thread. When it is gone, this process ends where it stands; asked to stop, it does so
        too while there is nothing to save: torch may load for long, and what was learned may be measured for longer.

        Args:
            lines: of asks; their end is the worker's.
            leave: ends the process with an exit code.
        """

        def hear() -> None:
            for line in lines:
                ask = Ask(line.decode().strip())
                if ask.outweighs(self._ask):
                    self._ask = ask
                if ask in STOPPED and not self.unsaved:
                    leave(IDLE)
            leave(ORPHANED)

        threading.Thread(target=hear, name="worker's asks", daemon=True).start()
