"""One job, in a process of its own: told by its worker what to do, and gone when its worker is.

On the input stand the assignment and then what is asked; on the output one line says how it ended.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import IO

from genworld.worker import only_one, priority
from genworld.worker.tasks import resolve
from genworld.worker.work import ORPHANED, STOPPED, Assignment, Ending, Outcome, Work

NICENESS = 10
PATIENCE = 60.0
"""Seconds that another child of the same job gets to notice that it lost its lease."""
_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Do the job of the assignment on the input."""
    answer = _own_output()
    line = sys.stdin.buffer.readline()
    if not line:
        os._exit(ORPHANED)
    work = Work(Assignment.from_line(line))
    work.listen(sys.stdin.buffer)
    _humble()
    answer.write(_ending(work).to_line())
    answer.flush()
    os._exit(0)  # threads of what was loaded may not hold it back


def _own_output() -> IO[bytes]:
    """The output, for the answer alone: whatever else is printed goes to the log."""
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answer


def _humble() -> None:
    """Last in the queue for the processor, and dead when the worker is, even where this process is stopped."""
    priority.lower(NICENESS)
    if sys.platform == "linux":
        import ctypes

        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _ending(work: Work) -> Ending:
    """How the task ended. A fault that a person can act on is its sentence; any other is in the log."""
    from genworld.errors import GenworldError

    given = work.assignment
    try:
        if not only_one.hold(Path(given.library), given.job, PATIENCE, lambda: work.asked in STOPPED):
            return _not_alone(work)
        return resolve(given.task)(work)
    except GenworldError as error:
        return Ending(Outcome.FAILED, error.sentence)
    except Exception as error:
        traceback.print_exc()
        return Ending(
            Outcome.FAILED,
            f"A fault of genworld itself stopped it ({type(error).__name__}: {error}); the log has the details. "
            "What was saved is there; retry goes on from it."[:1000],
        )


def _not_alone(work: Work) -> Ending:
    if work.asked in STOPPED:
        return Ending(STOPPED[work.asked])
    return Ending(
        Outcome.FAILED,
        "Another process still works on this and does not answer; end it or restart the machine, then retry.",
    )


if __name__ == "__main__":
    main()
