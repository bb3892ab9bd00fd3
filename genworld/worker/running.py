"""A worker's side of its child: starts it, tells it what is asked, hears how it ended, ends it when it does not hear."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress

from genworld import paths
from genworld.worker import memory
from genworld.worker.environ import command, ours
from genworld.worker.work import IDLE, LOST, STOPPED, Ask, Assignment, Ending, Outcome

GRACE = {Ask.CANCEL: 1.5, Ask.PAUSE: 8.0, Ask.RELEASE: 8.0}
"""Seconds that a child gets to save and stop. A person who cancels waits two at most; an end of the machine, ten."""
MODULE = "genworld.worker.child"


class Running:
    """A child at its work.

    Args:
        assignment: what it does.

    Raises:
        OSError: the system refuses another process.
    """

    def __init__(self, assignment: Assignment) -> None:
        self.asked: Ask | None = None
        self._until = math.inf
        self._held: int | None = None
        self._line = b""
        self._process = _start(assignment)
        self._heard = threading.Thread(target=self._hear, name="child's answer", daemon=True)
        self._heard.start()
        self._say(assignment.to_line())

    def ask(self, ask: Ask) -> None:
        """Tell the child; it is killed when it does not stop in time. What was asked before and weighs less is dropped."""
        if not ask.outweighs(self.asked):
            return
        self.asked = ask
        if ask in GRACE:
            self._until = time.monotonic() + GRACE[ask]
        self._say(f"{ask}\n".encode())

    def wait(self, seconds: float) -> Ending | None:
        """How it ended, or None when it still runs after so many seconds.

        Once it has answered or was killed it does nothing more. The system may take seconds to clear away its memory,
        for which nobody waits here: `close` does.
        """
        self._heard.join(seconds)
        if not self._heard.is_alive():
            return self._ending()
        if self.asked not in STOPPED or time.monotonic() < self._until:
            return None
        self.kill()
        return Ending(STOPPED[self.asked])

    def look(self) -> None:
        """Take note of its memory: when it is gone, nobody can tell any more."""
        self._held = memory.most_of(self._process.pid) or self._held

    def kill(self) -> None:
        """End it where it stands, with all that it started."""
        with suppress(ProcessLookupError, PermissionError):
            if sys.platform == "win32":  # pragma: no cover
                self._process.kill()
            else:
                os.killpg(self._process.pid, signal.SIGKILL)

    def close(self) -> None:
        """Make sure that nothing is left of it."""
        if self._process.poll() is None:
            self.kill()
            self._process.wait()
        self._heard.join()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                pipe and pipe.close()

    def _say(self, line: bytes) -> None:
        pipe = self._process.stdin
        with suppress(OSError):  # it ended, as `wait` will tell
            if pipe is not None:
                pipe.write(line)
                pipe.flush()

    def _hear(self) -> None:
        if self._process.stdout is not None:
            self._line = self._process.stdout.readline()

    def _ending(self) -> Ending:
        with suppress(ValueError, TypeError, KeyError):
            return Ending.from_line(self._line)
        code = self._process.wait()
        if code == IDLE and self.asked in STOPPED:
            return Ending(STOPPED[self.asked])
        if code == LOST:
            return Ending(Outcome.QUEUED)
        return Ending(Outcome.FAILED, died(code, memory.in_words(self._held, memory.in_all())))


def _start(assignment: Assignment) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603  our own module
        command(MODULE),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=ours(assignment.spec.get("threads")),
        cwd=paths.CHECKOUT,
        # Its own, so that all it starts ends with it (`Running.kill`), and its priority is its own (`priority.lower`).
        start_new_session=sys.platform != "win32",
    )


def died(code: int, figures: str) -> str:
    """The sentence about a child that ended without a word.

    >>> died(-11, "")
    'The process that did this was ended by signal 11 (SIGSEGV). What was saved is there; retry goes on from it.'
    """
    after = "What was saved is there; retry goes on from it."
    if code == -9:
        return (
            f"The process that did this was killed, perhaps for lack of memory{figures}. Close other programs, or take "
            f"a smaller batch or smaller networks. {after}"
        )
    if code < 0:
        with suppress(ValueError):
            return f"The process that did this was ended by signal {-code} ({signal.Signals(-code).name}). {after}"
    return f"The process that did this ended by itself (code {code}); the log may say why. {after}"
