"""The tables of the library, as numbered migrations: entry k takes a file from version k to version k + 1."""

from __future__ import annotations

APPLICATION_ID = 0x67656E77
"""``genw`` in ASCII: tells our file from another program's."""

Migration = tuple[str, ...]

_FIRST: Migration = (
    """
    CREATE TABLE boards (
        number  INTEGER PRIMARY KEY AUTOINCREMENT,
        id      TEXT NOT NULL UNIQUE,
        secret  TEXT UNIQUE CHECK (length(secret) = 64),  -- SHA-256 of the secret; NULL for the local person
        name    TEXT NOT NULL CHECK (name <> ''),
        created TEXT NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX one_local_board ON boards ((secret IS NULL)) WHERE secret IS NULL",
    """
    CREATE TABLE legends (
        digest TEXT PRIMARY KEY CHECK (length(digest) = 64),
        json   TEXT NOT NULL
    ) WITHOUT ROWID
    """,
    # Rows are never deleted: `kept` says whether an item is on the board now, so that removing can be undone.
    """
    CREATE TABLE items (
        id       INTEGER PRIMARY KEY AUTOINCREMENT,
        board_id TEXT NOT NULL REFERENCES boards (id),
        kept     INTEGER NOT NULL DEFAULT 1 CHECK (kept IN (0, 1)),
        kind     TEXT NOT NULL CHECK (kind IN ('level', 'sprite')),
        name     TEXT NOT NULL CHECK (name <> ''),
        height   INTEGER NOT NULL CHECK (height > 0),
        width    INTEGER NOT NULL CHECK (width > 0),
        legend   TEXT REFERENCES legends (digest),
        data     BLOB NOT NULL,  -- zlib over the tile ids or RGBA bytes, row by row
        digest   TEXT NOT NULL CHECK (length(digest) = 64),
        origin   TEXT NOT NULL,
        model    TEXT NOT NULL,
        source   TEXT NOT NULL,
        created  TEXT NOT NULL,
        CHECK ((kind = 'level') = (legend IS NOT NULL))
    )
    """,
    "CREATE UNIQUE INDEX kept_once ON items (board_id, digest) WHERE kept",
    "CREATE INDEX items_of_board ON items (board_id, id) WHERE kept",
    # See history.py for `below` and `across`.
    """
    CREATE TABLE events (
        id       INTEGER PRIMARY KEY AUTOINCREMENT,
        board_id TEXT NOT NULL REFERENCES boards (id),
        turn     TEXT NOT NULL CHECK (turn IN ('do', 'undo', 'redo')),
        change   TEXT NOT NULL,
        below    INTEGER REFERENCES events (id),
        across   INTEGER REFERENCES events (id),
        created  TEXT NOT NULL
    )
    """,
    "CREATE INDEX events_of_board ON events (board_id, id)",
    """
    CREATE TRIGGER events_stay BEFORE DELETE ON events
    BEGIN SELECT RAISE(ABORT, 'events are only ever added'); END
    """,
    """
    CREATE TRIGGER events_do_not_change BEFORE UPDATE ON events
    BEGIN SELECT RAISE(ABORT, 'events are only ever added'); END
    """,
    """
    CREATE TRIGGER items_stay BEFORE DELETE ON items
    BEGIN SELECT RAISE(ABORT, 'items are never deleted'); END
    """,
)

MIGRATIONS: tuple[Migration, ...] = (_FIRST,)
