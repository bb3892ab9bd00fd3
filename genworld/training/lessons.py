"""What of a data set a model learns from: windows of levels, and what is held out to measure it with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from genworld import limits, sampling
from genworld.content import Example, Level, LevelSpec
from genworld.datasets import Dataset
from genworld.errors import GenworldError
from genworld.models import family
from genworld.training.holding import hold_out

WINDOW = 16
"""Side in tiles of the windows that levels of differing sizes are cut into."""
WINDOW_SIDES = (8, 64)
OVERLAP = 4
"""Windows that overlap start a quarter of their side apart."""
PLAIN = 0.9
"""A window of which one tile fills this share, or more, teaches nothing but emptiness and is left out."""


def lessons(data: Dataset, family_name: str, window: int | None = None, least_open: float = 0.0) -> Dataset:
    """The examples as a family learns them.

    Args:
        data: sprites, or levels of any sizes.
        family_name: a family that makes any size learns whole levels; others learn levels of one size.
        window: side in tiles of the windows that levels are cut into; None cuts only where the family must have one
            size and the levels differ, and then into windows of `WINDOW`.
        least_open: share of cells that are neither solid nor void in a window worth learning.

    Raises:
        GenworldError: a number out of range, or windows of sprites, or larger than every level.
    """
    least_open = limits.real("The share of open cells", least_open, 0, 0.9)
    if window is None:
        whole = family(family_name).resizable or not isinstance(data.spec, LevelSpec) or data.spec.height is not None
        return data if whole else cut(data, family_name, WINDOW, least_open)
    return cut(data, family_name, limits.whole("The window", window, *WINDOW_SIDES, "tiles"), least_open)


def cut(data: Dataset, family_name: str, window: int, least_open: float = 0.0) -> Dataset:
    """Windows of `window` x `window` tiles, without those that are nearly all one tile or not open enough.

    They overlap for families that see a window as a whole; one that makes any size counts each cell once.
    """
    stride = window if family(family_name).resizable else max(1, window // OVERLAP)
    windows = data.windows(window, window, stride, least_open)
    worth = [index for index, example in enumerate(windows.examples) if not _plain(example)]
    return windows.take(worth) if worth else windows


def typical_size(examples: Sequence[Example]) -> tuple[int, int]:
    """The median height and the median width of examples."""
    heights = sorted(example.height for example in examples)
    widths = sorted(example.width for example in examples)
    return heights[len(heights) // 2], widths[len(widths) // 2]


def _plain(example: Example) -> bool:
    if not isinstance(example, Level):
        return False
    counts = torch.bincount(torch.from_numpy(example.tiles.reshape(-1).astype("int64")))
    return int(counts.max()) >= PLAIN * example.tiles.size


@dataclass(frozen=True)
class Cuts:
    """What of the data a model sees.

    Args:
        window, least_open: see `lessons`.
        hold_out: share of the data, by file, family or area of the maps, that is kept from the model to measure it with.
    """

    window: int | None = None
    least_open: float = 0.0
    hold_out: float = 0.0

    def divide(self, data: Dataset, family_name: str) -> tuple[Dataset, Dataset | None]:
        """What a family learns from, and what is held out, if anything.

        Raises:
            GenworldError: a share out of range, too few groups to hold any out, or windows that do not fit.
        """
        share = limits.real("The share held out", self.hold_out, 0, 0.5)
        kept, unseen = hold_out(data, share, self.window or WINDOW) if share else (data, None)
        held_out = None if unseen is None else lessons(unseen, family_name, self.window, self.least_open)
        return lessons(kept, family_name, self.window, self.least_open), held_out


WHOLE = Cuts()
"""All of the data, levels of many sizes in windows of `WINDOW` where a family needs one size."""


def require_windows(data: Dataset) -> None:
    """Refuse levels of which none is as large as the smallest sample."""
    side = sampling.SMALLEST_SIDE
    if data.levels and not any(min(level.tiles.shape) >= side for level in data.levels):
        largest = max(data.levels, key=lambda level: level.tiles.size)
        raise GenworldError(
            f"Levels of at least {side} x {side} tiles are learned from, but the largest of {data.name!r} is "
            f"{largest.width} x {largest.height}; bring a larger one."
        )
