"""Sprites to train from, drawn here: potions, swords, shields and trees as a small game has them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from genworld.content import Picture
from genworld.render import png_bytes
from genworld.seeding import numpy_stream

SIDE = 32
OUTLINE = (34, 28, 46)
MIDDLE = (SIDE - 1) / 2

Mask = NDArray[np.bool_]
"""(SIDE, SIDE): where something is."""
Draw = np.random.Generator
Part = tuple[Mask, tuple[int, int, int]]
"""Where a part of a sprite is, and its colour; later parts lie over earlier ones."""

Y, X = np.mgrid[:SIDE, :SIDE].astype(np.float64)
COLOURS = {
    "red": (200, 60, 70),
    "green": (80, 170, 80),
    "blue": (70, 110, 210),
    "gold": (230, 180, 60),
    "violet": (150, 80, 190),
}
GLASS, WOOD, STEEL, LIGHT = (190, 210, 220), (122, 82, 52), (170, 176, 190), (240, 240, 235)


def archive(count: int, seed: int = 0) -> bytes:
    """A zip of sprites as PNGs, a folder for each class.

    Args:
        count: sprites in all, as many of each class as that allows.
        seed: of what they look like.
    """
    names = list(CLASSES)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as bundle:
        for index in range(count):
            kind = names[index % len(names)]
            random = numpy_stream(seed, f"bench/sprite/{index}")
            colour = list(COLOURS)[random.integers(len(COLOURS))]
            name = f"{kind}/{colour}_{index:03}.png"
            bundle.writestr(name, png_bytes(sprite(CLASSES[kind](random, COLOURS[colour]))))
    return file.getvalue()


def sprite(parts: list[Part]) -> Picture:
    """(SIDE, SIDE, 4) pixels: the parts over each other, lit from the upper left, with a dark line around all."""
    pixels = np.zeros((SIDE, SIDE, 4), np.uint8)
    for where, colour in parts:
        pixels[where] = (*colour, 255)
        for shift, by in ((1, 1.2), (-1, 0.75)):
            edge = where & ~np.roll(where, (shift, shift), (0, 1))
            pixels[edge, :3] = np.clip(np.multiply(colour, by), 0, 255)
    pixels[_around(pixels[..., 3] > 0)] = (*OUTLINE, 255)
    return pixels


def _around(inside: Mask) -> Mask:
    grown = inside.copy()
    for shift, axis in ((1, 0), (-1, 0), (1, 1), (-1, 1)):
        grown |= np.roll(inside, shift, axis)
    grown &= ~inside
    return grown


def _disc(row: float, column: float, radius: float) -> Mask:
    return np.asarray((Y - row) ** 2 + (X - column) ** 2 <= radius**2)


def _box(top: float, bottom: float, half: float, column: float = MIDDLE) -> Mask:
    return np.asarray((top <= Y) & (bottom > Y) & (abs(X - column) <= half))


def _potion(random: Draw, colour: tuple[int, int, int]) -> list[Part]:
    radius = random.uniform(6, 9)
    row = 28 - radius
    belly = _disc(row, MIDDLE, radius)
    level = row + random.uniform(-0.5, 0.4) * radius
    neck = _box(row - radius - 4, row - radius + 2, 2)
    cork = _box(row - radius - 7, row - radius - 4, 2)
    shine = _disc(row - 0.4 * radius, MIDDLE - 0.4 * radius, 1.2)
    return [(belly | neck, GLASS), (belly & (level <= Y), colour), (cork, WOOD), (shine, LIGHT)]


def _sword(random: Draw, colour: tuple[int, int, int]) -> list[Part]:
    top, guard, half = random.uniform(2, 6), random.uniform(18, 22), random.uniform(1.5, 3)
    blade = _box(top, guard, half) & (Y - top >= abs(X - MIDDLE) - 0.5)
    hilt, grip = _box(guard, guard + 2, half + random.uniform(3, 5)), _box(guard + 2, 28, 1.5)
    return [(grip, WOOD), (blade, STEEL), (hilt, colour), (_disc(28, MIDDLE, 2), colour)]


def _shield(random: Draw, colour: tuple[int, int, int]) -> list[Part]:
    half, top, tip = random.uniform(8, 11), random.uniform(4, 6), random.uniform(26, 29)
    narrow = half * np.sqrt(np.clip((tip - Y) / (tip - top), 0, 1))
    face = (abs(X - MIDDLE) <= narrow) & (top <= Y)
    inner = (abs(X - MIDDLE) <= narrow - 2) & (top + 2 <= Y) & (tip - 3 >= Y)
    mark = _disc(14, MIDDLE, random.uniform(2, 4)) if random.random() < 0.5 else inner & (abs(X - MIDDLE) < 2)
    return [(face, STEEL), (inner, colour), (mark, COLOURS["gold"])]


def _tree(random: Draw, colour: tuple[int, int, int]) -> list[Part]:
    radius = random.uniform(5, 7)
    crown = _disc(5 + radius, MIDDLE, radius)
    for side in (-1, 1):
        crown |= _disc(8 + radius, MIDDLE + side * random.uniform(3, 5), radius - 1)
    spots = np.add(random.uniform(-4, 4, (4, 2)), (8 + radius, MIDDLE))
    fruit = [(_disc(row, column, 1.2), colour) for row, column in spots]
    return [(_box(14, 29, random.uniform(1.5, 2.5)), WOOD), (crown, COLOURS["green"]), *fruit]


CLASSES: Mapping[str, Callable[[Draw, tuple[int, int, int]], list[Part]]] = {
    "potions": _potion,
    "swords": _sword,
    "shields": _shield,
    "trees": _tree,
}
