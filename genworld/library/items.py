"""Kept samples and their rows. A row holds the tiles or pixels themselves: an item outlives its checkpoint."""

from __future__ import annotations

import json
import sqlite3
import zlib
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from genworld.content import Example, Legend, Level, Sprite
from genworld.library.history import now
from genworld.library.names import shortened
from genworld.provenance import ORIGIN, DataSource, Origin


@dataclass(frozen=True)
class Draft:
    """A sample about to be kept.

    Args:
        example: what it is.
        origin: where it comes from.
        model: title of the model, for people.
        title: its name on the board; cleaned and cut.
        source: the data that the model learned from, with its licence.
    """

    example: Example
    origin: Origin
    model: str
    title: str
    source: DataSource


@dataclass(frozen=True)
class Item:
    """One kept sample.

    Args:
        id: number on the library; means nothing on another board.
        kind: ``"level"`` or ``"sprite"``.
        name: what it is called.
        example, origin, model, source: as in `Draft`.
        digest: SHA-256 of the example.
        created: when it was kept, ISO 8601 in UTC.
    """

    id: int
    kind: str
    name: str
    example: Example
    origin: Origin
    model: str
    source: DataSource
    digest: str
    created: str


COLUMNS = (
    "items.id, kind, name, height, width, legends.json AS legend, data, items.digest, origin, model, source, created"
)
TABLES = "items LEFT JOIN legends ON legends.digest = items.legend"


class DamagedItemError(ValueError):
    """A row whose bytes are not what was kept."""


def insert(connection: sqlite3.Connection, board: str, draft: Draft) -> int:
    """Writes the row of a draft; returns its id."""
    example = draft.example
    level = isinstance(example, Level)
    if isinstance(example, Level):
        text = json.dumps(example.legend.to_dict(), ensure_ascii=False)
        connection.execute("INSERT OR IGNORE INTO legends VALUES (?, ?)", (example.legend.digest, text))
    values = {
        "board_id": board,
        "kind": "level" if level else "sprite",
        "name": shortened(draft.title, draft.model),
        "height": example.height,
        "width": example.width,
        "legend": example.legend.digest if isinstance(example, Level) else None,
        "data": zlib.compress(_array(example).tobytes()),
        "digest": example.digest,
        "origin": ORIGIN.dump_json(draft.origin).decode(),
        "model": shortened(draft.model, "unknown model"),
        "source": draft.source.model_dump_json(),
        "created": now(),
    }
    cursor = connection.execute(
        f"INSERT INTO items ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})",  # noqa: S608  (our own names)
        tuple(values.values()),
    )
    return int(cursor.lastrowid or 0)


def from_row(row: sqlite3.Row) -> Item:
    """The item that `insert` wrote.

    Raises:
        DamagedItemError: the bytes do not have the digest that was noted, or a text is not what was written.
    """
    try:
        example = _example(row)
        if example.digest != row["digest"]:
            raise DamagedItemError(f"item {row['id']} does not have its digest")
        return Item(
            id=row["id"],
            kind=row["kind"],
            name=row["name"],
            example=example,
            origin=ORIGIN.validate_json(row["origin"]),
            model=row["model"],
            source=_source(row["source"]),
            digest=row["digest"],
            created=row["created"],
        )
    except (ValueError, KeyError, TypeError, zlib.error) as error:
        raise DamagedItemError(f"item {row['id']}: {error}") from error


def _array(example: Example) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return example.tiles if isinstance(example, Level) else example.pixels


def _example(row: sqlite3.Row) -> Example:
    flat = np.frombuffer(zlib.decompress(row["data"]), dtype=np.uint8)
    if row["kind"] == "level":
        return Level(flat.reshape(row["height"], row["width"]), legend(row["legend"]))
    return Sprite(flat.reshape(row["height"], row["width"], 4))


@lru_cache(maxsize=256)
def legend(text: str) -> Legend:
    """The legend that `insert` wrote."""
    return Legend.from_dict(json.loads(text))


@lru_cache(maxsize=256)
def _source(text: str) -> DataSource:
    return DataSource.model_validate_json(text)
