"""Sprites composed from layers, as paper dolls are dressed.

A folder holds ``player_parts/<slot>/<part>.png`` and ``adventurer_parts.csv``, a table of dressed
dolls with one column a slot in drawing order. The table is the pattern: how often a slot is
filled, with which parts, and which two slots are never filled together. A composition is a draw
from that pattern, labelled by what it wears.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from genworld import limits
from genworld.content import Picture, Sprite, SpriteSpec
from genworld.datasets.dataset import Dataset
from genworld.datasets.reader import signed
from genworld.datasets.untrusted import read_file, read_picture, read_text
from genworld.errors import GenworldError
from genworld.provenance import DataSource
from genworld.seeding import numpy_stream

TABLE = "adventurer_parts.csv"
PARTS = "player_parts"
TRAINING_SEED = 0
"""Compositions of this seed train; every other seed is held out."""
MOST = 200_000
"""Dolls at most: 32 x 32 pixels of each are 4 KiB in memory."""

Doll = dict[str, str]
"""Part worn in each filled slot."""


@dataclass(frozen=True)
class Label:
    """A class of dolls: those whose `slot` is filled by a part with one of the prefixes (any part when none)."""

    name: str
    slot: str
    prefixes: tuple[str, ...] = ()
    but_not: tuple[str, ...] = ()

    def fits(self, doll: Mapping[str, str]) -> bool:
        part = doll.get(self.slot, "")
        if not part or part.startswith(self.but_not or ("\0",)):
            return False
        return not self.prefixes or part.startswith(self.prefixes)


_UNARMED = (
    "fire",
    "light",
    "spark",
    "hand",
    "head",
    "orb",
    "lantern",
    "bottle",
    "box",
    "crystal",
    "disc",
    "fan",
    "stone",
)
_SHIELDS = ("shield", "buckler", "lshield", "kite_shield", "boromir", "gil-galad")

LABELS = (
    Label("cloak", "cloak"),
    Label("headgear", "head"),
    Label("hair", "hair"),
    Label("robe", "body", ("robe", "dress", "gandalf", "saruman", "swamp_witch", "monk")),
    Label("weapon", "hand1", (), _UNARMED),
    Label("shield", "hand2", _SHIELDS),
    Label("book", "hand2", ("book",)),
    Label("dragonfolk", "base", ("draconian",)),
)


@dataclass(frozen=True)
class Pattern:
    """How dolls are dressed.

    Args:
        slots: in drawing order.
        parts: those seen in each slot, sorted.
        filled: share of dolls that fill the slot, among those that may.
        excluded_by: the slot whose filling leaves this one empty.
    """

    slots: tuple[str, ...]
    parts: Mapping[str, tuple[str, ...]]
    filled: Mapping[str, float]
    excluded_by: Mapping[str, str]

    @classmethod
    def learn(cls, dolls: list[Doll], slots: tuple[str, ...]) -> Pattern:
        """The pattern of a table of dolls."""
        parts = {slot: tuple(sorted({doll[slot] for doll in dolls if slot in doll})) for slot in slots}
        slots = tuple(slot for slot in slots if parts[slot])
        excluded_by = {b: a for a, b in _never_together(dolls, slots)}
        filled = {slot: _share(dolls, slot, excluded_by.get(slot)) for slot in slots}
        return cls(slots, parts, filled, excluded_by)

    def dress(self, random: np.random.Generator) -> Doll:
        """One draw. Slots that exclude others are decided first."""
        doll: Doll = {}
        for slot in sorted(self.slots, key=lambda slot: slot in self.excluded_by):
            chance, choice = random.random(), random.integers(len(self.parts[slot]))
            if self.excluded_by.get(slot) not in doll and chance < self.filled[slot]:
                doll[slot] = self.parts[slot][choice]
        return doll


def _never_together(dolls: list[Doll], slots: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs (a, b) never filled together although chance would fill them in at least ten dolls; a is filled more often."""
    pairs = []
    for a, b in combinations(slots, 2):
        count_a, count_b = (sum(slot in doll for doll in dolls) for slot in (a, b))
        both = sum(a in doll and b in doll for doll in dolls)
        if both == 0 and count_a * count_b / len(dolls) >= 10:
            pairs.append((a, b) if count_a >= count_b else (b, a))
    return pairs


def _share(dolls: list[Doll], slot: str, excluder: str | None) -> float:
    able = [doll for doll in dolls if excluder not in doll]
    return sum(slot in doll for doll in able) / max(1, len(able))


def read_table(path: Path) -> tuple[list[Doll], tuple[str, ...]]:
    """Dolls and slots of a table whose first column is the file and whose others are slots in drawing order.

    Raises:
        GenworldError: no doll, or a part whose name is no plain file name.
    """
    rows = list(csv.DictReader(io.StringIO(read_text(read_file(path, limits.TEXT_BYTES), path.name))))
    slots = tuple(name for name in rows[0] if name and name != "file") if rows else ()
    dolls = [{slot: row[slot] for slot in slots if row[slot]} for row in rows]
    if not any(dolls):
        raise GenworldError(
            f"Expected one dressed doll on each line of {path.name}, but it has none; bring the whole table."
        )
    for name in {*slots, *(part for doll in dolls for part in doll.values())}:
        if not re.fullmatch(r"[\w-][\w.-]{0,79}", name):
            raise GenworldError(f"{path.name} should name slots and parts by plain file names, but {name[:40]!r} came.")
    return dolls, slots


class Wardrobe:
    """The pictures of all parts of a pattern, loaded once."""

    def __init__(self, folder: Path, pattern: Pattern) -> None:
        self.pattern = pattern
        self._parts = {
            (slot, part): _load(folder / slot / f"{part}.png") for slot in pattern.slots for part in pattern.parts[slot]
        }

        sizes = sorted({part.size for part in self._parts.values()})
        if len(sizes) > 1:
            raise GenworldError(
                f"All parts should have one size, but {sizes[0][0]} x {sizes[0][1]} and {sizes[-1][0]} x {sizes[-1][1]} "
                "pixels came; pad the smaller ones."
            )

    def draw(self, doll: Doll) -> Sprite:
        """The doll, its layers laid over each other in drawing order."""
        layers = [self._parts[slot, doll[slot]] for slot in self.pattern.slots if slot in doll]
        canvas = Image.new("RGBA", next(iter(self._parts.values())).size)
        for layer in layers:
            canvas = Image.alpha_composite(canvas, layer)
        pixels: Picture = np.asarray(canvas)
        return Sprite(pixels)


def _load(path: Path) -> Image.Image:
    return Image.fromarray(read_picture(read_file(path, limits.ZIP_MEMBER_BYTES), f"{path.parent.name}/{path.name}"))


def label(doll: Mapping[str, str]) -> NDArray[np.uint8]:
    """(K,) uint8: which of LABELS fit."""
    return np.array([rule.fits(doll) for rule in LABELS], dtype=np.uint8)


def is_wardrobe(folder: Path) -> bool:
    """Whether a folder is of this form."""
    return (folder / TABLE).is_file() and (folder / PARTS).is_dir()


def read(folder: Path, *, count: int = 20_000, seed: int = TRAINING_SEED) -> Dataset:
    """`count` compositions of the stream `seed`.

    Args:
        folder: as described above.
        count: dolls wanted; doll k is the same whatever the count.
        seed: `TRAINING_SEED` trains, others are held out.

    Raises:
        GenworldError: the folder is not of this form, a part cannot be read, or a number is out of its range.
    """
    count = limits.whole("The count", count, 1, MOST, "dolls")
    seed = limits.whole("The seed", seed, 0, limits.MAX_SEED)
    if not is_wardrobe(folder):
        raise GenworldError(f"Expected {TABLE} and the folder {PARTS} in {folder.name!r}, but they are not both there.")
    pattern = Pattern.learn(*read_table(folder / TABLE))
    wardrobe = Wardrobe(folder / PARTS, pattern)
    dolls = [pattern.dress(numpy_stream(seed, f"doll/{index}")) for index in range(count)]
    sprites = tuple(wardrobe.draw(doll) for doll in dolls)
    source = DataSource(
        name="Dungeon Crawl Stone Soup player parts",
        licence="CC0-1.0",
        url="https://github.com/crawl/tiles",
        sellable=True,
        note=f"Drawn by the artists of Dungeon Crawl Stone Soup; {count} compositions of stream {seed}",
    )
    spec = SpriteSpec(sprites[0].height, sprites[0].width, tuple(rule.name for rule in LABELS), exclusive=False)
    labels = np.stack([label(doll) for doll in dolls])
    groups = tuple(f"{seed}/{index}" for index in range(count))
    return signed(Dataset("adventurers", spec, sprites, labels, groups, source))
