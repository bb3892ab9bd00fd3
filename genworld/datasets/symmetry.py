"""Which flips and turns of the examples mean the same, so that a model may learn from them too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from genworld.content import LevelSpec, Style, TileGrid
from genworld.datasets.dataset import Dataset

TOLERANCE = 0.1
"""Share of the pairs of different neighbours that may be found one way round only, beyond chance."""
SIDES = frozenset({"left", "right", "east", "west", "links", "rechts"})
"""Words of classes that a mirror would make untrue."""

Counts = NDArray[np.int64]
"""(T, T) how often tile a comes before tile b along a line."""


@dataclass(frozen=True)
class Symmetry:
    """What is allowed.

    Args:
        flips: ``"none"``, ``"mirror"`` (left to right) or ``"turns"`` (quarter turns and mirrors): a setting ``flips``.
        why: the reason, a sentence.
    """

    flips: Literal["none", "mirror", "turns"]
    why: str


def allowed(data: Dataset) -> Symmetry:
    """The flips and turns that the data allow.

    Sprites are mirrored and never turned, levels as measured: where a tile stands left of another far more often than
    right of it, as the corner pieces of a drawn tileset do, a mirrored level would have its pieces the wrong way round.
    """
    if not isinstance(data.spec, LevelSpec):
        return _of_sprites(data.spec.classes)
    across = _pairs(level.tiles for level in data.levels)
    down = _pairs(level.tiles.T for level in data.levels)
    lopsided = _lopsided(across, across.T)
    if lopsided > TOLERANCE:
        return Symmetry(
            "none", f"{_percent(lopsided)} of neighbouring tiles keep to one side, so a mirror would break it."
        )
    if data.spec.legend.style is Style.PLATFORMER:
        return Symmetry("mirror", "Left and right mean the same here, and things fall down, so nothing is turned.")
    turned = max(_lopsided(down, down.T), _lopsided(across, down))
    if turned > TOLERANCE:
        return Symmetry(
            "mirror", f"Left and right mean the same here, but {_percent(turned)} of neighbours differ when turned."
        )
    return Symmetry("turns", "Seen from above, and neighbouring tiles are the same in all directions.")


def fitting(data: Dataset) -> str:
    """The `allowed` flips that examples of one size can take: only square ones are turned."""
    flips = allowed(data).flips
    return "mirror" if flips == "turns" and data.spec.height != data.spec.width else flips


def _of_sprites(classes: Sequence[str]) -> Symmetry:
    sided = [name for name in classes if SIDES & set(re.findall(r"[a-z]+", name.lower()))]
    if sided:
        return Symmetry("none", f"A mirrored sprite of {sided[0]!r} would face the other way.")
    return Symmetry("mirror", "A mirrored sprite is still one; a turned one lies on its side.")


def _pairs(grids: Iterable[TileGrid]) -> Counts:
    counts = np.zeros((256, 256), np.int64)
    for grid in grids:
        pairs = grid[:, :-1].astype(np.int64) * 256 + grid[:, 1:]
        counts += np.bincount(pairs.ravel(), minlength=256 * 256).reshape(256, 256)
    np.fill_diagonal(counts, 0)
    return counts


def _lopsided(counts: Counts, others: Counts) -> float:
    """Share by which two counts of the same pairs differ beyond chance, 0 to 1; of pairs of different tiles."""
    both = counts + others
    if not both.any():
        return 0.0
    # Two counts of one chance differ by about this much: the mean of |binomial - half|, twice.
    by_chance = np.sqrt(2 * both / np.pi)
    beyond = np.maximum(np.abs(counts - others) - by_chance, 0)
    return float(beyond.sum() / both.sum())


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"
