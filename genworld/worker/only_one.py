"""A lock for each job, held by the child that does it and gone with that child, however it ends."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

PAUSE = 0.05


def hold(beside: Path, job: int, patience: float, give_up: Callable[[], bool] = lambda: False) -> bool:
    """Take the lock of a job for as long as this process lives.

    A child of a worker that stood still for a while may still write checkpoints when the next child begins: two at once
    would sweep away each other's files.

    Args:
        beside: the library's file; the lock is one byte of a file next to it.
        job: id.
        patience: seconds to wait for another child.
        give_up: asked now and then; True ends the waiting.

    Returns:
        Whether it is held.
    """
    handle = os.open(beside.with_name(f"{beside.name}.jobs"), os.O_RDWR | os.O_CREAT, 0o644)
    until = time.monotonic() + patience
    while not _try(handle, job):
        if time.monotonic() > until or give_up():
            os.close(handle)
            return False
        time.sleep(PAUSE)
    return True  # the handle stays open on purpose: closing it would let go


if sys.platform == "win32":  # pragma: no cover
    import msvcrt

    def _try(handle: int, job: int) -> bool:
        os.lseek(handle, job, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try(handle: int, job: int) -> bool:
        try:
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, job)
        except OSError:
            return False
        return True
