"""What a Tiled map says of its layers and objects, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Scalar = str | int | float | bool

Key = tuple[str, ...]
"""Names of the groups around a layer, its own name, and which of that name it is: ``("Ground", "Floor", "1")``."""


@dataclass(frozen=True)
class Look:
    """How a layer is drawn.

    Args:
        visible: whether it is.
        opacity: 0 to 1.
        offset: (x, y) by which it is moved, in pixels.
        tint: RGBA that its pixels are multiplied with, 255 for 1.
    """

    visible: bool = True
    opacity: float = 1.0
    offset: tuple[int, int] = (0, 0)
    tint: tuple[int, int, int, int] = (255, 255, 255, 255)

    def within(self, inner: Look) -> Look:
        """The look of a layer `inner` in a group of this look."""
        mixed = tuple(round(a * b / 255) for a, b in zip(self.tint, inner.tint, strict=True))
        return Look(
            self.visible and inner.visible,
            self.opacity * inner.opacity,
            (self.offset[0] + inner.offset[0], self.offset[1] + inner.offset[1]),
            (mixed[0], mixed[1], mixed[2], mixed[3]),
        )

    def to_dict(self) -> dict[str, Any]:
        return {"visible": self.visible, "opacity": self.opacity, "offset": list(self.offset), "tint": list(self.tint)}

    @classmethod
    def from_dict(cls, raw: dict[str, Any]) -> Look:
        x, y = raw["offset"]
        red, green, blue, alpha = raw["tint"]
        return cls(bool(raw["visible"]), float(raw["opacity"]), (int(x), int(y)), (red, green, blue, alpha))


NO_LOOK = Look()
"""Drawn as it is."""


@dataclass(frozen=True)
class Stratum:
    """A layer of tiles: which one it is, and how it is drawn."""

    key: Key
    look: Look


@dataclass(frozen=True)
class Mark:
    """An object that stands in a cell, written back wherever its tile is.

    Args:
        group: key of its object layer.
        corner: (x, y) of what its maker wrote as its place, from the upper left corner of the cell, in pixels.
        attributes: of the object, as written, but for number and place.
        shape: ``point``, ``ellipse``, ``capsule``, or empty for a rectangle, a tile or a template.
        properties: the custom ones.
    """

    group: Key
    corner: tuple[float, float]
    attributes: Mapping[str, str]
    shape: str = ""
    properties: Mapping[str, Scalar] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        return {
            "group": list(self.group),
            "corner": list(self.corner),
            "attributes": dict(self.attributes),
            "shape": self.shape,
            "properties": dict(self.properties),
        }

    @classmethod
    def from_dict(cls, raw: dict[str, Any]) -> Mark:
        x, y = raw["corner"]
        return cls(tuple(raw["group"]), (x, y), raw["attributes"], raw["shape"], raw["properties"])
