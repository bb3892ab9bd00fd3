"""Files that are whole or not there: atomic writes and digests."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from genworld.errors import GenworldError

PARTIAL = ".tmp-"
"""How what is not complete yet is called."""
STALE_SECONDS = 3600.0
"""Age at which what nobody completed is swept away."""


def sha256(data: bytes) -> str:
    """SHA-256 in lower-case hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that a reader sees the old bytes or the new ones, never a part, even when the power goes.

    Raises:
        GenworldError: the folder cannot be written or the disk is full; nothing is left behind.
    """
    temporary = None
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=PARTIAL, delete=False) as file:
            temporary = Path(file.name)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise GenworldError(
            f"{path.name} ({len(data) / 2**20:.1f} MiB) could not be written to {path.parent} ({error.strerror}); "
            "free some space or choose another folder."
        ) from error


def sweep_partial(folder: Path, prefix: str = PARTIAL) -> None:
    """Remove what processes that were killed left half written in a folder: an hour old and older.

    Args:
        folder: in which nobody takes an hour to write one thing.
        prefix: how the names of its unfinished files and folders start.
    """
    for old in folder.glob(f"{prefix}*"):
        with suppress(OSError):  # somebody was quicker
            if old.stat().st_mtime < time.time() - STALE_SECONDS:
                shutil.rmtree(old, ignore_errors=True) if old.is_dir() else old.unlink()


def sync_folder(folder: Path) -> None:
    """Make renames in a folder survive a loss of power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read_bounded(path: Path, most: int) -> bytes:
    """The bytes of a file of at most `most` bytes. Raises GenworldError when it is missing, unreadable or larger."""
    try:
        if path.stat().st_size > most:
            raise GenworldError(
                f"{path.name} should have at most {most / 2**20:.0f} MiB, but it has {path.stat().st_size / 2**20:.0f} MiB."
            )
        return path.read_bytes()
    except OSError as error:
        raise GenworldError(
            f"Expected the file {path.name} in {path.parent}, but it cannot be read ({error.strerror})."
        ) from error
