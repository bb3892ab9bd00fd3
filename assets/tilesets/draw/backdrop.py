"""The far view behind a platformer level: sky, clouds, mountains, hills; and the rock behind caves."""

from __future__ import annotations

import numpy as np

from .palette import COLOUR, RGBA
from .pen import SIZE, noise, plain, put

COLUMNS, ROWS = 16, 18
WIDTH, HEIGHT = COLUMNS * SIZE, ROWS * SIZE

BANDS = ((0, "x"), (180, "y"))
"""First row of each colour of the sky."""

CLOUDS = (
    (142, 34, 26), (166, 150, 38), (138, 218, 20), (194, 88, 30), (204, 204, 26), (62, 60, 24), (92, 190, 34), (48, 240, 16), (104, 112, 18),
)  # fmt: skip
"""Row and column of the middle of each cloud, and half its width."""


def _triangle(places: np.ndarray, period: int, height: int, shift: int) -> np.ndarray:
    """A zigzag from 0 to `height` of a period that divides the width."""
    along = (places + shift) % period
    return np.minimum(along, period - along) * 2 * height // period


def _paint_sky(view: RGBA) -> None:
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    view[:] = (*COLOUR["x"], 255)
    for start, char in BANDS[1:]:
        view[y >= start] = (*COLOUR[char], 255)
        for k, every in enumerate((2, 2, 2, 2, 4, 4, 4, 8, 8, 8, 16, 16)):
            dither = (y == start - 1 - 2 * k) & ((x + k * 5) % every == 0)
            view[dither] = (*COLOUR[char], 255)


def _paint_cloud(view: RGBA, row: int, column: int, half: int, name: str) -> None:
    puffs = noise(name, 1, 8)[0]
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    cloud = np.zeros((HEIGHT, WIDTH), dtype=np.bool_)
    for k in range(-2, 3):
        radius = half * (4 - abs(k)) // 7 + int(puffs[k + 2]) % 4 + 1
        away = (x - column - k * half * 2 // 5 + WIDTH // 2) % WIDTH - WIDTH // 2
        cloud |= (away * away + (y - row) ** 2 * 3 // 2 < radius * radius) & (y <= row)
    lower = np.zeros_like(cloud)
    lower[:-3] = cloud[3:]
    view[cloud] = (*COLOUR["Y"], 255)
    view[cloud & lower] = (*COLOUR["Z"], 255)


def _paint_ridge(view: RGBA, top: np.ndarray, body: str, rim: str, shade: str) -> None:
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    view[y >= top[x]] = (*COLOUR[body], 255)
    view[(y >= top[x]) & (y < top[x] + 2)] = (*COLOUR[rim], 255)
    slope = np.roll(top, -3) > top
    view[(y >= top[x] + 2) & slope[x] & ((x + y) % 2 == 0) & (y < top[x] + 14)] = (*COLOUR[shade], 255)


def view() -> RGBA:
    """The whole view, 256 x 192 pixels; it joins itself to the east."""
    picture = np.zeros((HEIGHT, WIDTH, 4), dtype=np.uint8)
    _paint_sky(picture)
    for k, (row, column, half) in enumerate(CLOUDS):
        _paint_cloud(picture, row, column, half, f"cloud {k}")
    x = np.arange(WIDTH)
    far = 246 - _triangle(x, 128, 40, 20) - _triangle(x, 64, 16, 50) + _triangle(x, 16, 3, 5)
    near = 272 - _round(x, 128, 18, 0) - _round(x, 64, 6, 20)
    _paint_ridge(picture, far, "X", "Z", "d")
    _paint_ridge(picture, near, "d", "X", "c")
    picture[-SIZE:] = (*COLOUR["d"], 255)
    return picture


def _round(places: np.ndarray, period: int, height: int, shift: int) -> np.ndarray:
    """Rounded hills: parabolas from 0 to `height`."""
    along = (places + shift) % period
    return 4 * height * along * (period - along) // (period * period)


def frames() -> list[tuple[str, RGBA]]:
    """The view cut into frames, row by row."""
    picture = view()
    return [
        (
            f"backdrop {row + 1}, {column + 1}",
            picture[row * SIZE : (row + 1) * SIZE, column * SIZE : (column + 1) * SIZE],
        )
        for row in range(ROWS)
        for column in range(COLUMNS)
    ]


BOULDERS = (
    ".bbb....\nb22222..\nb222222.\n.222222.\n..2222..",
    ".bb...\nb2222.\nb22222\n.2222.",
    "..bb..\n.b222.\n.2222.\n..22..",
)


def cave(kind: int) -> RGBA:
    """Dark rock behind a cave, boulders in it."""
    frame = plain("a")
    places = noise(f"cave back {kind}", 1, 4)[0]
    frame = put(frame, BOULDERS[kind % 3], int(places[0]) % 16, int(places[1]) % 16)
    return put(
        frame, BOULDERS[(kind + 1) % 3], (int(places[0]) + 8) % 16, (int(places[1]) + 6 + int(places[2]) % 5) % 16
    )
