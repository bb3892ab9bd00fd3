"""``python -m genworld.worker``: what the page starts, and ``genworld worker`` in the foreground."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType

from genworld.errors import GenworldError
from genworld.library import Library
from genworld.worker.tasks import TASKS
from genworld.worker.worker import Worker


def main(arguments: Sequence[str] | None = None, tasks: Mapping[str, str] = TASKS) -> None:
    """Work until told to stop.

    Args:
        arguments: ``--drain`` stops when nothing is left to do; ``--with-input`` stops when the input ends, as it does
            when the page that holds it is gone.
        tasks: ``module:function`` of each kind of job.

    Raises:
        GenworldError: the library cannot be opened.
    """
    parser = argparse.ArgumentParser(prog="genworld worker")
    parser.add_argument("--drain", action="store_true")
    parser.add_argument("--with-input", action="store_true")
    wanted = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    run(drain=wanted.drain, with_input=wanted.with_input, tasks=tasks)


def run(*, drain: bool = False, with_input: bool = False, tasks: Mapping[str, str] = TASKS) -> None:
    """A worker of the person's library in this process, until it is told to retire; main thread only.

    Args:
        drain: stop when nothing is left to do.
        with_input: stop when the input of this process ends.
        tasks: ``module:function`` of each kind of job.
    """
    with Library.open() as library:
        worker = Worker(library.jobs, library.path, tasks)
        if with_input:
            threading.Thread(target=_retire_with_input, args=(worker,), name="input", daemon=True).start()
        with _retiring_on_signals(worker):
            worker.run(drain=drain)


@contextmanager
def _retiring_on_signals(worker: Worker) -> Iterator[None]:
    """Within it Ctrl+C asks the worker to retire; a second one breaks off."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def retire(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
        worker.retire()
        signal.signal(number, before[signal.Signals(number)])

    for number in before:
        signal.signal(number, retire)
    try:
        yield
    finally:
        for number, action in before.items():
            signal.signal(number, action)


def _retire_with_input(worker: Worker) -> None:
    # Not through `sys.stdin`: its lock, held by a thread that waits, breaks the end of the interpreter.
    while os.read(0, 4096):
        pass
    worker.retire()


if __name__ == "__main__":
    try:
        main()
    except GenworldError as fault:
        raise SystemExit(f"genworld: {fault.sentence}") from fault
