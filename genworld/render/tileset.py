"""Tilesets: an atlas picture and the description of what its frames draw."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from genworld.content import Legend, Picture, Tile
from genworld.errors import GenworldError, unknown
from genworld.paths import shipped


@dataclass(frozen=True)
class Near:
    """A ground that is taken from around a thing.

    Args:
        kinds: kinds of ground that it may be.
        otherwise: what it is where none of them is near; empty: any ground that is near.
    """

    kinds: tuple[str, ...]
    otherwise: str


@dataclass(frozen=True)
class Stamp:
    """What one tile of a legend turns into.

    Args:
        names: tile names that it draws, lower case.
        ground: kind of ground, or the name of a `Near`.
        kind: kind of what stands on the ground, or empty.
    """

    names: tuple[str, ...]
    ground: str
    kind: str


@dataclass(frozen=True)
class Rule:
    """Frames for the cells of some kinds, on one layer.

    Args:
        layer: the layer that takes the frames.
        where: kinds of the cells that are drawn; ``*`` is every cell.
        on: kinds of ground that these cells must have; empty: any.
        shape: a name of ``SHAPES``, or ``scene``.
        sets: names of frame sets with their weights; an empty name draws nothing.
        alike: kinds that join without an edge; empty: those of `where`.
        against: kinds that make an edge, in place of `alike`.
        pick: ``cell`` or ``group``: whether each cell or each connected group chooses among the sets.
        salt: rules of one salt choose alike.
        up: rows that the frame is drawn above its cell.
        when: ``always``, ``roofed`` or ``open``: whether more or less than half of the top row is closed.
        columns: width in frames of a scene.
    """

    layer: str
    where: tuple[str, ...]
    shape: str
    sets: tuple[tuple[str, int], ...]
    on: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    pick: str = "cell"
    salt: int = 0
    up: int = 0
    when: str = "always"
    columns: int = 1

    @classmethod
    def from_dict(cls, raw: dict[str, Any]) -> Rule:
        lists = {name: tuple(raw.get(name, ())) for name in ("where", "on", "alike", "against")}
        sets = tuple((str(name), int(weight)) for name, weight in raw["sets"])
        return cls(**{**raw, **lists, "sets": sets})


@dataclass(frozen=True, eq=False)
class Tileset:
    """An atlas of square frames and the rules that draw levels with them.

    Args:
        name: short name, such as ``"dungeon"``.
        tile_size: side of a frame, in pixels.
        atlas: (rows * tile_size, columns * tile_size, 4) RGBA; frame k stands at row ``k // columns``.
        columns: frames in a row of the atlas.
        frame_names: a readable name for every frame.
        sets: first frame and number of frames of each named set.
        layers: names of the layers, from the ground up.
        base: kind of ground where nothing else is known.
        near: the grounds that are taken from around a thing.
        closed: kinds that close the top row of a roofed level.
        stamps: what tiles turn into, by name.
        fallback: tags and the name of the stamp for a tile that has all of them, in order of preference.
        rules: in drawing order.
    """

    name: str
    tile_size: int
    atlas: Picture
    columns: int
    frame_names: tuple[str, ...]
    sets: dict[str, tuple[int, int]]
    layers: tuple[str, ...]
    base: str
    near: dict[str, Near]
    closed: tuple[str, ...]
    stamps: tuple[Stamp, ...]
    fallback: tuple[tuple[frozenset[str], str], ...]
    rules: tuple[Rule, ...]

    @property
    def frames(self) -> int:
        """How many frames the atlas holds."""
        return len(self.frame_names)

    @cached_property
    def pixels(self) -> NDArray[np.uint8]:
        """(frames + 1, tile_size, tile_size, 4) the frames; the last one is empty, so that -1 draws nothing."""
        size = self.tile_size
        cells = self.atlas.reshape(-1, size, self.columns, size, 4).swapaxes(1, 2).reshape(-1, size, size, 4)
        return np.concatenate([cells[: self.frames], np.zeros_like(cells[:1])])

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """Every kind that a stamp names."""
        named = [kind for stamp in self.stamps for kind in (stamp.ground, stamp.kind) if kind and kind not in self.near]
        return tuple(dict.fromkeys([self.base, *named]))

    @cached_property
    def by_name(self) -> dict[str, Stamp]:
        """Stamp for every tile name known."""
        return {name: stamp for stamp in self.stamps for name in stamp.names}

    def stamp(self, tile: Tile) -> Stamp:
        """What draws `tile`: by its name, by a known name within it, by its tags, at last a block with its initial."""
        name = plain(tile.name)
        return self.by_name.get(name) or self._by_words(name) or self._by_tags(tile) or self._by_initial(name)

    def _by_words(self, name: str) -> Stamp | None:
        inside = [known for known in self.by_name if f" {known} " in f" {name} "]
        return self.by_name[max(inside, key=lambda known: (len(known), known))] if inside else None

    def _by_tags(self, tile: Tile) -> Stamp | None:
        for tags, name in self.fallback:
            if tags <= tile.tags:
                return self.by_name[name]
        return None

    def _by_initial(self, name: str) -> Stamp:
        letter = next((char for char in name if "a" <= char <= "z"), "?")
        return self.by_name[f"letter {letter}"]


def plain(name: str) -> str:
    """A tile name in lower case, its words separated by single spaces.

    >>> plain("Wooden_Floor (old)")
    'wooden floor old'
    """
    return " ".join(re.findall(r"\w+", name.lower().replace("_", " ")))


@lru_cache(maxsize=256)
def kinds_of(tileset: Tileset, legend: Legend) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
    """(tiles,) kind of ground and (tiles,) kind on it for every tile id, as indices of `Tileset.kinds`.

    -1 is nothing, -2 the first of `Tileset.near`, -3 the second, and so on.
    """
    number = {kind: index for index, kind in enumerate(tileset.kinds)} | {"": -1}
    number |= {name: -2 - index for index, name in enumerate(tileset.near)}
    stamps = [tileset.stamp(tile) for tile in legend.tiles]
    return (
        np.array([number[stamp.ground] for stamp in stamps], dtype=np.int16),
        np.array([number[stamp.kind] for stamp in stamps], dtype=np.int16),
    )


@cache
def load_tileset(name: str) -> Tileset:
    """The tileset of that name, from ``assets/tilesets``.

    Raises:
        GenworldError: there is none, or its files do not belong together.
    """
    folder = shipped("assets") / "tilesets"
    known = [path.stem for path in folder.glob("*.json")]
    if name not in known:
        raise unknown("tileset", name, known)
    return read_tileset(folder / f"{name}.json")


def read_tileset(path: Path) -> Tileset:
    """The tileset of a description and the picture of the same name beside it; see `load_tileset`."""
    raw = json.loads(path.read_text(encoding="utf-8"))
    with Image.open(path.with_suffix(".png")) as image:
        atlas = np.asarray(image.convert("RGBA"))
    size, columns = raw["tile_size"], raw["columns"]
    if atlas.shape[1] != columns * size or atlas.shape[0] * columns < len(raw["frames"]) * size:
        raise GenworldError(
            f"Tileset {path.stem!r} needs {len(raw['frames'])} frames in rows of {columns}, but its picture is "
            f"{atlas.shape[1]} x {atlas.shape[0]} pixels; draw the tilesets again."
        )
    return Tileset(
        name=path.stem,
        tile_size=size,
        atlas=atlas,
        columns=columns,
        frame_names=tuple(raw["frames"]),
        sets={key: (first, count) for key, (first, count) in raw["sets"].items()},
        layers=tuple(raw["layers"]),
        base=raw["base"],
        near={key: Near(tuple(kinds), otherwise) for key, (kinds, otherwise) in raw["near"].items()},
        closed=tuple(raw["closed"]),
        stamps=tuple(Stamp(tuple(s["names"]), s["ground"], s["kind"]) for s in raw["stamps"]),
        fallback=tuple((frozenset(tags), stamp) for tags, stamp in raw["fallback"]),
        rules=tuple(Rule.from_dict(rule) for rule in raw["rules"]),
    )
