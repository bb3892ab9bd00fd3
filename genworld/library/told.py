"""What jobs told while they were done: figures, frames, notes. Bounded for each job, however long it runs."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import cast

from genworld.replay import FRAMES, KINDS, POINTS, Kind, Note, Point, coarser, spread, thinned

ROWS = 2 * POINTS
"""Points of a curve that are stored, at most."""
STORED_FRAMES = 2 * FRAMES
SENTENCE = 500
"""Characters of a note."""
NOTES = 500
"""Notes of a job, the last ones."""


def add_metrics(connection: sqlite3.Connection, job: int, metrics: Iterable[tuple[int, str, float]]) -> None:
    """Stores (step, name, value); what is not finite is left out, what is there at that step is replaced."""
    finite = [(job, name, step, value) for step, name, value in metrics if math.isfinite(value)]
    connection.executemany("INSERT OR REPLACE INTO metrics (job, name, step, value) VALUES (?, ?, ?, ?)", finite)
    for name in {row[1] for row in finite}:
        _thin_curve(connection, job, name)


def _thin_curve(connection: sqlite3.Connection, job: int, name: str) -> None:
    count = connection.execute("SELECT count(*) FROM metrics WHERE job = ? AND name = ?", (job, name)).fetchone()[0]
    if count <= ROWS:
        return
    rows = connection.execute("SELECT * FROM metrics WHERE job = ? AND name = ? ORDER BY step", (job, name)).fetchall()
    fewer = coarser([_point(row) for row in rows])
    connection.execute("DELETE FROM metrics WHERE job = ? AND name = ?", (job, name))
    connection.executemany(
        "INSERT INTO metrics (job, name, step, value, count) VALUES (?, ?, ?, ?, ?)",
        [(job, name, point.step, point.value, point.count) for point in fewer],
    )


def series(rows: Sequence[sqlite3.Row], most: int) -> dict[str, list[tuple[int, float]]]:
    """Curves by name from rows that `CURVES` gave, each of at most `most` points."""
    curves = {name: [_point(row) for row in group] for name, group in groupby(rows, key=lambda row: str(row["name"]))}
    return {name: [(p.step, p.value) for p in thinned(points, most)] for name, points in curves.items()}


CURVES = "SELECT * FROM metrics WHERE job = ? ORDER BY name, step"


def add_frames(connection: sqlite3.Connection, job: int, frames: Iterable[tuple[int, bytes]], total: int) -> None:
    """Stores (step, packed examples); of too many, those that tell least go."""
    connection.executemany(
        "INSERT OR REPLACE INTO frames (job, step, data) VALUES (?, ?, ?)",
        [(job, step, data) for step, data in frames],
    )
    found = connection.execute("SELECT step FROM frames WHERE job = ? ORDER BY step", (job,)).fetchall()
    steps = [int(row["step"]) for row in found]
    if len(steps) > STORED_FRAMES:
        gone = set(steps) - set(spread(steps, total, STORED_FRAMES))
        connection.executemany("DELETE FROM frames WHERE job = ? AND step = ?", [(job, step) for step in gone])


def add_notes(connection: sqlite3.Connection, job: int, notes: Iterable[Note]) -> None:
    """Stores notes; of too many the first ones go."""
    connection.executemany(
        "INSERT INTO notes (job, step, kind, text) VALUES (?, ?, ?, ?)",
        [(job, note.step, note.kind, note.text[:SENTENCE]) for note in notes],
    )
    connection.execute(
        "DELETE FROM notes WHERE job = ? AND id NOT IN (SELECT id FROM notes WHERE job = ? ORDER BY id DESC LIMIT ?)",
        (job, job, NOTES),
    )


def note(row: sqlite3.Row) -> Note:
    """The note of a row."""
    kind = row["kind"]
    return Note(row["step"], cast("Kind", kind) if kind in KINDS else "info", row["text"])


def forget_after(connection: sqlite3.Connection, job: int, step: int) -> None:
    """Forgets what was told of later steps."""
    connection.execute("DELETE FROM metrics WHERE job = ? AND step > ?", (job, step))
    connection.execute("DELETE FROM frames WHERE job = ? AND step > ?", (job, step))
    connection.execute("DELETE FROM notes WHERE job = ? AND step > ?", (job, step))


def _point(row: sqlite3.Row) -> Point:
    return Point(row["step"], row["value"], row["count"])
