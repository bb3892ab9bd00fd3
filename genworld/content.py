"""What genworld makes: levels and sprites, and the specs that describe them.

Everything here is an immutable value over numpy arrays; nothing loads torch.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genworld.errors import GenworldError, unknown

TileGrid = NDArray[np.uint8]
"""(H, W) tile ids."""

Picture = NDArray[np.uint8]
"""(H, W, 4) RGBA, straight alpha, RGB 0 where alpha is 0."""

MAX_TILES = 255
MAX_JUMP = 12
"""Rows and columns of the longest jump that a legend can ask for."""


class Tag(StrEnum):
    """What a tile does in a game; the union of the tags of the data sets."""

    SOLID = "solid"
    PASSABLE = "passable"
    SOLID_TOP = "solid-top"
    HAZARD = "hazard"
    LIQUID = "liquid"
    CLIMBABLE = "climbable"
    BREAKABLE = "breakable"
    PUSHABLE = "pushable"
    DOOR = "door"
    KEY = "key"
    DEVICE = "device"
    ITEM = "item"
    ENEMY = "enemy"
    START = "start"
    GOAL = "goal"
    EMPTY = "empty"
    VOID = "void"


class Style(StrEnum):
    """How a level is seen and walked."""

    TOP_DOWN = "top-down"
    PLATFORMER = "platformer"
    BOX_PUSHING = "box-pushing"


@dataclass(frozen=True)
class Tile:
    """One entry of a legend.

    Args:
        char: the single character that stands for it in text levels.
        name: what a designer calls it; unique in its legend.
        tags: what it does.
    """

    char: str
    name: str
    tags: frozenset[Tag]

    def __post_init__(self) -> None:
        if len(self.char) != 1:
            raise GenworldError(
                f"A tile is written as one character, but {self.name!r} has {self.char!r}; "
                "give each tile of the legend a single character."
            )

    def to_dict(self) -> dict[str, Any]:
        return {"char": self.char, "name": self.name, "tags": sorted(self.tags)}

    @classmethod
    def from_dict(cls, raw: dict[str, Any]) -> Tile:
        return cls(raw["char"], raw["name"], parse_tags(raw["tags"]))


def parse_tags(names: Iterable[str]) -> frozenset[Tag]:
    """Tags from their names. Raises GenworldError for a name that is none."""
    known = {tag.value for tag in Tag}
    for name in names:
        if name not in known:
            raise unknown("tile tag", str(name), known)
    return frozenset(Tag(name) for name in names)


def _check_jump(jump: Any) -> None:
    if (
        not isinstance(jump, tuple)
        or len(jump) != 2
        or not all(type(each) is int and low <= each <= MAX_JUMP for each, low in zip(jump, (1, 0), strict=True))
    ):
        raise GenworldError(
            f"A jump is two whole numbers: rows up, 1 to {MAX_JUMP}, and columns of the widest pit, 0 to {MAX_JUMP}; but "
            f"{str(jump)[:60]} came."
        )


@dataclass(frozen=True)
class Legend:
    """What the tile ids of a level mean: id k is ``tiles[k]``.

    Args:
        name: short name, such as ``"dungeon"``.
        style: how its levels are seen and walked.
        tiles: 1 to 255 tiles with distinct characters and distinct names.
        tileset: name of the tileset that draws it.
        jump: rows up, and columns of the widest pit, that a jump clears in a platformer; None where nobody said.
    """

    name: str
    style: Style
    tiles: tuple[Tile, ...]
    tileset: str
    jump: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        if not 1 <= len(self.tiles) <= MAX_TILES:
            raise GenworldError(
                f"A legend holds 1 to {MAX_TILES} tiles, but {self.name!r} has {len(self.tiles)}; merge rare tiles."
            )
        if self.jump is not None:
            _check_jump(self.jump)
        for what, values in (("character", self.chars), ("name", self.names)):
            twice = sorted({value for value in values if values.count(value) > 1})
            if twice:
                raise GenworldError(
                    f"Every tile of a legend needs its own {what}, but {self.name!r} uses {twice[0]!r} twice; rename one."
                )

    @cached_property
    def chars(self) -> tuple[str, ...]:
        return tuple(tile.char for tile in self.tiles)

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(tile.name for tile in self.tiles)

    @cached_property
    def id_of(self) -> dict[str, int]:
        """Tile id for each character."""
        return {char: index for index, char in enumerate(self.chars)}

    def ids(self, *tags: Tag) -> tuple[int, ...]:
        """Ids of the tiles that carry any of these tags."""
        wanted = frozenset(tags)
        return tuple(index for index, tile in enumerate(self.tiles) if tile.tags & wanted)

    def has(self, grid: TileGrid, *tags: Tag) -> NDArray[np.bool_]:
        """(H, W) mask of the cells whose tile carries any of these tags."""
        lookup = np.zeros(256, dtype=np.bool_)
        lookup[list(self.ids(*tags))] = True
        return lookup[grid]

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the legend's JSON: two legends with one digest mean the same."""
        text = json.dumps(self.to_dict(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def to_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "style": self.style.value,
            "tileset": self.tileset,
            "tiles": [tile.to_dict() for tile in self.tiles],
            **({"jump": list(self.jump)} if self.jump else {}),
        }

    @classmethod
    def from_dict(cls, raw: dict[str, Any]) -> Legend:
        tiles = tuple(Tile.from_dict(tile) for tile in raw["tiles"])
        jump = raw.get("jump")
        return cls(
            raw["name"], Style(raw["style"]), tiles, raw["tileset"], tuple(jump) if isinstance(jump, list) else jump
        )


def _frozen(array: NDArray[np.uint8]) -> NDArray[np.uint8]:
    array = np.ascontiguousarray(array)
    if array.flags.writeable:
        array = array.copy()
        array.flags.writeable = False
    return array


@dataclass(frozen=True, eq=False)
class Level:
    """A grid of tiles.

    Args:
        tiles: (H, W) uint8 tile ids, each below ``len(legend.tiles)``; made read-only.
        legend: what the ids mean.
    """

    tiles: TileGrid
    legend: Legend

    def __post_init__(self) -> None:
        grid = self.tiles
        if grid.ndim != 2 or grid.dtype != np.uint8 or grid.size == 0:
            raise GenworldError(
                f"A level is a grid of at least 1 x 1 tile ids of 8 bits, but an array of shape {grid.shape} "
                f"and type {grid.dtype} came."
            )
        if int(grid.max()) >= len(self.legend.tiles):
            raise GenworldError(
                f"The level uses tile id {int(grid.max())}, but legend {self.legend.name!r} ends at "
                f"{len(self.legend.tiles) - 1}; use the legend that the level was made with."
            )
        object.__setattr__(self, "tiles", _frozen(grid))

    @property
    def height(self) -> int:
        """Rows, in tiles."""
        return int(self.tiles.shape[0])

    @property
    def width(self) -> int:
        """Columns, in tiles."""
        return int(self.tiles.shape[1])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Level):
            return NotImplemented
        return self.legend == other.legend and np.array_equal(self.tiles, other.tiles)

    def __hash__(self) -> int:
        return hash(self.digest)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over shape, ids and legend."""
        head = f"level {self.height} {self.width} {self.legend.digest} ".encode()
        return hashlib.sha256(head + self.tiles.tobytes()).hexdigest()

    def to_text(self) -> str:
        """The level as lines of legend characters, ended by a newline."""
        chars = np.array(self.legend.chars)
        return "\n".join("".join(row) for row in chars[self.tiles]) + "\n"

    @classmethod
    def from_text(cls, lines: Sequence[str], legend: Legend, where: str = "the level") -> Level:
        """A level from lines of legend characters.

        Raises:
            GenworldError: ragged lines, no line, or a character outside the legend; `where` names the place.
        """
        return cls(parse_grid(lines, legend, where), legend)


def parse_grid(lines: Sequence[str], legend: Legend, where: str) -> TileGrid:
    """(H, W) tile ids from lines of legend characters; see `Level.from_text`."""
    if not lines or not lines[0]:
        raise GenworldError(f"Expected lines of tiles in {where}, but it is empty; put at least one character in it.")
    width = len(lines[0])
    for number, line in enumerate(lines, start=1):
        if len(line) != width:
            raise GenworldError(
                f"Every line of {where} should have {width} characters as the first has, but line {number} has "
                f"{len(line)}; pad it to the same length."
            )
        for column, char in enumerate(line, start=1):
            if char not in legend.id_of:
                raise GenworldError(
                    f"Line {number}, column {column} of {where} holds {char!r}, which is not in legend "
                    f"{legend.name!r} ({' '.join(map(repr, legend.chars))}); add it to the legend or replace it."
                )
    return np.array([[legend.id_of[char] for char in line] for line in lines], dtype=np.uint8)


@dataclass(frozen=True, eq=False)
class Sprite:
    """A picture of a character or an object.

    Args:
        pixels: (H, W, 4) uint8 RGBA, straight alpha. RGB is set to 0 where alpha is 0; made read-only.
    """

    pixels: Picture

    def __post_init__(self) -> None:
        pixels = self.pixels
        if pixels.ndim != 3 or pixels.shape[2] != 4 or pixels.dtype != np.uint8 or pixels.size == 0:
            raise GenworldError(
                f"A sprite is a picture of at least 1 x 1 pixels with 4 channels of 8 bits, but an array of shape "
                f"{pixels.shape} and type {pixels.dtype} came."
            )
        object.__setattr__(self, "pixels", _frozen(np.where(pixels[..., 3:] == 0, 0, pixels).astype(np.uint8)))

    @property
    def height(self) -> int:
        """Rows, in pixels."""
        return int(self.pixels.shape[0])

    @property
    def width(self) -> int:
        """Columns, in pixels."""
        return int(self.pixels.shape[1])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sprite):
            return NotImplemented
        return np.array_equal(self.pixels, other.pixels)

    def __hash__(self) -> int:
        return hash(self.digest)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over shape and pixels."""
        head = f"sprite {self.height} {self.width} ".encode()
        return hashlib.sha256(head + self.pixels.tobytes()).hexdigest()


Example = Level | Sprite


@dataclass(frozen=True)
class LevelSpec:
    """Shape and alphabet of a data set of levels.

    Args:
        legend: what the tile ids mean.
        height, width: tiles; both None when the examples differ in size, one of them for strips of one breadth.
        classes: names that label examples, possibly none.
        exclusive: whether an example has exactly one class (a folder name) or any number (tags).
    """

    legend: Legend
    height: int | None = None
    width: int | None = None
    classes: tuple[str, ...] = ()
    exclusive: bool = True

    @property
    def kind(self) -> str:
        return "level"

    def to_dict(self) -> dict[str, Any]:
        return {"kind": "level", "legend": self.legend.to_dict(), **_shape_dict(self)}


@dataclass(frozen=True)
class SpriteSpec:
    """Shape of a data set of sprites.

    Args:
        height, width: pixels.
        classes, exclusive: as in `LevelSpec`.
    """

    height: int
    width: int
    classes: tuple[str, ...] = ()
    exclusive: bool = True

    @property
    def kind(self) -> str:
        return "sprite"

    def to_dict(self) -> dict[str, Any]:
        return {"kind": "sprite", **_shape_dict(self)}


Spec = LevelSpec | SpriteSpec


def _shape_dict(spec: Spec) -> dict[str, Any]:
    return {
        "height": spec.height,
        "width": spec.width,
        "classes": list(spec.classes),
        "exclusive": spec.exclusive,
    }


def spec_from_dict(raw: dict[str, Any]) -> Spec:
    """The spec that `to_dict` wrote. Raises GenworldError for another kind or a missing entry."""
    try:
        shape = {"height": raw["height"], "width": raw["width"], "exclusive": raw["exclusive"]}
        classes = tuple(raw["classes"])
        if raw["kind"] == "level":
            return LevelSpec(Legend.from_dict(raw["legend"]), classes=classes, **shape)
        if raw["kind"] == "sprite":
            return SpriteSpec(classes=classes, **shape)
    except (KeyError, TypeError, ValueError) as error:
        raise GenworldError(
            f"The description of the examples is not complete ({error}); take the checkpoint or pack from its source again."
        ) from error
    raise unknown("kind of example", str(raw["kind"]), ("level", "sprite"))
