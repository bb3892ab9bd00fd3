"""Reading what a browser sent. Every value is checked here, whoever sent it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from genworld.content import Tag
from genworld.errors import GenworldError, unknown
from genworld.limits import MAX_SEED, NAME_LENGTH, Limits, real, whole
from genworld.provenance import Nudges
from genworld.ui import dresses

MAX_INDEX = 2**31 - 1
MAX_VARIETY = 100.0
CONDITION_CLASSES = 64
SECRET_LENGTH = (20, 100)
SIDES = ("north", "east", "south", "west")
_DIGEST = re.compile(r"[0-9a-f]{64}")
NUDGE = 4.0
"""A nudge from the page is at most this, more or less."""

Edit = tuple[int, int, int]
"""Row, column, new tile id."""


@dataclass(frozen=True)
class ShapeWish:
    """What a level should be like; `genworld.shaping.Shape` without what that loads.

    Args:
        exits: sides on which it should open.
        ends: whether it should have a start and a goal.
        nudges: more or less of what carries a tag.
        playable: whether it must be walkable from start to goal.
    """

    exits: tuple[str, ...] = ()
    ends: bool = False
    nudges: Nudges = ()
    playable: bool = False


@dataclass(frozen=True)
class Wish:
    """What one draw or keep asks of a model, without the index.

    Args:
        model: name of a checkpoint, not yet looked up.
        seed: of the noise.
        condition: classes wanted.
        variety: truncation or temperature; None for the model's own.
        size: (rows, columns) in tiles; None for the model's own.
        shape: what a level should be like; None where nothing is wished.
        art: digest of the art that draws a level, in place of the model's own.
        digest: of the checkpoint, where a model that still learns has several; None for its newest.
        finish: whether sprites get the finish that suits their model.
    """

    model: str
    seed: int
    condition: tuple[str, ...]
    variety: float | None
    size: tuple[int, int] | None
    shape: ShapeWish | None = None
    art: str | None = None
    digest: str | None = None
    finish: bool = False


def wish(asked: dict[str, Any], limits: Limits) -> Wish:
    """The wish in `asked`. Raises GenworldError for a value that cannot be."""
    return Wish(
        model=text("The model", asked.get("model")),
        seed=whole("The seed", asked.get("seed"), 0, MAX_SEED),
        condition=texts("The classes", asked.get("condition", []), CONDITION_CLASSES),
        variety=_optional(asked.get("variety"), lambda value: real("Variety", value, 0, MAX_VARIETY)),
        size=_size(asked, limits),
        shape=_optional(asked.get("shape"), shape),
        art=dresses.wanted(asked),
        digest=_optional(asked.get("digest"), digest),
        finish=_flag("A finish", asked.get("finish", False)),
    )


def digest(value: Any) -> str:
    """A SHA-256 as hexadecimal digits."""
    if not isinstance(value, str) or not _DIGEST.fullmatch(value):
        raise GenworldError("A checkpoint is named by 64 hexadecimal digits, but something else came; reload the page.")
    return value


def shape(value: Any) -> ShapeWish | None:
    """What a level should be like; None where nothing is wished."""
    if not isinstance(value, dict):
        raise GenworldError(
            f"A shape is an object with named wishes, but {type(value).__name__} came; reload the page."
        )
    exits = texts("Exits", value.get("exits", []), len(SIDES))
    for side in exits:
        if side not in SIDES:
            raise unknown("side", side, SIDES)
    wished = ShapeWish(
        exits=tuple(side for side in SIDES if side in exits),
        ends=_flag("Start and goal", value.get("ends", False)),
        nudges=nudges(value.get("nudges", {})),
        playable=_flag("Only playable", value.get("playable", False)),
    )
    return None if wished == ShapeWish() else wished


def nudges(value: Any) -> Nudges:
    """More or less of tags: amounts by tag, those of 0 left out."""
    known = [tag.value for tag in Tag]
    if not isinstance(value, dict) or len(value) > len(known):
        raise GenworldError("More or less comes as amounts by tag, but something else came; reload the page.")
    for tag in value:
        if tag not in known:
            raise unknown("tag", str(tag)[:NAME_LENGTH], known)
    read = {tag: real(f"More or less of {tag}", amount, -NUDGE, NUDGE) for tag, amount in value.items()}
    return tuple(sorted((tag, amount) for tag, amount in read.items() if amount))


def edits(value: Any, limits: Limits) -> tuple[Edit, ...]:
    """Cells painted: row, column and tile id of each."""
    return tuple(_triple(one, limits) for one in some(value, limits.level_side**2))


def _triple(value: Any, limits: Limits) -> Edit:
    row, column, tile = _numbers("A painted cell", value, 3)
    side = limits.level_side - 1
    return whole("A row", row, 0, side), whole("A column", column, 0, side), whole("A tile id", tile, 0, 254)


def runs(value: Any, limits: Limits) -> tuple[tuple[int, int], ...]:
    """Marked cells: first cell and length of each run, in reading order of the level."""
    cells = limits.level_side**2
    pairs = (_numbers("A run of cells", one, 2) for one in some(value, cells))
    return tuple(
        (whole("The first cell", start, 0, cells - 1), whole("The length of a run", length, 1, cells))
        for start, length in pairs
    )


def _numbers(name: str, value: Any, count: int) -> list[Any]:
    if not isinstance(value, list) or len(value) != count:
        raise GenworldError(f"{name} is a list of {count} whole numbers, but something else came; reload the page.")
    return value


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise GenworldError(f"{name} is on or off, but {type(value).__name__} came; reload the page.")
    return value


def text(name: str, value: Any, longest: int = NAME_LENGTH) -> str:
    """`value` as a text of 1 to `longest` characters."""
    if not isinstance(value, str) or not 1 <= len(value) <= longest:
        came = f"{len(value)} characters" if isinstance(value, str) else type(value).__name__
        raise GenworldError(f"{name} is a text of 1 to {longest} characters, but {came} came.")
    return value


def texts(name: str, value: Any, most: int) -> tuple[str, ...]:
    """`value` as a tuple of at most `most` texts."""
    if not isinstance(value, list) or len(value) > most:
        raise GenworldError(f"{name} come as a list of at most {most} names, but something else came; reload the page.")
    return tuple(text(f"Each of {name.lower()}", one) for one in value)


def some(value: Any, most: int) -> list[Any]:
    """`value` as a list of 1 to `most` entries, each still to be read."""
    if not isinstance(value, list) or not 1 <= len(value) <= most:
        raise GenworldError(f"From 1 to {most} go at once, but none, more or something else came; choose some.")
    return value


def entry(value: Any) -> dict[str, Any]:
    """`value` as one object with named values, each still to be read."""
    if not isinstance(value, dict):
        raise GenworldError(
            f"Each entry is an object with named values, but {type(value).__name__} came; reload the page."
        )
    return value


def ids(value: Any, most: int) -> list[int]:
    """`value` as a list of item ids."""
    return [whole("The number of an item", one, 0, 2**63 - 1) for one in some(value, most)]


def secret(value: Any) -> str:
    """The secret that a browser holds for its board."""
    low, high = SECRET_LENGTH
    if not isinstance(value, str) or not low <= len(value) <= high or not value.isascii():
        raise GenworldError(
            "The secret of this board was expected from your browser, but it did not come; reload the page."
        )
    return value


def _size(asked: dict[str, Any], limits: Limits) -> tuple[int, int] | None:
    rows, columns = asked.get("rows"), asked.get("columns")
    if rows is None and columns is None:
        return None
    side = limits.level_side
    return whole("The height", rows, 1, side, "tiles"), whole("The width", columns, 1, side, "tiles")


def _optional(value: Any, read: Any) -> Any:
    return None if value is None else read(value)
