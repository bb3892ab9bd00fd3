"""Connections to the library's file: one for each thread, set up for safety first."""

from __future__ import annotations

import logging
import sqlite3
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from genworld.errors import GenworldError
from genworld.library import snapshots

BUSY_SECONDS = 30

log = logging.getLogger(__name__)

_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_REASONS = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_READONLY: "it is read-only",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened",
    sqlite3.SQLITE_PERM: "permission is denied",
    sqlite3.SQLITE_AUTH: "permission is denied",
    sqlite3.SQLITE_IOERR: "the disk reports a fault or is full",
}


class Connection(sqlite3.Connection):
    """A connection that can be held weakly: the thread that opened it owns it."""


def connect(path: Path) -> Connection:
    """A connection with every setting that keeps data safe; transactions are begun by hand."""
    connection = sqlite3.connect(
        path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, factory=Connection
    )
    try:
        connection.row_factory = sqlite3.Row
        connection.text_factory = _text
        for setting in ("synchronous=FULL", "foreign_keys=ON", "trusted_schema=OFF"):
            connection.execute(f"PRAGMA {setting}")
    except BaseException:
        connection.close()
        raise
    return connection


def _text(stored: bytes) -> str:
    # A letter that the disk damaged must not hide the rest of a board.
    return stored.decode(errors="replace")


def code_of(error: sqlite3.Error) -> int:
    """SQLite's primary result code; 0 when the error is not SQLite's own."""
    return (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF


def is_damage(error: sqlite3.Error) -> bool:
    """Whether the file's content is to blame, rather than the disk or another process."""
    return code_of(error) in _DAMAGED


@contextmanager
def in_plain_words(where: str) -> Iterator[None]:
    """Turns faults of disk and file into a GenworldError that names `where`; defects of ours pass through."""
    try:
        yield
    except sqlite3.Error as error:
        sentence = _sentence(error, where)
        if sentence is None:
            raise
        raise GenworldError(sentence) from error


def _sentence(error: sqlite3.Error, where: str) -> str | None:
    code = code_of(error)
    if code in _DAMAGED:
        return f"The library in {where} is damaged; restart genworld, which restores the newest snapshot."
    if code in _BUSY:
        return f"The library in {where} was busy for {BUSY_SECONDS} seconds; close the other genworld and try again."
    if code in _REASONS:
        return (
            f"The library in {where} cannot be used: {_REASONS[code]}; free some space or make the folder writable and "
            "try again. What was kept before is safe."
        )
    return None


class Database:
    """The library's file, opened and up to date.

    Args:
        path: the file.
        where: how errors name its folder.
    """

    def __init__(self, path: Path, where: str) -> None:
        self.path = path
        self.where = where
        self._own = threading.local()
        self._all: weakref.WeakSet[Connection] = weakref.WeakSet()
        self._snapshot_lock = threading.Lock()
        self._closed = False

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """This thread's connection; inside `writing` it sees what was written so far."""
        with in_plain_words(self.where):
            yield self._connection()

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """All rows of one query."""
        with self.reading() as connection:
            return connection.execute(sql, values).fetchall()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of the block or nothing; on disk when the block is left."""
        with in_plain_words(self.where):
            connection = self._connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
        self._snapshot_when_due(connection)

    def close(self) -> None:
        """Closes the connections of all threads."""
        self._closed = True
        for connection in list(self._all):
            connection.close()

    def _connection(self) -> Connection:
        if self._closed:
            raise GenworldError("The library was closed; open it again.")
        connection: Connection | None = getattr(self._own, "connection", None)
        if connection is None:
            connection = connect(self.path)
            self._own.connection = connection
            self._all.add(connection)
        return connection

    def _snapshot_when_due(self, connection: sqlite3.Connection) -> None:
        if not self._snapshot_lock.acquire(blocking=False):
            return
        try:
            if snapshots.due(self.path):
                snapshots.take(connection, self.path)
        except (OSError, sqlite3.Error) as error:
            # The write itself is on disk: a person must not be told that it failed.
            log.warning("no snapshot of the library was taken: %s", error)
        finally:
            self._snapshot_lock.release()
