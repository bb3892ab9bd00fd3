"""A way drawn over a level."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from genworld.content import Level, Picture
from genworld.render.picture import picture

INK, RIM = (255, 214, 64, 255), (24, 24, 28, 255)


def with_path(level: Level, path: Sequence[tuple[int, int]]) -> Picture:
    """The picture of a level with a line from cell to cell, a square at its start and a disc at its goal.

    Args:
        level: any.
        path: (row, column) of each cell in order; empty draws none.
    """
    drawn = picture(level)
    if not path:
        return drawn
    height, width = drawn.shape[0] // level.height, drawn.shape[1] // level.width
    centres = [(column * width + width // 2, row * height + height // 2) for row, column in path]
    image = Image.fromarray(drawn.copy())
    pen, thick = ImageDraw.Draw(image), max(1, min(height, width) // 6)
    for ink, wide in ((RIM, thick + 2), (INK, thick)):
        pen.line(centres, fill=ink, width=wide, joint="curve")
        reach = wide + 1
        (x, y), (u, v) = centres[0], centres[-1]
        pen.rectangle((x - reach, y - reach, x + reach, y + reach), fill=ink)
        pen.ellipse((u - reach, v - reach, u + reach, v + reach), fill=ink)
    return np.asarray(image)
