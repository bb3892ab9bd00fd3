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

_JOBS: Migration = (
    # `turn` orders the queue; `attempt` counts how often a job was begun and, with `owner`, fences off whoever held it
    # before; `beat` counts while its owner lives. No clock decides anything here: times are for people to read.
    """
    CREATE TABLE jobs (
        id      INTEGER PRIMARY KEY AUTOINCREMENT,
        kind    TEXT NOT NULL CHECK (kind <> ''),
        title   TEXT NOT NULL CHECK (title <> ''),
        spec    TEXT NOT NULL,
        model   TEXT NOT NULL,
        state   TEXT NOT NULL DEFAULT 'queued'
                CHECK (state IN ('queued', 'running', 'paused', 'succeeded', 'failed', 'cancelled')),
        wish    TEXT CHECK (wish IN ('cancel', 'pause', 'finish')),
        turn    INTEGER NOT NULL,
        owner   TEXT,
        attempt INTEGER NOT NULL DEFAULT 0 CHECK (attempt >= 0),
        beat    INTEGER NOT NULL DEFAULT 0,
        step    INTEGER NOT NULL DEFAULT 0 CHECK (step >= 0),
        total   INTEGER NOT NULL DEFAULT 0 CHECK (total >= 0),
        phase   TEXT NOT NULL DEFAULT '',
        device  TEXT NOT NULL DEFAULT '',
        rate    REAL NOT NULL DEFAULT 0,
        seconds REAL NOT NULL DEFAULT 0,
        error   TEXT NOT NULL DEFAULT '',
        deleted INTEGER NOT NULL DEFAULT 0 CHECK (deleted IN (0, 1)),
        created TEXT NOT NULL,
        started TEXT NOT NULL DEFAULT '',
        ended   TEXT NOT NULL DEFAULT '',
        CHECK ((state = 'running') = (owner IS NOT NULL)),
        CHECK (wish IS NULL OR state = 'running' OR (state = 'queued' AND wish = 'finish')),
        CHECK (NOT deleted OR state <> 'running')
    )
    """,
    "CREATE INDEX queue ON jobs (turn, id) WHERE state = 'queued' AND NOT deleted",
    # Two at once would write over each other's checkpoints.
    "CREATE UNIQUE INDEX one_job_of_a_model_runs ON jobs (model) WHERE state = 'running'",
    """
    CREATE TRIGGER jobs_turn_in_order BEFORE UPDATE OF state ON jobs
    WHEN old.state <> new.state AND old.state || ' ' || new.state NOT IN (
        'queued running', 'queued paused', 'queued cancelled', 'paused queued', 'paused cancelled',
        'running queued', 'running paused', 'running succeeded', 'running failed', 'running cancelled',
        'failed queued', 'cancelled queued')
    BEGIN SELECT RAISE(ABORT, 'a job cannot turn from that state to this one'); END
    """,
    "CREATE TRIGGER jobs_stay BEFORE DELETE ON jobs BEGIN SELECT RAISE(ABORT, 'jobs are never deleted'); END",
    """
    CREATE TABLE job_log (
        id      INTEGER PRIMARY KEY AUTOINCREMENT,
        job     INTEGER NOT NULL REFERENCES jobs (id),
        what    TEXT NOT NULL,
        attempt INTEGER NOT NULL,
        detail  TEXT NOT NULL DEFAULT '',
        created TEXT NOT NULL
    )
    """,
    "CREATE INDEX log_of_job ON job_log (job, id)",
    """
    CREATE TABLE metrics (
        job   INTEGER NOT NULL REFERENCES jobs (id),
        name  TEXT NOT NULL,
        step  INTEGER NOT NULL,
        value REAL NOT NULL,
        count INTEGER NOT NULL DEFAULT 1 CHECK (count > 0),  -- values of which this is the mean
        PRIMARY KEY (job, name, step)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE frames (
        job  INTEGER NOT NULL REFERENCES jobs (id),
        step INTEGER NOT NULL,
        data BLOB NOT NULL,
        PRIMARY KEY (job, step)
    )
    """,
    """
    CREATE TABLE notes (
        id   INTEGER PRIMARY KEY AUTOINCREMENT,
        job  INTEGER NOT NULL REFERENCES jobs (id),
        step INTEGER NOT NULL,
        kind TEXT NOT NULL,
        text TEXT NOT NULL
    )
    """,
    "CREATE INDEX notes_of_job ON notes (job, id)",
)

MIGRATIONS: tuple[Migration, ...] = (_FIRST, _JOBS)
