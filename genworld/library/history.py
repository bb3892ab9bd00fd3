"""Undo and redo from the append-only log of events.

Each event of a board is a turn: *do* and *redo* lie on the undo stack, *undo* on the redo stack. An event knows what
lay under it on its own stack (`below`) and what is on top of the other (`across`), so the newest event alone tells
both tops, no row is ever changed, and a step costs the same on a long history as on a short one.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

REASONABLE = 500
"""Items set in one statement, below SQLite's bound on values."""


@dataclass(frozen=True)
class Change:
    """What one click did; its opposite undoes it.

    Args:
        verb: ``"keep"``, ``"remove"`` or ``"rename"``.
        items: ids that were kept or removed.
        label: name of the one item, when it was one.
        old, new: names of the board around a rename.
    """

    verb: str
    items: tuple[int, ...] = ()
    label: str = ""
    old: str = ""
    new: str = ""

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Change:
        raw = json.loads(text)
        return cls(**{**raw, "items": tuple(raw["items"])})

    @property
    def in_words(self) -> str:
        """Such as ``kept 3 items``."""
        if self.verb == "rename":
            return f"renamed the board from “{self.old}” to “{self.new}”"
        things = f"“{self.label}”" if len(self.items) == 1 else f"{len(self.items)} items"
        return f"{'kept' if self.verb == 'keep' else 'removed'} {things}"


def now() -> str:
    """This moment, ISO 8601 in UTC."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def record(connection: sqlite3.Connection, board: str, change: Change) -> None:
    """Logs a change that was made; what could be redone is forgotten."""
    undo_top, _ = tops(connection, board)
    _append(connection, board, "do", change, below=undo_top, across=None)


def undo(connection: sqlite3.Connection, board: str) -> Change | None:
    """Takes the last change back and logs that; None when there is none."""
    undo_top, redo_top = tops(connection, board)
    return _turn(connection, board, "undo", undo_top, below=redo_top)


def redo(connection: sqlite3.Connection, board: str) -> Change | None:
    """Makes the change that was taken back last again and logs that; None when there is none."""
    undo_top, redo_top = tops(connection, board)
    return _turn(connection, board, "redo", redo_top, below=undo_top)


def _turn(
    connection: sqlite3.Connection, board: str, turn: str, top: int | None, *, below: int | None
) -> Change | None:
    """Applies the event `top` back or forth; it then lies on `below`, the top of the other pile."""
    if top is None:
        return None
    change, across = _event(connection, top)
    _apply(connection, board, change, forward=turn == "redo")
    _append(connection, board, turn, change, below=below, across=across)
    return change


def tops(connection: sqlite3.Connection, board: str) -> tuple[int | None, int | None]:
    """Ids of the events that undo and redo would act on."""
    last = connection.execute(
        "SELECT id, turn, across FROM events WHERE board_id = ? ORDER BY id DESC LIMIT 1", (board,)
    ).fetchone()
    if last is None:
        return None, None
    return (last["across"], last["id"]) if last["turn"] == "undo" else (last["id"], last["across"])


def set_kept(connection: sqlite3.Connection, board: str, items: tuple[int, ...], kept: bool) -> None:
    """Puts items on the board or takes them off; rows of other boards never match."""
    for start in range(0, len(items), REASONABLE):
        some = items[start : start + REASONABLE]
        marks = ", ".join("?" * len(some))
        connection.execute(
            f"UPDATE items SET kept = ? WHERE board_id = ? AND id IN ({marks})",  # noqa: S608  (question marks only)
            (int(kept), board, *some),
        )


def set_name(connection: sqlite3.Connection, board: str, name: str) -> None:
    """Names the board."""
    connection.execute("UPDATE boards SET name = ? WHERE id = ?", (name, board))


def _apply(connection: sqlite3.Connection, board: str, change: Change, *, forward: bool) -> None:
    if change.verb == "rename":
        set_name(connection, board, change.new if forward else change.old)
    else:
        set_kept(connection, board, change.items, kept=(change.verb == "keep") == forward)


def _event(connection: sqlite3.Connection, event: int) -> tuple[Change, int | None]:
    row = connection.execute("SELECT change, below FROM events WHERE id = ?", (event,)).fetchone()
    return Change.from_json(row["change"]), row["below"]


def _append(
    connection: sqlite3.Connection, board: str, turn: str, change: Change, *, below: int | None, across: int | None
) -> None:
    connection.execute(
        "INSERT INTO events (board_id, turn, change, below, across, created) VALUES (?, ?, ?, ?, ?, ?)",
        (board, turn, change.to_json(), below, across, now()),
    )
