"""Opening the library's file: checked, mended from a snapshot when damaged, brought up to date."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from genworld.errors import GenworldError
from genworld.library import schema, snapshots
from genworld.library.database import connect, in_plain_words, is_damage
from genworld.storage import sync_folder


def prepare(path: Path, where: str) -> str | None:
    """Makes the file at `path` sound and current; one process at a time.

    Returns:
        What the person must know (damage found, how old what was restored is), or None.

    Raises:
        GenworldError: another program's file, a newer genworld's file, or a folder that cannot be used.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with in_plain_words(where), _one_process(path):
            notice = _mended(path)
            _bring_up_to_date(path)
            return notice
    except OSError as error:
        raise GenworldError(
            f"The library in {where} cannot be opened ({error.strerror or error}); make that folder writable, "
            "or set GENWORLD_HOME to another."
        ) from error


@contextmanager
def _one_process(path: Path) -> Iterator[None]:
    """Holds off others who open the library: the lock is SQLite's own, on a file beside, and dies with its holder."""
    with closing(connect(path.with_name(f"{path.name}.lock"))) as lock:
        lock.execute("BEGIN EXCLUSIVE")
        yield


def _mended(path: Path) -> str | None:
    found = snapshots.newest_first(path)
    damage = _damage(path)
    if damage is not None:
        aside = _set_aside(path)
        return _restored(path, f"was damaged ({damage}) and is set aside as {aside.name}", found)
    if found and _is_blank(path):
        _set_aside(path)
        return _restored(path, "was missing or empty", found)
    return None


def _damage(path: Path) -> str | None:
    """What is wrong with the content of the file, or None; a file that is not there has no damage."""
    if not path.exists():
        return None
    try:
        with closing(connect(path)) as connection:
            answer = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        return str(error)
    except UnicodeDecodeError:  # damage inside the very text of SQLite's complaint
        return "its tables cannot be read"
    return None if answer == "ok" else " ".join(answer.split())


def _is_blank(path: Path) -> bool:
    """Whether a sound file holds no table at all."""
    if not path.exists():
        return True
    with closing(connect(path)) as connection:
        return connection.execute("SELECT 1 FROM sqlite_schema").fetchone() is None


def _set_aside(path: Path) -> Path:
    """Renames the file, with what belongs to it, to a name that was free."""
    parts = ("-wal", "-shm", "-journal", "")
    number = 1
    while any(path.with_name(f"{path.name}.damaged-{number}{part}").exists() for part in parts):
        number += 1
    aside = path.with_name(f"{path.name}.damaged-{number}")
    # The log first: SQLite would replay it into whatever file stands at this path next.
    for part in parts:
        whole = path.with_name(path.name + part)
        if whole.exists():
            whole.rename(aside.with_name(aside.name + part))
    sync_folder(path.parent)
    return aside


def _restored(path: Path, what: str, found: list[Path]) -> str:
    for snapshot in found:
        if _damage(snapshot) is None:
            snapshots.restore(snapshot, path)
            return (
                f"The library {what}; the newest snapshot, {_in_words(snapshots.age(snapshot))} old, was restored. "
                "What was kept after it is not on the boards."
            )
    return f"The library {what}, and there was no sound snapshot to restore, so it starts empty."


def _in_words(seconds: float) -> str:
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {unit}{'s' if count > 1 else ''}"
    return "less than a minute"


def _bring_up_to_date(path: Path) -> None:
    with closing(connect(path)) as connection:
        version = _version(connection, path)
        newest = len(schema.MIGRATIONS)
        if version > newest:
            raise GenworldError(
                f"The library {path.name} was written by a newer genworld: its tables have version {version}, and this "
                f"genworld knows up to {newest}. Get the newer one, or set GENWORLD_HOME to another folder."
            )
        connection.execute("PRAGMA journal_mode=WAL")
        if version < newest:
            if version > 0:
                snapshots.take(connection, path, before_upgrade=True)
            _migrate(connection, version)


def _version(connection: sqlite3.Connection, path: Path) -> int:
    """Number of migrations that the file has had. Raises GenworldError for another program's file."""
    owner = int(connection.execute("PRAGMA application_id").fetchone()[0])
    tables = int(connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0])
    if tables and owner != schema.APPLICATION_ID:
        raise GenworldError(
            f"Expected genworld's library in {path.name}, but that is another program's database; "
            "move it away, or set GENWORLD_HOME to another folder."
        )
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _migrate(connection: sqlite3.Connection, version: int) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        for migration in schema.MIGRATIONS[version:]:
            for statement in migration:
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {len(schema.MIGRATIONS)}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
