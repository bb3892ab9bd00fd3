"""Copies of the library, taken now and then and before its tables change.

They stand in ``snapshots/`` beside the file. Numbers order them, not the clock.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from genworld.storage import sync_folder

EVERY_SECONDS = 600
KEEP = 5

_NAME = re.compile(r"(\d{6,})(-before-upgrade)?\.sqlite")


def folder_of(path: Path) -> Path:
    """Where the snapshots of the library at `path` are."""
    return path.parent / "snapshots"


def newest_first(path: Path) -> list[Path]:
    """All snapshots of the library at `path`."""
    folder = folder_of(path)
    names = os.listdir(folder) if folder.is_dir() else []
    found = [name for name in names if _NAME.fullmatch(name)]
    return [folder / name for name in sorted(found, key=_number, reverse=True)]


def age(snapshot: Path) -> float:
    """Seconds since `snapshot` was taken; negative when the clock was set back."""
    return time.time() - snapshot.stat().st_mtime


def due(path: Path) -> bool:
    """Whether the newest snapshot is missing, old, or from a future that the clock no longer knows."""
    newest = newest_first(path)[:1]
    return not newest or not 0 <= age(newest[0]) < EVERY_SECONDS


def take(connection: sqlite3.Connection, path: Path, *, before_upgrade: bool = False) -> Path:
    """A checked copy of what `connection` sees; only the newest few are kept, those before an upgrade for good.

    Raises:
        sqlite3.DatabaseError: the copy is damaged; older snapshots stay.
        OSError: the folder cannot be written.
    """
    folder = folder_of(path)
    folder.mkdir(exist_ok=True)
    number = max((_number(snapshot.name) for snapshot in newest_first(path)), default=0) + 1
    final = folder / f"{number:06d}{'-before-upgrade' if before_upgrade else ''}.sqlite"
    temporary = folder / f".{number:06d}-{os.getpid()}.tmp"
    try:
        _copy_checked(connection, temporary)
        _publish(temporary, final)
    finally:
        temporary.unlink(missing_ok=True)
    _forget_old(path)
    return final


def restore(snapshot: Path, path: Path) -> None:
    """Puts a copy of `snapshot` at `path`, all of it or nothing."""
    temporary = path.with_name(f".{path.name}-{os.getpid()}.tmp")
    try:
        shutil.copyfile(snapshot, temporary)
        _publish(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _copy_checked(connection: sqlite3.Connection, target: Path) -> None:
    with closing(sqlite3.connect(target, isolation_level=None)) as copy:
        connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, complete by itself
        answer = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
        if answer != "ok":
            raise sqlite3.DatabaseError(f"the copy is damaged: {answer}")


def _publish(temporary: Path, final: Path) -> None:
    with temporary.open("rb+") as file:
        os.fsync(file.fileno())
    os.replace(temporary, final)
    sync_folder(final.parent)


def _number(name: str) -> int:
    return int(name.split("-")[0].split(".")[0])


def _forget_old(path: Path) -> None:
    regular = [snapshot for snapshot in newest_first(path) if "-before-upgrade" not in snapshot.name]
    for snapshot in regular[KEEP:]:
        snapshot.unlink(missing_ok=True)
