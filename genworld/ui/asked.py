"""Reading what a browser sent. Every value is checked here, whoever sent it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from genworld.errors import GenworldError
from genworld.limits import MAX_SEED, NAME_LENGTH, Limits, real, whole

MAX_INDEX = 2**31 - 1
MAX_VARIETY = 100.0
CONDITION_CLASSES = 64
SECRET_LENGTH = (20, 100)


@dataclass(frozen=True)
class Wish:
    """What one draw or keep asks of a model, without the index.

    Args:
        model: name of a checkpoint, not yet looked up.
        seed: of the noise.
        condition: classes wanted.
        variety: truncation or temperature; None for the model's own.
        size: (rows, columns) in tiles; None for the model's own.
    """

    model: str
    seed: int
    condition: tuple[str, ...]
    variety: float | None
    size: tuple[int, int] | None


def wish(asked: dict[str, Any], limits: Limits) -> Wish:
    """The wish in `asked`. Raises GenworldError for a value that cannot be."""
    return Wish(
        model=text("The model", asked.get("model")),
        seed=whole("The seed", asked.get("seed"), 0, MAX_SEED),
        condition=texts("The classes", asked.get("condition", []), CONDITION_CLASSES),
        variety=_optional(asked.get("variety"), lambda value: real("Variety", value, 0, MAX_VARIETY)),
        size=_size(asked, limits),
    )


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
