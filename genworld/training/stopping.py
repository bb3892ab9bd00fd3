"""Stopping between two steps when a person or the system asks for it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def interruptible() -> Iterator[threading.Event]:
    """Within it Ctrl+C sets the event instead of breaking a step in two; a second one breaks off. Main thread only."""
    stop = threading.Event()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def restore() -> None:
        for number, action in before.items():
            signal.signal(number, action)

    def ask(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
        stop.set()
        restore()

    for number in before:
        signal.signal(number, ask)
    try:
        yield stop
    finally:
        restore()
