"""A board: what one person kept. Everything it reads or writes is its own, whatever id comes in."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from genworld.content import Example, Legend
from genworld.errors import GenworldError
from genworld.library import history, items, names
from genworld.library.database import Database
from genworld.library.history import Change
from genworld.library.items import DamagedItemError, Draft, Item
from genworld.provenance import DataSource, Origin

log = logging.getLogger(__name__)


class Board:
    """A person's collection. When a method returns, what it did is on disk.

    Args:
        database: where it is.
        board_id: its public name, a UUID.
        most: how many items it may hold.
    """

    def __init__(self, database: Database, board_id: str, most: int) -> None:
        self._database = database
        self._most = most
        self.id = board_id

    def __repr__(self) -> str:
        return f"Board({self.id!r})"

    @property
    def name(self) -> str:
        """What its person calls it."""
        return str(self._one("SELECT name FROM boards WHERE id = ?"))

    def rename(self, name: str) -> None:
        """Gives the board another name. Raises GenworldError for an empty or overlong one."""
        new = names.checked(name, "A board")
        with self._database.writing() as connection:
            old = connection.execute("SELECT name FROM boards WHERE id = ?", (self.id,)).fetchone()["name"]
            if new != old:
                history.set_name(connection, self.id, new)
                history.record(connection, self.id, Change("rename", old=old, new=new))

    def items(self) -> list[Item]:
        """All that is kept, oldest first. A row that the disk damaged is left out and logged."""
        rows = self._database.rows(
            f"SELECT {items.COLUMNS} FROM {items.TABLES} WHERE board_id = ? AND kept ORDER BY items.id",  # noqa: S608
            self.id,
        )
        return list(_sound(rows))

    def item(self, item_id: int) -> Item:
        """One kept item. Raises GenworldError when this board holds none of that id."""
        rows = self._database.rows(
            f"SELECT {items.COLUMNS} FROM {items.TABLES} WHERE board_id = ? AND kept AND items.id = ?",  # noqa: S608
            self.id,
            _whole(item_id),
        )
        for found in _sound(rows):
            return found
        raise _not_found(item_id)

    def count(self) -> int:
        """How many items are kept."""
        return int(str(self._one("SELECT count(*) FROM items WHERE board_id = ? AND kept")))

    def digests(self) -> dict[str, int]:
        """Item id for the digest of each example that is kept: tells which samples are on the board already."""
        rows = self._database.rows("SELECT digest, id FROM items WHERE board_id = ? AND kept", self.id)
        return {row["digest"]: row["id"] for row in rows}

    @property
    def has_sprites(self) -> bool:
        """Whether any sprite is kept."""
        return bool(self._one("SELECT EXISTS (SELECT 1 FROM items WHERE board_id = ? AND kept AND kind = 'sprite')"))

    def legends(self) -> list[Legend]:
        """The legends of the kept levels, each once: tells what there is without reading the levels."""
        rows = self._database.rows(
            "SELECT json FROM legends WHERE digest IN (SELECT legend FROM items WHERE board_id = ? AND kept)", self.id
        )
        return [items.legend(row["json"]) for row in rows]

    def keep(self, example: Example, *, origin: Origin, model: str, title: str, source: DataSource) -> Item:
        """Keeps one sample; the item that is there when the same content was kept before.

        Args:
            example: the level or sprite.
            origin: where it comes from.
            model: title of the model.
            title: name on the board.
            source: what the model learned from.

        Raises:
            GenworldError: the board is full, or the disk refuses.
        """
        return self.keep_all([Draft(example, origin, model, title, source)])[0]

    def keep_all(self, drafts: Sequence[Draft]) -> list[Item]:
        """Keeps several samples with one click: all or none, and one undo takes all back.

        Returns:
            One item for each draft, in order.
        """
        with self._database.writing() as connection:
            held = self.digests()
            new: list[int] = []
            for draft in drafts:
                if draft.example.digest not in held:
                    held[draft.example.digest] = items.insert(connection, self.id, draft)
                    new.append(held[draft.example.digest])
            if len(held) > self._most:
                raise GenworldError(
                    f"A board holds at most {self._most} items, but this would make {len(held)}; "
                    "export a pack and remove some."
                )
            if new:
                history.record(connection, self.id, Change("keep", tuple(new), self._label(new)))
            return [self.item(held[draft.example.digest]) for draft in drafts]

    def remove(self, ids: Iterable[int]) -> None:
        """Takes items off the board; undo brings them back. Raises GenworldError, removing none, for an unknown id."""
        wanted = tuple(dict.fromkeys(_whole(item_id) for item_id in ids))
        with self._database.writing() as connection:
            gone = [item_id for item_id in wanted if not self._name_of(item_id)]
            if gone:
                raise _not_found(gone[0])
            if wanted:
                history.record(connection, self.id, Change("remove", wanted, self._label(wanted)))
                history.set_kept(connection, self.id, wanted, kept=False)

    def undo(self) -> str | None:
        """Takes the last change back; says which, or None when there is nothing to undo."""
        with self._database.writing() as connection:
            change = history.undo(connection, self.id)
        return f"Undone: {change.in_words}" if change else None

    def redo(self) -> str | None:
        """Makes the change that was undone last again; says which, or None when there is nothing to redo."""
        with self._database.writing() as connection:
            change = history.redo(connection, self.id)
        return f"Redone: {change.in_words}" if change else None

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to take back."""
        return self._tops()[0] is not None

    @property
    def can_redo(self) -> bool:
        """Whether there is an undone change to make again."""
        return self._tops()[1] is not None

    def _tops(self) -> tuple[int | None, int | None]:
        with self._database.reading() as connection:
            return history.tops(connection, self.id)

    def _name_of(self, item_id: int) -> str | None:
        rows = self._database.rows("SELECT name FROM items WHERE board_id = ? AND id = ? AND kept", self.id, item_id)
        return str(rows[0]["name"]) if rows else None

    def _label(self, ids: Sequence[int]) -> str:
        return (self._name_of(ids[0]) or "") if len(ids) == 1 else ""

    def _one(self, sql: str) -> object:
        return self._database.rows(sql, self.id)[0][0]


def _sound(rows: Iterable[sqlite3.Row]) -> Iterator[Item]:
    for row in rows:
        try:
            yield items.from_row(row)
        except DamagedItemError as error:
            log.error("left out of the board: %s", error)


def _whole(item_id: object) -> int:
    """An id as SQLite can hold it; whatever else comes is not found."""
    if isinstance(item_id, int) and not isinstance(item_id, bool) and 0 < item_id < 2**63:
        return item_id
    raise _not_found(item_id)


def _not_found(item_id: object) -> GenworldError:
    return GenworldError(f"This board has no item {str(item_id)[:40]!r}; it may have been removed in another window.")
