"""The library: one SQLite file with everyone's boards."""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
import uuid
from pathlib import Path
from types import TracebackType

from genworld import paths
from genworld.errors import GenworldError
from genworld.library.board import Board
from genworld.library.database import Database
from genworld.library.history import now
from genworld.library.jobs import Jobs
from genworld.library.opening import prepare
from genworld.limits import LIMITS
from genworld.mode import Mode

FILE = "library.sqlite"
SECRET_LENGTH = 16
"""Characters below which a secret is refused: it could be guessed."""


def new_secret() -> str:
    """A secret for a new board; whoever holds it holds the board."""
    return secrets.token_urlsafe(32)


class Library:
    """Boards on disk, safe for many threads and many processes at once; open it with `Library.open`.

    Args:
        database: the file, prepared.
        mode: who is at the page; sets the bounds, and whether there is a local person.
        notice: see the attribute.

    Attributes:
        notice: what the person must be told about the file (damage, and how old what was restored is), or None.
    """

    def __init__(self, database: Database, mode: Mode, notice: str | None) -> None:
        self._database = database
        self._mode = mode
        self.notice = notice

    @classmethod
    def open(cls, path: Path | None = None, mode: Mode = Mode.LOCAL) -> Library:
        """Opens the library, makes it when missing, mends it from a snapshot when damaged.

        Args:
            path: the file; None for ``library.sqlite`` in the person's data folder.
            mode: who is at the page.

        Raises:
            GenworldError: the folder cannot be used, or the file is another program's or a newer genworld's.
        """
        file = paths.home() / FILE if path is None else path.absolute()
        # A visitor of a public page is not told how the machine's folders are called.
        where = str(file.parent) if mode is Mode.LOCAL else "the server's data folder"
        notice = prepare(file, where)
        return cls(Database(file, where), mode, notice)

    @property
    def path(self) -> Path:
        """The file."""
        return self._database.path

    def board(self, secret: str | None = None) -> Board:
        """The local person's board, or the board of that secret; made when missing.

        Args:
            secret: of a visitor's board, as `new_secret` gives one; only its SHA-256 is stored.

        Raises:
            GenworldError: the secret is too short, or a public page asked for the local person's board.
        """
        if secret is None:
            self._local_only()
            return self._found_or_made(None)
        if not isinstance(secret, str) or len(secret) < SECRET_LENGTH:
            raise GenworldError(
                f"A board's secret has at least {SECRET_LENGTH} characters, but a shorter one came; make a new one."
            )
        return self._found_or_made(hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest())

    def boards(self) -> list[Board]:
        """All boards, oldest first; only on a person's own machine."""
        self._local_only()
        return [self._board(row) for row in self._database.rows("SELECT id FROM boards ORDER BY number")]

    @property
    def jobs(self) -> Jobs:
        """The queue of trainings. Raises GenworldError on a public page: it has none."""
        if self._mode is not Mode.LOCAL:
            raise GenworldError(
                "Models are trained on a person's own machine, not on a public page; run genworld there."
            )
        return Jobs(self._database)

    def made_with(self, digest: str) -> bool:
        """Whether a checkpoint has a part in anything on a board, or that undo could bring back onto one.

        Args:
            digest: of the checkpoint.
        """
        # A quotation mark inside of a text is escaped in JSON, so only the entry itself can read like this.
        entry = f'"checkpoint":"{digest}"'
        return bool(self._database.rows("SELECT 1 FROM items WHERE instr(origin, ?) LIMIT 1", entry))

    def close(self) -> None:
        """Closes the file; boards of this library can no longer be used."""
        self._database.close()

    def __enter__(self) -> Library:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _local_only(self) -> None:
        if self._mode is not Mode.LOCAL:
            raise GenworldError("On a public page a board is found by its secret alone; send the secret of the board.")

    def _found_or_made(self, digest: str | None) -> Board:
        query = "SELECT id FROM boards WHERE secret IS ?"
        found = self._database.rows(query, digest)
        if not found:
            with self._database.writing() as connection:
                # Another process may have made it since.
                connection.execute(
                    "INSERT OR IGNORE INTO boards (id, secret, name, created) VALUES (?, ?, ?, ?)",
                    (str(uuid.uuid4()), digest, "My board", now()),
                )
            found = self._database.rows(query, digest)
        return self._board(found[0])

    def _board(self, row: sqlite3.Row) -> Board:
        return Board(self._database, row["id"], LIMITS[self._mode].board_items)
