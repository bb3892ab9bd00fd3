"""Last in the queue for the processor, in whichever way the kernel keeps that queue."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

AUTOGROUP = Path("/proc/self/autogroup")
TRIES = 3
PAUSE = 0.15
"""Seconds: the kernel lets one unprivileged process in a tenth of a second set the niceness of a group."""


def lower(by: int, autogroup: Path = AUTOGROUP) -> None:
    """Let everybody else go first. What a system refuses stays as it was.

    Niceness alone is not enough: where Linux groups processes by session (``kernel.sched_autogroup_enabled``, usual on
    desktops), it counts among those of one session only, and a process with a session of its own gets as much as a
    whole other session does. Then that group is lowered as well.

    Args:
        by: what is added to the niceness.
        autogroup: file with the niceness of this process's group; there is none where nothing is grouped.
    """
    with suppress(OSError, AttributeError):  # not every system has priorities
        niceness = os.nice(by)
        if _has_own_session():
            _set(autogroup, niceness)


def _has_own_session() -> bool:
    """A group shared with others, a terminal's say, is not ours to lower."""
    return os.getsid(0) == os.getpid()


def _set(autogroup: Path, niceness: int) -> None:
    if not autogroup.exists():
        return
    for _ in range(TRIES):
        try:
            autogroup.write_text(str(niceness), encoding="ascii")
        except BlockingIOError:
            time.sleep(PAUSE)
        else:
            return
