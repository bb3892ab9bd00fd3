"""The page's own worker: started when there is work, started again when it dies, gone when the page is.

The worker's input is a pipe that the page holds. When the page ends, however it ends, the pipe does too, and the worker
saves what it is at, puts it back into the queue and leaves.
"""

from __future__ import annotations

import atexit
import logging
import subprocess
import sys
import threading
from contextlib import suppress

from genworld import paths
from genworld.errors import GenworldError
from genworld.library import Library
from genworld.library.jobs import State
from genworld.worker.environ import command, ours

MODULE = "genworld.worker"
EVERY = 1.0
"""Seconds between looks at the queue and at the worker."""
PAUSES = (0.0, 1.0, 2.0, 5.0, 15.0, 60.0)
"""Seconds before a worker that died is started again: longer each time."""
SETTLED = 60.0
"""Seconds that a worker has to live for its deaths to be forgotten."""
FAREWELL = 12.0
"""Seconds that a worker gets to save and leave when the page ends by itself."""

_log = logging.getLogger(__name__)


class Supervisor:
    """Keeps one worker alive while there is work.

    Args:
        arguments: of the command that starts a worker; the one of genworld when None.
    """

    def __init__(self, arguments: list[str] | None = None) -> None:
        self._library: Library | None = None
        self._arguments = arguments or command(MODULE, "--with-input")
        self._process: subprocess.Popen[bytes] | None = None
        self._awake = threading.Event()
        self._ended = threading.Event()
        self._deaths = 0
        self._thread = threading.Thread(target=self._supervise, name="worker's supervisor", daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int | None:
        """The worker's process, while there is one."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def ensure(self) -> None:
        """Look at the queue now: something was added. Does not wait."""
        self._awake.set()

    def close(self) -> None:
        """End the worker: it gets time to save and to put its job back."""
        self._ended.set()
        self._awake.set()
        self._thread.join(EVERY)
        process = self._process
        if process is None:
            return
        with suppress(OSError):
            process.stdin and process.stdin.close()
        try:
            process.wait(FAREWELL)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _supervise(self) -> None:
        lived = 0.0
        while not self._ended.is_set():
            self._awake.wait(EVERY)
            self._awake.clear()
            if self.pid is not None:
                lived += EVERY
                self._deaths = 0 if lived > SETTLED else self._deaths
            elif self._bury() and not self._ended.wait(PAUSES[min(self._deaths, len(PAUSES) - 1)]):
                lived = 0.0
                self._start()

    def _bury(self) -> bool:
        """Note the death of a worker, if there was one; whether another is needed."""
        if self._process is not None:
            _log.warning("the worker ended (code %s)", self._process.wait())
            with suppress(OSError):
                self._process.stdin and self._process.stdin.close()
            self._process = None
            self._deaths += 1
        return self._is_needed()

    def _is_needed(self) -> bool:
        try:
            self._library = self._library or Library.open()
            return any(job.state in (State.QUEUED, State.RUNNING) for job in self._library.jobs.all())
        except GenworldError as error:
            _log.warning("the queue was not looked at: %s", error.sentence)
            return False

    def _start(self) -> None:
        if self._ended.is_set():
            return
        try:
            self._process = subprocess.Popen(  # noqa: S603  our own module
                self._arguments,
                stdin=subprocess.PIPE,
                env=ours(),
                cwd=paths.CHECKOUT,
                # Ctrl+C in the page's terminal is for the page; the worker hears of it through its input.
                start_new_session=sys.platform != "win32",
            )
        except OSError as error:
            self._deaths += 1
            _log.warning("no worker could be started: %s", error.strerror)


_current: Supervisor | None = None


def start() -> Supervisor:
    """Begin to supervise for this process, which runs a page in local mode; a second call changes nothing."""
    global _current
    if _current is None:
        _current = Supervisor()
        atexit.register(stop)
    return _current


def ensure() -> None:
    """Have the queue looked at now, where this process supervises a worker; elsewhere nothing."""
    if _current is not None:
        _current.ensure()


def stop() -> None:
    """End the worker of this process, where it has one."""
    global _current
    if _current is not None:
        supervisor, _current = _current, None
        atexit.unregister(stop)
        supervisor.close()
