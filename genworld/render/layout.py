"""From a level to named layers of atlas frames."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genworld.art import PREFIX
from genworld.content import Legend, Level, Style
from genworld.render.shapes import SHAPES, Frames, Mask, groups
from genworld.render.tileset import Rule, Tileset, kinds_of, load_tileset


@dataclass(frozen=True, eq=False)
class Layout:
    """A level as layers of frames.

    Args:
        tileset: whose frames they are.
        layers: name and (H, W) int16 frame numbers of each layer, from the ground up; -1 is empty. The first
            layer is full and opaque. Drawn over each other they give `genworld.render.picture`, pixel for pixel.
    """

    tileset: Tileset
    layers: tuple[tuple[str, Frames], ...]


def layout(level: Level, tileset: Tileset | None = None) -> Layout:
    """The layers that draw `level`.

    Args:
        level: any level.
        tileset: what draws it; that of its legend by default, or one of ours where that is a person's own art.
    """
    chosen = tileset or load_tileset(ours(level.legend))
    cells = _Cells(level, chosen)
    slots: dict[str, list[Frames]] = {name: [] for name in chosen.layers}
    for rule in chosen.rules:
        frames = cells.frames(rule)
        if frames is not None:
            _lay(slots[rule.layer], frames)
    return Layout(chosen, tuple(_named(slots)))


def ours(legend: Legend) -> str:
    """The name of the tileset that ships with genworld and draws levels of `legend` by names and tags."""
    if not legend.tileset.startswith(PREFIX):
        return legend.tileset
    return "platformer" if legend.style is Style.PLATFORMER else "dungeon"


def _named(slots: dict[str, list[Frames]]) -> list[tuple[str, Frames]]:
    return [
        (name if depth == 0 else f"{name} {depth + 1}", frames)
        for name, stack in slots.items()
        for depth, frames in enumerate(stack)
    ]


def _lay(stack: list[Frames], frames: Frames) -> None:
    """Puts frames on the lowest grid of the stack where their cell is free, above what lies there already."""
    rest = frames
    for grid in stack:
        free = (grid < 0) & (rest >= 0)
        grid[free] = rest[free]
        rest = np.where(free, np.int16(-1), rest)
    if (rest >= 0).any():
        stack.append(rest)


class _Cells:
    """The kinds of a level's cells, and the frames that rules give them."""

    def __init__(self, level: Level, tileset: Tileset) -> None:
        self.tileset = tileset
        self.number = {kind: index for index, kind in enumerate(tileset.kinds)}
        ground, things = kinds_of(tileset, level.legend)
        self.things = things[level.tiles]
        self.ground = self._spread(ground[level.tiles])
        self.present = set(np.unique(self.ground).tolist()) | set(np.unique(self.things).tolist())
        self.roofed = bool(self.are(tileset.closed)[0].mean() > 0.5)

    def are(self, kinds: tuple[str, ...]) -> Mask:
        """(H, W) whether the ground or the thing of a cell is of one of these kinds."""
        if kinds == ("*",):
            return np.ones(self.ground.shape, dtype=np.bool_)
        lookup = np.zeros(len(self.number) + 1, dtype=np.bool_)
        lookup[[self.number[kind] for kind in kinds if kind in self.number]] = True
        return lookup[self.ground] | lookup[self.things]

    def _spread(self, ground: NDArray[np.int16]) -> NDArray[np.int16]:
        """Ground for the things that stand on what is near: first the kinds they prefer, then what else there is."""
        for index, near in enumerate(self.tileset.near.values()):
            wanted = -2 - index
            ground = _filled(ground, wanted, [self.number[kind] for kind in near.kinds if kind in self.number])
            if near.otherwise:
                ground = np.where(ground == wanted, np.int16(self.number[near.otherwise]), ground)
            else:
                ground = _filled(ground, wanted, list(range(len(self.number))))
        return np.where(ground < 0, np.int16(self.number[self.tileset.base]), ground)

    def frames(self, rule: Rule) -> Frames | None:
        """(H, W) frames that a rule draws, or None where it draws nothing."""
        if rule.when != "always" and (rule.when == "roofed") != self.roofed:
            return None
        if rule.where != ("*",) and not any(self.number.get(kind) in self.present for kind in rule.where):
            return None
        if rule.against and not any(self.number.get(kind) in self.present for kind in rule.against):
            return None
        member = self.are(rule.where)
        if rule.on:
            member = member & self.are(rule.on)
        offsets = self._scene(rule) if rule.shape == "scene" else self._offsets(rule, member)
        first = self._first(rule, member)
        frames = np.where(member & (offsets >= 0) & (first >= 0), first + offsets, -1).astype(np.int16)
        return _raised(frames, rule.up)

    def _offsets(self, rule: Rule, member: Mask) -> Frames:
        alike = ~self.are(rule.against) if rule.against else self.are(rule.alike) if rule.alike else member
        return SHAPES[rule.shape].choose(member, alike)

    def _scene(self, rule: Rule) -> Frames:
        """Frames of a backdrop that stands a little below the usual height of the ground.

        Its uppermost row goes on to the top of the level, its lowest one to the bottom.
        """
        height, width = self.ground.shape
        rows = self.tileset.sets[rule.sets[0][0]][1] // rule.columns
        down = np.clip(np.arange(height) - (self._horizon() - rows), 0, rows - 1)
        frames: Frames = (down[:, None] * rule.columns + np.arange(width) % rule.columns).astype(np.int16)
        return frames

    def _horizon(self) -> int:
        """The row where a backdrop ends: three below the surface of the ground that rests on the lower border."""
        closed = self.are(self.tileset.closed)
        depths = np.sort(np.logical_and.accumulate(closed[::-1]).sum(axis=0))
        return min(len(closed) - int(depths[depths.size // 2]) + 3, len(closed))

    def _first(self, rule: Rule, member: Mask) -> NDArray[np.int16]:
        """(H, W) first frame of the set that each cell takes, by a hash of its place."""
        firsts = np.array([self.tileset.sets[name][0] if name else -1 for name, _ in rule.sets], dtype=np.int16)
        if len(firsts) == 1:
            return np.full(member.shape, firsts[0])
        places = np.arange(member.size).reshape(member.shape)
        if rule.pick == "group":
            places = groups(member)
        else:
            places = places % member.shape[1] + 4099 * (places // member.shape[1])
        bounds = np.cumsum([weight for _, weight in rule.sets])
        chosen = np.searchsorted(bounds, place_hash(places, rule.salt) % bounds[-1], side="right")
        return np.asarray(firsts[chosen])


def _filled(ground: NDArray[np.int16], unknown: int, kinds: list[int]) -> NDArray[np.int16]:
    """`ground` with its unknown cells filled, ring by ring, with the kind that most of their neighbours have."""
    present = [kind for kind in kinds if (ground == kind).any()]
    while present:
        open_ = ground == unknown
        votes = np.stack([_votes(ground == kind) for kind in present])
        found = open_ & (votes.max(axis=0) > 0)
        if not found.any():
            break
        ground = np.where(found, np.array(present, dtype=np.int16)[votes.argmax(axis=0)], ground)
    return ground


def _votes(mask: Mask) -> NDArray[np.int8]:
    """(H, W) how much of `mask` surrounds each cell: 3 for a side, 2 for a corner."""
    padded = np.pad(mask, 1).astype(np.int8)
    level = padded[:, :-2] + padded[:, 2:]
    upright = padded[:-2, 1:-1] + padded[2:, 1:-1]
    votes: NDArray[np.int8] = 3 * (level[1:-1] + upright) + 2 * (level[:-2] + level[2:])
    return votes


def _raised(frames: Frames, rows: int) -> Frames:
    if rows == 0:
        return frames
    below = np.full((rows, frames.shape[1]), -1, dtype=np.int16)
    return np.concatenate([frames[rows:], below])


def place_hash(places: NDArray[np.int64], salt: int) -> NDArray[np.int64]:
    """A number from 0 to 65535 for every place, the same on every machine."""
    mixed = (places.astype(np.uint64) + np.uint64(salt * 7919 + 1)) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    return (mixed >> np.uint64(48)).astype(np.int64)
