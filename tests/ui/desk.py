"""A level that is open on the page, as a person with a pointer has it before them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Grid = NDArray[np.uint8]


def grid(page: Any) -> Grid:
    """The tiles once every step has been answered."""
    page.wait_for_function("() => genworld.surface.session?.state && !genworld.surface.session.waiting.size")
    state = page.evaluate(
        "() => { const { rows, columns, grid } = genworld.surface.session.state;"
        " return { shape: [rows, columns], tiles: Array.from(grid) }; }"
    )
    return np.array(state["tiles"], dtype=np.uint8).reshape(state["shape"])


def centre(page: Any, cell: tuple[int, int]) -> tuple[float, float]:
    """Where a cell is, in pixels of the window."""
    x, y = page.evaluate("(cell) => genworld.surface.canvas.centre(cell)", list(cell))
    return x, y


def drag(page: Any, start: tuple[int, int], end: tuple[int, int]) -> None:
    """The pointer, pressed, from one cell to another."""
    page.mouse.move(*centre(page, start))
    page.mouse.down()
    page.mouse.move(*centre(page, end), steps=4)
    page.mouse.up()
