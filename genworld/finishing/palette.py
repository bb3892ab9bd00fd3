"""Palettes as pixel artists keep them: GIMP's ``.gpl`` and lists of hexadecimal colours, ``.hex``.

References:
    GIMP documentation, *Palette dialog* (the format: a head, then red, green, blue and a name a line); Lospec's ``.hex``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from genworld.errors import GenworldError
from genworld.storage import read_bounded

MOST = 256
"""Colours of a palette."""
BYTES = 64 * 1024
_HEX = re.compile(r"#?([0-9a-fA-F]{6})")
_TRIPLE = re.compile(r"\s*(\d{1,3})\s+(\d{1,3})\s+(\d{1,3})(?:\s.*)?")
_HEAD = "GIMP Palette"


@dataclass(frozen=True)
class Palette:
    """Colours to draw with.

    Args:
        name: what people call it.
        colours: 1 to 256 different ones, each six hexadecimal digits, in the order of the file.
    """

    name: str
    colours: tuple[str, ...]


def read_palette(path: Path) -> Palette:
    """The palette in a ``.gpl`` or ``.hex`` file.

    Raises:
        GenworldError: it cannot be read, is no palette, or has no colours or more than 256.
    """
    return parse_palette(path.stem, read_bounded(path, BYTES))


def parse_palette(name: str, raw: bytes) -> Palette:
    """The palette that the bytes of a file hold, by what stands in it. Raises GenworldError as `read_palette` does.

    >>> parse_palette("two", b"000000\\n#ff8000\\n").colours
    ('000000', 'ff8000')
    """
    lines = [line.strip() for line in raw.decode("utf-8", "replace").lstrip("\ufeff").splitlines()]
    found = _gimp(lines) if lines and lines[0] == _HEAD else _hexadecimal(lines)
    colours = tuple(dict.fromkeys(found))
    if not 1 <= len(colours) <= MOST:
        raise GenworldError(f"A palette has 1 to {MOST} colours, but {name!r} has {len(colours)}; bring another file.")
    return Palette(name, colours)


def _gimp(lines: Sequence[str]) -> list[str]:
    found = []
    for number, line in enumerate(lines[1:], start=2):
        if not line or line.startswith(("#", "Name:", "Columns:")):
            continue
        triple = _TRIPLE.fullmatch(line)
        if triple is None or max(map(int, triple.groups())) > 255:
            raise GenworldError(
                f"Line {number} of the palette should be red, green and blue, 0 to 255, but it is {line[:40]!r}; correct it."
            )
        found.append("{:02x}{:02x}{:02x}".format(*map(int, triple.groups())))
    return found


def _hexadecimal(lines: Sequence[str]) -> list[str]:
    found = []
    for number, line in enumerate(lines, start=1):
        if not line:
            continue
        one = _HEX.fullmatch(line)
        if one is None:
            raise GenworldError(
                f"A palette is a .gpl file of GIMP, or a .hex file with six hexadecimal digits a line, but line {number} "
                f"is {line[:40]!r}; bring one of these."
            )
        found.append(one[1].lower())
    return found


def colours_of(palette: Sequence[str]) -> NDArray[np.uint8]:
    """(P, 3) red, green, blue of hexadecimal colours."""
    return np.array([list(bytes.fromhex(colour)) for colour in palette], dtype=np.uint8)
