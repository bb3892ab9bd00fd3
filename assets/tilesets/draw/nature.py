"""Trees, bushes, rocks and flowers, hills and mountains."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .palette import COLOUR, RGBA
from .pen import SIZE, art, ball, blank, grounded, noise, outlined, plain, tall
from .terrain import BLOB, X, Y, open_names, spill

LEAVES = ("lmno", "mnop", "lmnn")


def oak(ramp: str, name: str) -> RGBA:
    """A tall picture of a round tree."""
    frame = tall()
    for x, char in ((6, "e"), (7, "g"), (8, "f"), (9, "e")):
        frame[24:30, x] = (*COLOUR[char], 255)
    frame[29, 5] = frame[29, 10] = (*COLOUR["e"], 255)
    for y, x, radius in ((20, 5, 4), (20, 11, 4), (16, 8, 7), (14, 6, 4), (21, 8, 5)):
        ball(frame, y, x, radius, ramp, f"{name} {y} {x}")
    return grounded(outlined(_crown(frame, ramp, name), "1"), 29, 90)


def _crown(frame: RGBA, ramp: str, name: str) -> RGBA:
    """Strews leaves of light upon the upper left of a crown."""
    spots = noise(f"leaves {name}", *frame.shape[:2])
    down, right = np.mgrid[0 : frame.shape[0], 0 : frame.shape[1]]
    green = (frame[..., :3] == COLOUR[ramp[2]]).all(axis=-1) & (spots > 205) & (down + right < 27)
    frame[green, :3] = COLOUR[ramp[3]]
    return frame


def pine(ramp: str) -> RGBA:
    """A tall picture of a fir."""
    frame = tall()
    for x, char in ((7, "f"), (8, "e")):
        frame[26:30, x] = (*COLOUR[char], 255)
    for top, rows, start in ((8, 7, 0), (13, 7, 1), (18, 9, 2)):
        for k in range(rows):
            half = min(start + (k * 3 + 3) // 4, 6)
            for x in range(8 - half, 8 + half):
                away = x - (8 - half)
                char = ramp[3] if away < 1 + half // 4 else ramp[2] if away < half else ramp[1]
                frame[top + k, x] = (*COLOUR[ramp[0] if k == rows - 1 else char], 255)
    return grounded(outlined(frame, "1"), 29, 90)


def snowy(frame: RGBA) -> RGBA:
    """A fir under snow."""
    result = frame.copy()
    spots = noise("snow on firs", *frame.shape[:2])
    for old, new, share in (("n", "Z", 255), ("m", "Y", 150)):
        hit = (frame[..., :3] == COLOUR[old]).all(axis=-1) & (spots < share)
        result[hit, :3] = COLOUR[new]
    return result


def mountain(kind: int) -> RGBA:
    """A tall picture of a rocky peak; `kind` 0 to 2."""
    frame = tall()
    for top, middle in (((9, 8),), ((14, 4), (11, 10)), ((11, 6), (16, 12)))[kind]:
        _peak(frame, top, middle, f"peak {kind} {middle}")
    drawn = outlined(frame, "1")
    drawn[31, (np.arange(SIZE) * 5 + kind) % 7 > 3] = 0
    return drawn


def _peak(frame: RGBA, top: int, middle: int, name: str) -> None:
    """One peak whose left side is lit, its ridge wandering down, snow on its tip."""
    rough = noise(name, 1, 32)[0]
    for k in range(31 - top):
        left, right = middle - 1 - k * 4 // 9 - int(rough[k] > 190), middle + 1 + k * 4 // 9
        ridge = middle + (int(rough[k // 3 + 20]) % 3 - 1 if k > 2 else 0) + k // 6
        for x in range(max(0, left), min(16, right)):
            frame[top + k, x] = (*COLOUR[_stone(k, x, x < ridge, rough)], 255)


def _stone(k: int, x: int, is_lit: bool, rough: NDArray[np.int64]) -> str:
    if k < 4 + int(rough[x]) % 4:
        return "Z" if is_lit else "X"
    if is_lit:
        return "7" if (x + k) % 7 == 0 and k < 12 else "4" if (2 * x + k) % 9 == 0 else "5"
    return "4" if (2 * x - k) % 9 == 0 else "3"


def mound(kind: int) -> RGBA:
    """A grassy knoll."""
    frame = blank()
    for y, x, radius in (((12, 8, 6),), ((11, 5, 4), (13, 10, 5)))[kind]:
        ball(frame, y, x, radius, "mnop", f"mound {kind} {x}", squash=3)
    frame[13:] = 0
    return grounded(outlined(frame, "m"), 13, 50)


def plateau_frames(texture: RGBA) -> list[tuple[str, RGBA]]:
    """47 frames of raised land: a light rim, and a slope of earth on its southern side."""
    return [(f"hills {open_names(bits)}", _plateau(bits, texture)) for bits in BLOB]


def _plateau(bits: int, texture: RGBA) -> RGBA:
    frame = texture.copy()
    north, east, south, west = (not bits >> k & 1 for k in (0, 2, 4, 6))
    slope = south & (Y > 9) if south else np.zeros((16, 16), dtype=np.bool_)
    folds = (X * 5 + X // 3) % 7
    for mask, char in (
        (north & (Y < 2), "p"), (west & (X < 2), "p"), (east & (X > 13), "n"),
        (slope, "h"), (slope & (folds < 2), "g"), (slope & (folds == 4), "i"), (slope & (Y == 10), "n"),
        (slope & (Y == 9 + 2) & (folds > 2), "n"), (slope & (Y > 13), "f"),
        (north & (Y == 0), "m"), (west & (X == 0), "m"), (east & (X == 15), "m"), (slope & (Y == 15), "e"),
    ):  # fmt: skip
        frame[mask] = (*COLOUR[char], 255)
    _corners(frame, bits, (north, east, south, west))
    return frame


def _corners(frame: RGBA, bits: int, sides: tuple[bool, bool, bool, bool]) -> None:
    """Rounds the outer corners of a plateau and draws its rim around inner ones."""
    north, east, south, west = sides
    for one, two, dy, dx in (
        (north, west, Y, X),
        (north, east, Y, 15 - X),
        (south, west, 15 - Y, X),
        (south, east, 15 - Y, 15 - X),
    ):
        if one and two:
            frame[(dy + dx == 2) | (dy + dx == 3)] = (*COLOUR["m"], 255)
            frame[dy + dx < 2] = 0
    for bit, one, two, dx in ((3, south, east, 15 - X), (5, south, west, X)):
        if not bits >> bit & 1 and not one and not two:
            frame[(dx < 2) & (Y > 9)] = (*COLOUR["n"], 255)
            frame[(dx == 0) & (Y > 9)] = (*COLOUR["m"], 255)
    for bit, one, two, dx in ((1, north, east, 15 - X), (7, north, west, X)):
        if not bits >> bit & 1 and not one and not two:
            frame[(dx < 2) & (Y < 2)] = (*COLOUR["m"], 255)


def under(name: str, base: str, mark: str, rim: str) -> list[tuple[str, RGBA]]:
    """46 + 1 frames of the dark ground beneath a wood or between peaks."""
    texture = np.where((noise(f"under {name}") < 30)[..., None], plain(mark), plain(base))
    frames = []
    for bits in BLOB:
        frame = texture.copy()
        frame[spill(bits, 3, name)] = 0
        edge = (frame[..., 3] > 0) & spill(bits, 4, name)
        frame[edge] = (*COLOUR[rim], 255)
        frames.append((f"{name} {open_names(bits)}", frame))
    return frames


def bush(berries: bool) -> RGBA:
    """A low bush."""
    frame = blank()
    for y, x, radius in ((10, 5, 4), (10, 11, 4), (9, 8, 5)):
        ball(frame, y, x, radius, "lmnop", f"bush {x}")
    if berries:
        for y, x in ((8, 5), (11, 9), (7, 10), (11, 4)):
            frame[y, x] = (*COLOUR["R"], 255)
            frame[y, x + 1] = (*COLOUR["P"], 255)
    return grounded(outlined(frame), 14)


ROCK = """
....6677....
..66777765..
.6677776655.
.6677666555.
667766665554
665666555554
665555555444
.4445554444.
..33444433..
"""


def rock() -> RGBA:
    """A boulder."""
    return grounded(outlined(art(ROCK, 5, 2)), 14, 90)


FLOWERS = (
    """
.P.........
PEP...Z....
.P...ZEZ...
.n....Z....
......n.P..
..V....PEP.
.VEV....P..
..V.....n..
..n........
""",
    """
......E....
.Z...ECE...
ZEZ...E....
.Z....n....
.n.........
....Z...E..
...ZEZ.ECE.
....Z...E..
....n...n..
""",
)


def flowers(kind: int) -> RGBA:
    """A few flowers."""
    return art(FLOWERS[kind], 3, 2)


HOUSE = """
...RRRRRRRRR...
..RPPPPPPPPRA..
.RPRRRRRRRRRRA.
RPRRRRRRRRRRRRA
AAAAAAAAAAAAAAA
.jjjjjjjjjjjji.
.jxxjjggjjxxji.
.jxwjgffgjxwji.
.jjjjgffgjjjji.
.jjjjgfEgjjjji.
.iiiigffgiiiih.
"""

TOWER = """
......ccc......
.....cddcb.....
....cdddccb....
...ccccccccb...
...67766655....
...67116655....
...67116655....
...67766655....
"""


def village() -> RGBA:
    """Houses around a tower, two frames tall."""
    frame = tall()
    tower = art(TOWER, 10, 2, 32)
    house = art(HOUSE, 17, 0, 32)
    frame = np.where(house[..., 3:] > 0, house, np.where(tower[..., 3:] > 0, tower, frame))
    return grounded(outlined(frame), 29)


def castle() -> RGBA:
    """A castle with flags, two frames tall."""
    left = art(CASTLE, 9, 1, 32)
    return grounded(outlined(left), 29)


CASTLE = """
..RR......RR..
..RRR.....RRR.
..4.......4...
6.6.6...6.6.6.
67665...67665.
67665...67665.
67165...67165.
676656.6676656
67665766676655
67665766676655
67665766676655
67666666666655
67666ffff66655
6766fggggf6655
6766fgfggf6655
6766fgfggf6655
6555fgfggf5544
"""
