"""Grounds that several tilesets share."""

from __future__ import annotations

import numpy as np

from .palette import COLOUR, RGBA
from .pen import noise, plain, put, smooth_noise, speckled
from .terrain import X, Y

TUFT = ("n.n\n.n.", "n..n\n.nn.", ".p.\nn.n", "n.\n.n")


def slab(frame: RGBA, top: int, left: int, height: int, width: int, colours: str) -> None:
    """Draws a flat stone with a light upper left and a dark lower right edge; `colours` are dark, body, light."""
    dark, body, light = (COLOUR[char] for char in colours)
    part = frame[top : top + height, left : left + width]
    part[..., 3] = 255
    part[..., :3] = body
    part[0, :-1, :3] = light
    part[:-1, 0, :3] = light
    part[-1, :, :3] = dark
    part[:, -1, :3] = dark


def slabs(parts: tuple[tuple[int, int, int, int], ...], colours: str) -> RGBA:
    """A frame of flat stones given as (top, left, height, width)."""
    frame = plain(colours[0])
    for part in parts:
        slab(frame, *part, colours)
    return frame


def worn(frame: RGBA, name: str, light: str, body: str, share: int = 110) -> RGBA:
    """The frame with some of its light pixels worn down to the body colour."""
    hit = (frame[..., :3] == COLOUR[light]).all(axis=-1) & (noise(name) < share)
    result = frame.copy()
    result[hit, :3] = COLOUR[body]
    return result


def grass(name: str, tufts: int, base: str = "o", dark: str = "n", light: str = "p") -> RGBA:
    """Grass of one green with small tufts."""
    frame = plain(base)
    places = noise(f"grass {name}", 1, 24)[0]
    for k in range(tufts):
        text = TUFT[int(places[3 * k]) % len(TUFT)].replace("n", dark).replace("p", light)
        frame = put(frame, text, int(places[3 * k + 1]) % 14 + 1, int(places[3 * k + 2]) % 12 + 1)
    return frame


def liquid(name: str, levels: tuple[tuple[int, str], ...], base: str, cell: int = 4) -> RGBA:
    """Soft spots of colour on a base: each (threshold, colour) covers what its noise exceeds."""
    frame = plain(base)
    field = smooth_noise(name, cell)
    for threshold, char in levels:
        frame[field > threshold, :3] = COLOUR[char]
    return frame


def water(name: str, base: str = "w", light: str = "x", dark: str = "v") -> RGBA:
    """Calm water with a few flat waves."""
    places = noise(f"water {name}", 1, 8)[0]
    frame = plain(base)
    wave, trough = f"..{light}{light}..\n{light}{light}..{light}{light}", f"{dark}{dark}{dark}"
    frame = put(frame, trough, int(places[0]) % 16, int(places[1]) % 16)
    frame = put(frame, trough, int(places[2]) % 16, int(places[3]) % 16)
    frame = put(frame, wave, int(places[4]) % 14, int(places[5]) % 16)
    return put(frame, f"{light}{light}{light}", (int(places[4]) + 8) % 16, (int(places[5]) + 7) % 16)


VEINS = (
    "",
    "",
    ".....DDD...\n..DDDEEDD..\nDDEEDD.DEDD\n.DD......DD",
    "DD.........\n.DEDD....DD\n..DDEDDDED.\n....DDEED..\n......DD...",
)


def lava(k: int) -> RGBA:
    """Glowing rock with dark crust, in some frames with a bright vein; `k` 0 to 3."""
    places = noise(f"lava {k}", 1, 8)[0]
    frame = speckled("C", (("D", 4),), f"lava {k}")
    frame = put(frame, "..BBB.\nBBBBBB\n.BBBB.", int(places[0]) % 12 + 1, int(places[1]) % 10)
    frame = put(frame, "BBB\n.BB", int(places[2]) % 16, int(places[3]) % 16)
    return put(frame, VEINS[k], 3 + int(places[4]) % 8, 1 + int(places[5]) % 4) if VEINS[k] else frame


def earth(name: str, base: str = "g", dark: str = "f", light: str = "h", marks: int = 5) -> RGBA:
    """Trodden earth with specks and a pebble."""
    frame = speckled(base, ((dark, marks), (light, marks)), f"earth {name}")
    place = noise(f"pebble {name}", 1, 2)[0]
    return put(frame, f"{light}{light}\n{dark}{dark}", int(place[0]) % 14, int(place[1]) % 14)


def bricks(
    colours: str, course: int = 4, length: int = 8, first: int = 5, name: str = "bricks", shift: int = 4
) -> RGBA:
    """A front of bricks; `colours` are mortar, dark, body, light. Rows above `first` are painted over by the cap."""
    mortar, dark, _, light = (COLOUR[char] for char in colours)
    frame = plain(colours[2])
    level = (Y - first) % course
    along = (X + shift * ((Y - first) // course % 2)) % length
    stones = noise(name, 8, 8)[
        (Y - first) // course % 8, ((X + shift * ((Y - first) // course % 2)) // length) % (16 // length)
    ]
    frame[stones < 70, :3] = dark
    frame[(level == 0) & (stones > 120) & (along > 0), :3] = light
    frame[(level == course - 1) | (along == length - 1), :3] = mortar
    frame[first, :, :3] = mortar
    frame[-1, :, :3] = mortar
    return frame


def planks(colours: str, name: str, height: int = 4) -> RGBA:
    """Floor boards that run east; `colours` are joint, body, light."""
    joint, _, light = (COLOUR[char] for char in colours)
    frame = plain(colours[1])
    board = Y // height
    start = noise(f"planks {name}", 1, 8)[0][board % 8] % 16
    frame[(Y % height == 0) & (noise(f"grain {name}") > 96), :3] = light
    frame[Y % height == height - 1, :3] = joint
    frame[((X + start) % 16 == 0) & (Y % height != height - 1), :3] = joint
    return frame


def dotted(frame: RGBA, char: str, share: int, name: str) -> RGBA:
    """The frame with about `share` of 256 pixels in another colour."""
    result = frame.copy()
    result[noise(name) < share, :3] = COLOUR[char]
    return result


def blended(one: RGBA, two: RGBA, name: str, threshold: int = 128, cell: int = 4) -> RGBA:
    """`two` in soft patches on `one`."""
    return np.where((smooth_noise(name, cell) > threshold)[..., None], two, one)
