"""The one palette of all tilesets: 49 colours in ramps from dark to light, hues drifting towards yellow in the light."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

RGBA = NDArray[np.uint8]
"""(H, W, 4) straight alpha."""

RAMPS = {
    "stone": ("1d1526", "30263b", "463a50", "62566a", "84788a", "a99da8", "cfc6c8"),
    "slate": ("232842", "364063", "51618a", "7d90b3"),
    "wood": ("3b1d26", "58302c", "7d4a36", "a66c45", "cc945c", "e8c48a"),
    "flag": ("65525a", "7b6767", "917d77"),
    "grass": ("16332f", "1f5138", "33733c", "569a40", "8abf4c", "c2db70"),
    "sand": ("dfbf84", "f3e1ae"),
    "water": ("1c2554", "25448c", "3069b8", "4b9ad8", "8ecfee"),
    "lava": ("4d1228", "922032", "cf4028", "f0802c", "fdc246", "fff0a8"),
    "snow": ("9db4d6", "cddff0", "ffffff"),
    "accent": ("ecb08c", "c22f46", "ee7d90", "5c3080", "9c58b8", "1c7a78", "4cc4a0"),
}
"""Hex colours of each ramp."""

CHARS = {
    "stone": "1234567",
    "slate": "abcd",
    "wood": "efghij",
    "flag": "GHI",
    "grass": "lmnopq",
    "sand": "st",
    "water": "uvwxy",
    "lava": "ABCDEF",
    "snow": "XYZ",
    "accent": "KRPUVTS",
}
"""The character of each colour in the pictures that are typed as text."""


def _colour(text: str) -> tuple[int, int, int]:
    return int(text[:2], 16), int(text[2:4], 16), int(text[4:], 16)


COLOUR = {char: _colour(text) for ramp in RAMPS for char, text in zip(CHARS[ramp], RAMPS[ramp], strict=True)}
"""RGB of every character."""

INK = "1"
"""The colour of outlines."""

CHAR_OF = {colour: char for char, colour in COLOUR.items()}

_STEPS = (
    "1234567",
    "abcd7",
    "1efghij",
    "1GHI6",
    "lmnopq",
    "hist",
    "uvwxyZ",
    "ABCDEF",
    "cXYZ",
    "hKt",
    "ARP",
    "1UVP",
    "lTSY",
)
LIGHTER = {a: b for steps in _STEPS for a, b in pairwise(steps) if a not in "1h" or steps[0] == a}
"""The next lighter character of each, along its ramp."""
LIGHTER |= {"h": "i", "1": "2"}
DARKER = {b: a for steps in _STEPS[::-1] for a, b in pairwise(steps)}
"""The next darker character of each, along its ramp."""
DARKER |= {"i": "h", "h": "g", "7": "6", "6": "5", "t": "s", "s": "i", "P": "R", "Z": "Y", "Y": "X"}
