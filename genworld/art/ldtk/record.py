"""A JSON object of a project, read with care: what is missing has a default, what is wrong is told in one sentence."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

from genworld.errors import GenworldError

Colour = tuple[int, int, int]

WHOLE = 2**31 - 1
"""No whole number of a project is larger."""


class Record:
    """One object of a project.

    Args:
        raw: the parsed object.
        where: how a sentence names it, such as ``"layer 'Walls'"``.

    Raises:
        GenworldError: `raw` is no object.
    """

    def __init__(self, raw: Any, where: str) -> None:
        if not isinstance(raw, dict):
            raise GenworldError(f"{where} of the LDtk project should be an object; save the project again in LDtk.")
        self.raw: dict[str, Any] = raw
        self.where = where

    def whole(self, key: str, otherwise: int = 0, low: int = -WHOLE, high: int = WHOLE) -> int:
        """A whole number within bounds; `otherwise` where it is absent or null."""
        value = self.raw.get(key)
        if value is None:
            return otherwise
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
            raise self.wrong(key, "a whole number")
        if not low <= value <= high:
            raise self.wrong(key, f"a whole number from {low} to {high}")
        return int(value)

    def maybe(self, key: str) -> int | None:
        """A whole number, or None where it is absent or null."""
        return None if self.raw.get(key) is None else self.whole(key)

    def real(self, key: str, otherwise: float = 0.0) -> float:
        """A finite number; `otherwise` where it is absent or null."""
        value = self.raw.get(key)
        if value is None:
            return otherwise
        if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > WHOLE or math.isnan(value):
            raise self.wrong(key, "a number")
        return float(value)

    def flag(self, key: str, otherwise: bool = False) -> bool:
        """True or false; `otherwise` where it is absent or null."""
        value = self.raw.get(key)
        if value is not None and not isinstance(value, bool):
            raise self.wrong(key, "true or false")
        return otherwise if value is None else value

    def text(self, key: str, otherwise: str = "") -> str:
        """A text; `otherwise` where it is absent or null."""
        value = self.raw.get(key)
        if value is not None and not isinstance(value, str):
            raise self.wrong(key, "a text")
        return otherwise if value is None else value

    def items(self, key: str) -> list[Any]:
        """A list; empty where it is absent or null."""
        value = self.raw.get(key)
        if value is not None and not isinstance(value, list):
            raise self.wrong(key, "a list")
        return value or []

    def records(self, key: str, what: str) -> Iterator[Record]:
        """The objects of a list, each named `what` and its number, or its identifier."""
        for number, raw in enumerate(self.items(key), start=1):
            name = raw.get("identifier") if isinstance(raw, dict) else None
            shown = repr(name[:80]) if isinstance(name, str) else str(number)
            yield Record(raw, f"{what} {shown}")

    def wholes(self, key: str) -> tuple[int, ...]:
        """A list of whole numbers; empty where it is absent or null."""
        values = self.items(key)
        if not all(isinstance(value, int) and abs(value) <= WHOLE for value in values):
            raise self.wrong(key, "a list of whole numbers")
        return tuple(values)

    def texts(self, key: str) -> tuple[str, ...]:
        """The texts of a list; empty where it is absent or null."""
        return tuple(value for value in self.items(key) if isinstance(value, str))

    def pair(self, key: str) -> tuple[int, int]:
        """A list of two whole numbers, such as a place in pixels."""
        values = self.wholes(key)
        if len(values) < 2:
            raise self.wrong(key, "two whole numbers")
        return values[0], values[1]

    def colour(self, key: str) -> Colour | None:
        """A colour written ``#rrggbb``; None where it is not."""
        value = self.raw.get(key)
        if not isinstance(value, str) or not re.fullmatch(r"#[0-9A-Fa-f]{6}", value):
            return None
        return int(value[1:3], 16), int(value[3:5], 16), int(value[5:7], 16)

    def wrong(self, key: str, expected: str) -> GenworldError:
        """The error for an entry that is not what was expected."""
        return GenworldError(
            f"Entry {key!r} of {self.where} in the LDtk project should be {expected}; save the project again in LDtk."
        )
