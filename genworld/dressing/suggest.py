"""Which tile of a person's tileset could draw each tile of a legend: by what it is called, then by how it looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genworld import render
from genworld.art.dressed import AROUND, NOTHING, DressedArt, Worn
from genworld.art.sheet import Sheet
from genworld.content import Legend, Level, Picture, Tag, Tile
from genworld.datasets.meaning import tags_of_words
from genworld.dressing.looks import Looks, looks
from genworld.dressing.roles import is_open, is_sky, is_thing, shares_tags, words
from genworld.dressing.wear import Pick

CHOICES = 5
MIXED, WHOLE = 60.0, -10.0
"""What speaks against a tile with two terrains and for one with a single terrain, in the same units."""
UNLIKE = 60.0
"""Beyond this difference one colour is as wrong as another: then the calmest tile that is left serves best."""
NAMED = {"name": 160.0, "tag": 110.0, "sheet": 30.0}
"""How much a word counts, in units of colour difference: of the tile's own name, of its tags, in the sheet's name."""

Scores = NDArray[np.float32]
"""(frames,) how far each frame is from what is wanted; lower is better."""


@dataclass(frozen=True)
class Choice:
    """One proposal.

    Args:
        pick: what to wear.
        why: the reason, for a person.
    """

    pick: Pick
    why: str


def suggest(legend: Legend, sheets: Sequence[Sheet]) -> list[tuple[Choice, ...]]:
    """Proposals for each tile of a legend, the best first; at least one for each.

    Args:
        legend: any.
        sheets: the person's tileset, tiles of one size.
    """
    every = DressedArt("suggested", sheets, ("any",), (Worn(),), "")
    table = _Table(legend, every)
    order = sorted(range(len(legend.tiles)), key=table.rank)
    found = {tile: table.choices(tile) for tile in order}
    return [found[tile] for tile in range(len(legend.tiles))]


@dataclass(frozen=True)
class _Said:
    """What is said of a frame, and where."""

    text: str
    where: str


class _Table:
    """A legend against all frames of a tileset. What was proposed first for a tile is not proposed for the next."""

    def __init__(self, legend: Legend, every: DressedArt) -> None:
        self.legend = legend
        self.frames = every.frames
        self.looks = looks(every.frames)
        self.told = _told(every)
        starts = zip(every.sheets, every.firsts, strict=True)
        self.about = [(first, first + sheet.count, f"{sheet.name} {sheet.file}") for sheet, first in starts]
        self.wanted = _references(legend)
        self.first = _first_of_its_look(every.frames)
        self.mixed = _mixed(every)
        self.taken: dict[int, int] = {}

    def rank(self, tile: int) -> tuple[int, int]:
        """What a level is mostly made of chooses first: walls, floors, then other grounds, then things."""
        one = self.legend.tiles[tile]
        if is_thing(one, self.legend.style):
            return 3, tile
        if one.tags & {Tag.LIQUID, Tag.HAZARD}:
            return 2, tile
        return (0 if one.tags & {Tag.SOLID, Tag.SOLID_TOP, Tag.VOID} else 1), tile

    def choices(self, tile: int) -> tuple[Choice, ...]:
        one = self.legend.tiles[tile]
        thing = is_thing(one, self.legend.style)
        named, why = self._named(one)
        scores = (self._as_thing(tile) if thing else self._as_ground(tile)) - named
        scores[~self.first] = np.inf
        best = [int(frame) for frame in np.argsort(scores, kind="stable")[:CHOICES] if np.isfinite(scores[frame])]
        made = [Choice(_pick(frame, thing), why.get(frame) or self._seen(thing)) for frame in best]
        if is_sky(one, self.legend.style):
            made.insert(0, Choice(Pick(), "open air: nothing is drawn"))
        elif best:
            self.taken[best[0]] = tile
        return tuple(made[:CHOICES]) or (Choice(Pick(AROUND if thing else NOTHING), "nothing in the sheet fits"),)

    @staticmethod
    def _seen(thing: bool) -> str:
        return "similar outline and colour" if thing else "similar colour and texture"

    def _named(self, tile: Tile) -> tuple[Scores, dict[int, str]]:
        """(frames,) how much the words said of each frame count, and the reason in words where any do."""
        total = np.zeros(len(self.looks), dtype=np.float32)
        why: dict[int, str] = {}
        for frame, said in self.told.items():
            if counts := self._match(said.text, tile):
                total[frame] += NAMED[counts]
                why[frame] = f"{said.where} {said.text!r}"
        for first, last, text in self.about:
            total[first:last] += NAMED["sheet"] * bool(self._match(text, tile))
        return total, why

    def _match(self, text: str, tile: Tile) -> str:
        """How a text means a tile: by a word of its ``name``, by a ``tag`` that its words point to, or not at all."""
        if words(text) & words(tile.name):
            return "name"
        return "tag" if shares_tags(tags_of_words(text, self.legend.style), tile, self.legend.style) else ""

    def _as_ground(self, tile: int) -> Scores:
        seen, want = self.looks, self.wanted[tile]
        scores = (
            np.minimum(_colour_gap(seen, want), UNLIKE)
            + _excess(seen.texture, want.texture)
            + 1.5 * _excess(seen.spread, want.spread)
        )
        scores += (
            _excess(seen.rim, want.rim)
            + 1.5 * _excess(seen.uneven, want.uneven)
            + 25 * np.maximum(seen.seam - 1.1, 0)
            + 250 * (1 - seen.opacity)
        )
        scores += self.mixed
        for frame, other in self.taken.items():
            scores += self._too_alike(frame, tile, other)
        scores[list(self.taken)] += 60
        return np.asarray(scores, dtype=np.float32)

    def _too_alike(self, frame: int, tile: int, other: int) -> Scores:
        """What looks as a tile that means something else can be told from it by nobody."""
        walls = [Tag.SOLID in self.legend.tiles[each].tags for each in (tile, other)]
        weight = 2.0 if walls[0] != walls[1] else 0.7
        gap = np.linalg.norm(self.looks.colour - self.looks.colour[frame], axis=1)
        return np.asarray(weight * np.maximum(24 - gap, 0), dtype=np.float32)

    def _as_thing(self, tile: int) -> Scores:
        seen, want = self.looks, self.wanted[tile]
        outline = np.abs(seen.outline - want.outline[0]).mean(axis=(1, 2))
        opaque = seen.opacity > 0.97
        ground = opaque & (seen.seam < 1.2) & (seen.rim < 12)
        inside = np.abs(seen.parts - want.parts[0]).mean(axis=(1, 2, 3))
        scores = (
            70 * outline
            + 0.5 * _colour_gap(seen, want)
            + 1.5 * inside
            + self.mixed
            + 40 * opaque * (want.opacity[0] < 0.9)
            + 80 * ground
        )
        scores += 60 * (seen.opacity < 0.08)
        scores[list(self.taken)] += 60
        for frame, other in self.taken.items():
            if not is_thing(self.legend.tiles[other], self.legend.style):
                scores += 40 * opaque * (seen.rim < 15) * (np.linalg.norm(seen.colour - seen.colour[frame], axis=1) < 6)
        return np.asarray(scores, dtype=np.float32)


def _pick(frame: int, thing: bool) -> Pick:
    return Pick(AROUND, frame) if thing else Pick(frame)


def _colour_gap(seen: Looks, want: Looks) -> Scores:
    """(frames,) distance in Lab, where lightness counts half: makers differ in it more than in hue."""
    apart = (seen.colour - want.colour[0]) * np.array([0.5, 1, 1], dtype=np.float32)
    return np.asarray(np.linalg.norm(apart, axis=1), dtype=np.float32)


def _excess(seen: Scores, want: Scores) -> Scores:
    """(frames,) how much busier a frame is than what it is to stand for, beyond what nobody minds."""
    return np.asarray(np.maximum(seen - want[0] - 3, 0), dtype=np.float32)


def _first_of_its_look(frames: Picture) -> NDArray[np.bool_]:
    """(frames,) whether a frame is drawn at all and is the first of those that are exactly alike."""
    seen: set[bytes] = set()
    first = np.zeros(len(frames), dtype=np.bool_)
    for number, frame in enumerate(frames):
        key = frame.tobytes()
        first[number] = key not in seen and bool(frame[..., 3].any())
        seen.add(key)
    return first


def _told(every: DressedArt) -> Mapping[int, _Said]:
    """What is said of frames: in their classes and properties, and by the names of terrains."""
    said: dict[int, _Said] = {}
    for wang in every.wangs:
        for colour, name in enumerate(wang.colours, start=1):
            frame = wang.whole(colour)
            if frame is not None:
                said.setdefault(frame, _Said(name or wang.name, "its terrain is called"))
    for sheet, first in zip(every.sheets, every.firsts, strict=True):
        for tile, text in sheet.words.items():
            if tile < sheet.count:
                said.setdefault(first + tile, _Said(text, "the tileset says"))
    return said


def _mixed(every: DressedArt) -> Scores:
    """(frames,) what speaks against frames that show two terrains, and for those of one, whose edges come with them."""
    against = np.zeros(len(every.frames), dtype=np.float32)
    for wang in every.wangs:
        for frame, one in wang.tiles:
            against[frame] = MIXED if len(set(one) - {0}) > 1 else against[frame] or WHOLE
    return against


def _references(legend: Legend) -> list[Looks]:
    """How each tile of a legend looks where it is drawn now."""
    floor = next((k for k, tile in enumerate(legend.tiles) if is_open(tile, legend.style)), 0)
    return [looks(_reference(legend, tile, floor)[None]) for tile in range(len(legend.tiles))]


def _reference(legend: Legend, tile: int, floor: int) -> Picture:
    """A tile as it is seen among floor: of a thing only what differs from the floor, of a wall its front."""
    grid = np.full((3, 3), floor, dtype=np.uint8)
    empty = _middle(legend, grid)
    if is_thing(legend.tiles[tile], legend.style):
        grid[1, 1] = tile
        pixels = _middle(legend, grid).copy()
        pixels[(pixels == empty).all(axis=-1)] = 0
        return pixels if pixels[..., 3].any() else _middle(legend, grid)
    grid[: 2 if Tag.SOLID in legend.tiles[tile].tags else 3] = tile
    return _middle(legend, grid)


def _middle(legend: Legend, grid: NDArray[np.uint8]) -> Picture:
    pixels = render.picture(Level(grid, legend))
    height, width = (side // 3 for side in pixels.shape[:2])
    return pixels[height : 2 * height, width : 2 * width]
